import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Host, InterceptResult } from "@synaps/host";
import { Agent } from "./agent.js";
import { Bus } from "./bus.js";
import { Points } from "./points.js";
import { Session } from "./sessions.js";
import { State } from "./state.js";
import { Tools } from "./tools.js";
import { Watch, type Limits } from "./watch.js";
import { runWorkflow, type Stage } from "./workflow.js";

export interface Configuration extends Limits {
  model: string;
}

/** Time for what runs to end when the program stops. */
const DRAIN_MS = 5_000;
const SYSTEM = { type: "system", name: "agent-example" } as const;

/** The agent program: an agent with tools, sessions, a state, workflows and events of its own, and extensions around each. */
export class Program {
  readonly points: Points;
  readonly bus: Bus;
  readonly tools: Tools;
  readonly #folder: string;
  readonly #provider: string;
  readonly #watch: Watch;
  readonly #stop = new AbortController();
  readonly #running = new Set<Promise<unknown>>();
  readonly #sessions = new Map<string, Session>();
  #stopping: Promise<void> | undefined;
  #configuration: Configuration | undefined;
  #agent: Agent | undefined;
  #state: State | undefined;

  /** `folder` has `agent.json`, the configuration; everything that the program writes goes there. */
  constructor(host: Host, folder: string, provider: string) {
    this.points = new Points(host);
    this.bus = new Bus(this.points);
    this.#folder = folder;
    this.#provider = provider;
    this.#watch = new Watch(this.points, () => this.configuration);
    this.tools = new Tools(this.points, this.#watch, this.work);
  }

  /** What tools and workflows work on. */
  get work(): string {
    return join(this.#folder, "work");
  }

  get configuration(): Configuration {
    if (this.#configuration === undefined) throw new Error("the program has not started");
    return this.#configuration;
  }

  get state(): State {
    if (this.#state === undefined) throw new Error("the program has not started");
    return this.#state;
  }

  async start(): Promise<string[]> {
    this.#configuration = await this.#readConfiguration();
    await mkdir(this.work, { recursive: true });
    await this.points.tell("agent.system_startup", { component: SYSTEM });
    this.#state = await State.open(this.points, join(this.#folder, "state.json"));
    const { points, tools } = this;
    const [watch, signal, provider] = [this.#watch, this.#stop.signal, this.#provider];
    const model = (): string => this.configuration.model;
    this.#agent = await Agent.create({ name: "writer", provider, model, points, tools, watch, signal });
    return this.tools.discover();
  }

  /** Reads the configuration again. Rejects, and keeps the one before, when it cannot be read. */
  async reload(): Promise<void> {
    const [before, now] = [this.configuration, await this.#readConfiguration()];
    const changed = (Object.keys(now) as (keyof Configuration)[]).filter((key) => now[key] !== before[key]);
    if (changed.length === 0) return;
    this.#configuration = now;
    const reason = changed.map((key) => `${key}: ${before[key]} -> ${now[key]}`).join(", ");
    await this.points.tell("agent.configuration_change", { component: SYSTEM, reason });
  }

  async session(id: string): Promise<Session> {
    const session = await Session.start(this.points, this.#folder, id);
    this.#sessions.set(id, session);
    return session;
  }

  async restore(id: string): Promise<Session> {
    const session = await Session.restore(this.points, this.#folder, id);
    this.#sessions.set(id, session);
    return session;
  }

  async end(session: Session, reason = "the user left"): Promise<void> {
    this.#sessions.delete(session.id);
    await session.end(reason);
  }

  ask(session: Session, question: string): Promise<InterceptResult> {
    if (this.#agent === undefined) throw new Error("the program has not started");
    return this.#busy(this.#agent.ask(session, question));
  }

  run(
    name: string,
    stages: readonly Stage[],
    input: string,
    signal: AbortSignal = this.#stop.signal,
  ): Promise<InterceptResult> {
    const kept = join(this.#folder, `kept-${name}`);
    return this.#busy(runWorkflow(this.points, { name, stages, folder: this.work, kept, signal }, input));
  }

  /** Ends what runs, then agents and sessions, then itself: each is told, and what takes too long is not waited for. Once. */
  stop(): Promise<void> {
    return (this.#stopping ??= this.#end());
  }

  async #end(): Promise<void> {
    this.#stop.abort(new Error("the program stops"));
    const drained = Promise.allSettled(this.#running);
    await Promise.race([drained, pause(DRAIN_MS, undefined, { ref: false })]);
    // An extension that does not let the agent end has said so; the program ends all the same.
    await this.#agent?.shutdown("the program stops").catch(() => undefined);
    for (const session of this.#sessions.values()) await this.end(session, "the program stops");
    await this.points.tell("agent.system_shutdown", { component: SYSTEM });
  }

  #busy<T>(work: Promise<T>): Promise<T> {
    this.#running.add(work);
    const done = (): void => void this.#running.delete(work);
    work.then(done, done);
    return work;
  }

  async #readConfiguration(): Promise<Configuration> {
    return JSON.parse(await readFile(join(this.#folder, "agent.json"), "utf8")) as Configuration;
  }
}
