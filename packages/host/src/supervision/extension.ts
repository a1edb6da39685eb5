import type { ProtocolFeature } from "@synaps/sdk/protocol";
import type { HostError } from "../errors.js";
import type { DiagnosticNote } from "../loading/manifest/diagnostic.js";
import { hasProcess, type LoadedExtension } from "../loading/manifest/loaded.js";
import { Waiters } from "../time/waiters.js";
import { declaredBefore } from "./declared.js";
import type { Declarations } from "./declarations.js";
import type { Activity } from "../time/activity.js";
import type { QuarantineRecord } from "../loading/records/quarantine-store.js";
import type { Generation, GenerationServices } from "./generation.js";
import { Heartbeat } from "./heartbeat.js";
import { LogRing } from "./log-ring.js";
import { isComing, isLive, type ExtensionState } from "./states.js";
import { Supervisor } from "./supervisor.js";
import type { ExtensionSnapshot } from "./snapshot.js";
import type { CallRequest, CallResult, Work } from "./work.js";

/** Time for `info.get`. Nothing depends on the answer. */
const INFO_MS = 5_000;

/** Time in which a process has to read on once nobody waits for it. */
const UNREAD_MS = 500;

/** Takes what an extension asks and tells by itself. */
export interface InboundRouter {
  /** Returns the result, or throws a RequestFailure. */
  request(from: Extension, method: string, params: unknown): unknown;
  notify(from: Extension, method: string, params: unknown, inexact: readonly string[]): void;
}

/** Parts of the host that an extension needs. */
export interface ExtensionServices extends GenerationServices {
  /** Answers the extension's requests and takes its notifications. */
  inbound: InboundRouter;
  /** Keeps the program alive while work is pending. */
  activity: Activity;
  random: () => number;
  quarantine: QuarantineRecord | undefined;
  noteQuarantine(record: QuarantineRecord | undefined): void;
  /** Makes what takes requests to the extension. */
  attach(extension: Extension): Work;
  /** Notes a mistake of the extension in the log and in its status, the first time. */
  warn(extension: Extension, note: DiagnosticNote): void;
  /** Starts one that waited for its first use, and deals with its failing. */
  startLate(extension: Extension): void;
  /** Told after each move. */
  onState(extension: Extension, from: ExtensionState, to: ExtensionState): void;
}

/** One extension under supervision: its processes, its state, its log. Its requests are the `work`'s. */
export class Extension {
  readonly loaded: LoadedExtension;
  readonly services: ExtensionServices;
  readonly work: Work;
  /** Lines that the extension wrote to standard error, over all its processes. */
  readonly logs: LogRing;
  /** Wakes everybody who waits for another state. */
  readonly changes = new Waiters();
  /** The extension that took this one's place. */
  successor: Extension | undefined;
  readonly #supervisor: Supervisor;
  readonly #declared: Declarations | undefined;
  #heartbeat: Heartbeat | undefined;
  /** The pipe of the live process. A field like the next ones, because every event reads it. */
  channel: Generation["connection"] | undefined;
  takesBatches = false;
  sendsMeta = false;
  #lateReplies = 0;
  #info: unknown;
  #stopped: Promise<void> | undefined;
  #needed = false;

