import type { ToolDeclaration } from "@synaps/sdk/protocol";
import { messageOf } from "../errors.js";
import type { DeliveryRequest, DeliveryResult, Target } from "../event/delivery.js";
import type { LoadedExtension } from "../manifest/loaded.js";
import { exitDiagnosis } from "../process/diagnose.js";
import { NULL_PARAMS } from "../rpc/raw-params.js";
import { delay } from "../clock.js";
import { deliver } from "./deliver.js";
import { Generation, type GenerationServices } from "./generation.js";
import type { Handshake } from "./handshake.js";
import { Lanes } from "./lanes.js";
import { afterCrash, afterFailedRestart, NO_HISTORY, type RestartDecision } from "./restart-policy.js";
import { isLive, StateMachine, type ExtensionState } from "./states.js";
import { Waiters } from "./waiters.js";

export interface ExtensionServices extends Omit<GenerationServices, "onLateReply"> {
  random: () => number;
  /** Told after each move. */
  onState(extension: Extension, from: ExtensionState, to: ExtensionState): void;
}

/** What anybody may know of an extension; no configuration and no payload. */
export interface ExtensionSnapshot {
  id: string;
  version: string | null;
  protocol: number;
  state: ExtensionState;
  pid: number | undefined;
  restartCount: number;
  /** Answers that came after their deadline. */
  lateReplies: number;
  tools: readonly ToolDeclaration[];
  /** Why it is not live, or why it was restarted last. */
  reason: string | undefined;
}

const IN_FLIGHT_PER_LANE = 8;
const INFO_DEADLINE_MS = 5_000;

/** One supervised extension: starts it, hands it events, starts it again when it fell, and ends it. */
export class Extension implements Target {
  readonly loaded: LoadedExtension;
  readonly lanes: Lanes;
  readonly changes = new Waiters();
  readonly services: ExtensionServices;
  readonly #states: StateMachine;
  readonly #stopping = new AbortController();
  #generation: Generation | undefined;
  #handshake: Handshake | undefined;
  #history = NO_HISTORY;
  #restartCount = 0;
  #lateReplies = 0;
  #reason: string | undefined;
  #info: unknown;
  #stopped: Promise<void> | undefined;
  /** Starting, then supervising: what a stop has to wait for. */
  #work: Promise<unknown> = Promise.resolve();