  constructor(loaded: LoadedExtension, services: ExtensionServices) {
    this.loaded = loaded;
    this.services = services;
    this.logs = new LogRing(services.logger);
    const { clock } = services;
    this.#declared = declaredBefore(loaded);
    this.#supervisor = new Supervisor(
      loaded,
      {
        ...services,
        onRequest: (method, params) => services.inbound.request(this, method, params),
        onNotification: (method, params, inexact) => services.inbound.notify(this, method, params, inexact),
        onAnswered: () => this.work.changed(),
        onLateReply: () => {
          this.#lateReplies += 1;
        },
        onMistake: (note) => services.warn(this, note),
        onStderrLine: (line) => this.logs.add({ at: clock.wallMs(), line }),
      },
      {
        onMove: (from, to) => {
          this.channel = this.#supervisor.generation?.connection;
          this.takesBatches = this.supports("batch");
          this.sendsMeta = this.supports("meta");
          services.onState(this, from, to);
          this.changes.wake();
          this.work.changed();
        },
        onLive: (generation) => this.#onLive(generation),
        onExited: (byItself) => {
          this.#heartbeat?.stop();
          this.#heartbeat = undefined;
          this.work.exited(byItself);
        },
        doing: () => this.work.doing() ?? "idle",
      },
    );
    this.work = services.attach(this);
  }

  get id(): string {
    return this.loaded.id;
  }

  /** Time of the last bytes from the live process, on the host's clock. */
  get heardMs(): number {
    return this.channel?.heardMs ?? 0;
  }

  get state(): ExtensionState {
    return this.#supervisor.state;
  }

  get restartCount(): number {
    return this.#supervisor.restartCount;
  }

  get reason(): string | undefined {
    return this.#supervisor.reason;
  }

  get failure(): HostError | undefined {
    return this.#supervisor.failure;
  }

  get stopRequested(): boolean {
    return this.#supervisor.stopRequested;
  }

  /** The process that is live now. */
  get generation(): Generation | undefined {
    return this.#supervisor.generation;
  }

  /** Tells if requests can be handed to the extension now, soon, or not at all. */
  get availability(): "live" | "starting" | "restarting" | "failed" | "quarantined" | "stopped" {
    const { state, stopRequested } = this.#supervisor;
    if (stopRequested || !hasProcess(this.loaded)) return "stopped";
    if (isLive(state)) return "live";
    return state === "loaded"
      ? "starting"
      : (state as Exclude<ExtensionState, "loaded" | "running" | "degraded">);
  }

  /** True if both sides know the feature of protocol 3. */
  supports(feature: ProtocolFeature): boolean {
    return this.#supervisor.handshake?.features.has(feature) ?? false;
  }

  get pinged(): boolean {
    return this.#heartbeat !== undefined;
  }

  /** The answer to `info.get`, when the extension declares anything and knows the method. */
  get info(): unknown {
    return this.#info;
  }

  snapshot(): ExtensionSnapshot {
    const { loaded, generation } = this;
    return {
      id: this.id,
      version: loaded.version,
      protocol: loaded.protocol,
      state: this.state,
      activation: loaded.activation,
      waitsForUse: this.waitsForUse,
      pid: generation?.child.pid,
      restartCount: this.restartCount,
      ...this.work.status(),
      lateReplies: this.#lateReplies,
      strayBytes: generation?.strayBytes ?? 0,
      tools: this.declarations?.tools ?? [],
      reason: this.reason,
    };
  }

  /** True if the extension does not start with the host: it starts at its first use, or has no process at all. */
  get lazy(): boolean {
    return this.loaded.activation !== "eager";
  }

  /** True if the extension is lazy and nobody has needed it so far. */
  get waitsForUse(): boolean {
    return this.lazy && !this.#needed;
  }

  /** Starts a lazy extension at its first use; does nothing to any other. */
  wake(): void {
    if (!this.waitsForUse || this.stopRequested || !hasProcess(this.loaded)) return;
    this.#needed = true;
    this.services.startLate(this);
  }

  /** Resolves when the extension is live or quarantined; rejects with a HostError when it failed for good. */
  start(): Promise<void> {
    this.#needed = true;
    return this.#supervisor.start();
  }

  /**
   * Gives a failed or quarantined extension another try, with its past forgiven. For an extension that is starting
   * anyway, waits for the end of that start. Resolves when the extension is live; rejects with the failure otherwise.
   */
  async resume(): Promise<void> {
    if (!hasProcess(this.loaded)) return;
    this.work.forgive();
    this.wake();
    await this.#supervisor.resume();
    while (isComing(this.state) && !this.stopRequested) {
      await this.changes.next(this.services.clock, this.services.limits.handshakeTotalMs);
    }
  }

  /** Declarations of the last handshake; before the first one those of the manifest, if it has any. */
  get declarations(): Declarations | undefined {
    return this.#supervisor.handshake?.declarations ?? this.#declared;
  }

  /** Calls one of the extension's methods that is no event. Never rejects. */
  call(request: CallRequest): Promise<CallResult> {
    return this.work.call(request);
  }

  /** Ends a live process that is of no use any more; supervision restarts it like after a crash. */
  takeDown(why: string): void {
    this.#supervisor.takeDown(why);
  }

  /**
   * Nobody waits for the extension any more. A write that its process does not read would keep the program alive, so a
   * process that reads nothing for a while is taken down.
   */
  quiet(): void {
    const stdin = this.generation?.child.stdin;
    const unread = stdin?.writableLength ?? 0;
    if (unread === 0) return;
    this.services.clock.after(UNREAD_MS, () => {
      if (this.generation?.child.stdin !== stdin || !this.services.activity.idle) return;
      if (stdin?.writableLength === unread) this.takeDown("stuck: it did not read its input to the end");
      else this.quiet();
    });
  }

  /** Drains, then ends the process. The same promise for every caller. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    this.#heartbeat?.stop();
    const stopped = this.#supervisor.stop(() => this.work.drain(this.services.limits.drainMs));
    // Requests that wait for a process which is not coming any more end at once.
    this.work.changed();
    await stopped;
    this.work.close();
    this.changes.wake();
  }

  #onLive(generation: Generation): void {
    const { clock, limits } = this.services;
    const { connection } = generation;
    if (this.supports("ping"))
      this.#heartbeat = new Heartbeat({
        clock,
        idleMs: limits.pingIdleMs,
        answerMs: limits.pingMs,
        misses: limits.pingMisses,
        ping: (ms) => connection.request("ping", "null", ms),
        lastByteMs: () => connection.heardMs,
        busy: () => this.work.inFlight > 0,
        onStuck: () => this.takeDown("stuck: it answered no ping"),
      });
    this.#probeInfo(generation);
  }

  /** Asks an extension that declares anything about itself, once, as the reference does. Takes no slot of a request. */
  #probeInfo({ connection }: Generation): void {
    const { tools, providers, capabilities } = this.#supervisor.handshake?.declarations ?? {};
    if (!tools?.length && !providers?.length && !capabilities?.length) return;
    if (this.restartCount > 0) return;
    void connection.request("info.get", "null", INFO_MS).then((reply) => {
      if (reply.type === "result") this.#info = reply.result;
    });
  }
}