  constructor(loaded: LoadedExtension, services: ExtensionServices) {
    this.loaded = loaded;
    this.services = services;
    const { limits, clock } = services;
    const own = loaded.section.max_concurrency;
    this.lanes = new Lanes({
      limit: own ?? (loaded.protocol >= 3 ? IN_FLIGHT_PER_LANE : 1),
      shared: loaded.protocol < 3,
      queue: { gate: limits.gateQueue, call: limits.gateQueue, observe: limits.observeQueue },
      clock,
    });
    this.#states = new StateMachine((from, to) => {
      services.onState(this, from, to);
      this.changes.wake();
    });
  }

  get id(): string {
    return this.loaded.id;
  }

  get state(): ExtensionState {
    return this.#states.state;
  }

  get health(): ExtensionState {
    return this.#states.state;
  }

  get restartCount(): number {
    return this.#restartCount;
  }

  get live(): boolean {
    return isLive(this.state);
  }

  get stopRequested(): boolean {
    return this.#stopping.signal.aborted;
  }

  /** The process that is live now. */
  get generation(): Generation | undefined {
    return this.live ? this.#generation : undefined;
  }

  get sendsMeta(): boolean {
    return this.#handshake?.features.has("meta") ?? false;
  }

  /** What `info.get` answered, when the extension declares anything and knows the method. */
  get info(): unknown {
    return this.#info;
  }

  snapshot(): ExtensionSnapshot {
    return {
      id: this.id,
      version: this.loaded.version,
      protocol: this.loaded.protocol,
      state: this.state,
      pid: this.generation?.child.pid,
      restartCount: this.#restartCount,
      lateReplies: this.#lateReplies,
      tools: this.#handshake?.declarations.tools ?? [],
      reason: this.#reason,
    };
  }

  /** Starts it. Resolves when it is live; rejects with a HostError when it failed for good. */
  start(): Promise<void> {
    const started = this.#start();
    this.#work = started.catch(() => {});
    return started;
  }

  async #start(): Promise<void> {
    this.#states.move("starting");
    try {
      await this.#launch(true);
    } catch (error) {
      this.#reason = messageOf(error);
      if (this.state === "starting") this.#states.move("failed");
      throw error;
    }
    this.#live("running");
    this.#probeInfo();
  }

  deliver(request: DeliveryRequest): Promise<DeliveryResult> {
    return deliver(this, request);
  }

  /** Drains, then ends the process. The same promise for every caller. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  /** Kills the group at once, for when there is no time left to wait. */
  kill(): void {
    this.#stopping.abort();
    this.#generation?.close();
  }

  async #launch(first: boolean): Promise<void> {
    const generation = new Generation(this.loaded, {
      ...this.services,
      onLateReply: () => {
        this.#lateReplies += 1;
      },
    });
    this.#generation = generation;
    const onStop = (): void => generation.close();
    this.#stopping.signal.addEventListener("abort", onStop, { once: true });
    try {
      this.#handshake = await generation.shakeHands(first);
    } finally {
      this.#stopping.signal.removeEventListener("abort", onStop);
    }
    if (this.stopRequested) await generation.stop();
  }

  #live(state: "running" | "degraded"): void {
    if (this.stopRequested) return;
    this.#states.move(state);
    const generation = this.#generation;
    if (generation) this.#work = this.#supervise(generation);
  }

  /** Waits for the end of a live process and decides what comes next. */
  async #supervise(generation: Generation): Promise<void> {
    const { clock, limits, random, logger } = this.services;
    const since = clock.now();
    await generation.gone;
    if (this.stopRequested) return generation.close();
    const doing = this.lanes.inFlight > 0 ? `${this.lanes.inFlight} request(s) were with it` : "idle";
    this.#reason = exitDiagnosis(generation.child, doing);
    const { history, decision } = afterCrash(this.#history, clock.now(), clock.now() - since, random(), limits);
    this.#history = history;
    logger.warn("extension crashed", { extension: this.id, reason: this.#reason, next: decision.type });
    this.#states.move(decision.type === "quarantine" ? "quarantined" : "restarting");
    // Only now: whoever waits for an answer finds the new state.
    generation.close();
    await this.#restart(decision);
  }

  async #restart(first: RestartDecision): Promise<void> {
    const { clock, limits, random, logger } = this.services;
    let decision = first;
    while (decision.type === "restart") {
      await delay(clock, decision.delayMs, this.#stopping.signal);
      if (this.stopRequested) return;
      this.#restartCount += 1;
      try {
        await this.#launch(false);
        return this.#live("degraded");
      } catch (error) {
        if (this.stopRequested) return;
        this.#reason = messageOf(error);
        logger.warn("extension could not be restarted", { extension: this.id, reason: this.#reason });
        ({ history: this.#history, decision } = afterFailedRestart(this.#history, random(), limits));
      }
    }
    if (decision.type === "fail") this.#states.move("failed");
  }

  async #stop(): Promise<void> {
    const { limits } = this.services;
    const generation = this.generation;
    // From here on nothing new is accepted; see deliver.
    this.#stopping.abort();
    if (generation) {
      await this.lanes.whenIdle(limits.drainMs);
      this.lanes.close();
      await generation.stop();
    }
    this.lanes.close();
    await this.#work;
    if (this.state !== "stopped") this.#states.move("stopped");
  }

  /** The reference asks extensions that declare something about themselves once. Whatever comes back is fine. */
  #probeInfo(): void {
    const { tools, providers, capabilities } = this.#handshake?.declarations ?? {};
    if (!tools?.length && !providers?.length && !capabilities?.length) return;
    const generation = this.#generation;
    if (!generation || !this.lanes.tryAcquire("call")) return;
    void generation.connection.request("info.get", NULL_PARAMS, INFO_DEADLINE_MS).then((reply) => {
      this.lanes.release("call");
      if (reply.type === "result") this.#info = reply.result;
    });
  }
}

