import type { ProtocolFeature } from "@synaps/sdk/protocol";
import type { DeliveryRequest, DeliveryResult, ObserveRequest, Target } from "../delivery/delivery.js";
import type { HostError } from "../errors.js";
import type { LoadedExtension } from "../loading/manifest/loaded.js";
import { ask } from "../delivery/ask.js";
import { Batcher } from "../delivery/batcher.js";
import { call, type CallRequest } from "../delivery/call.js";
import { declaredBefore } from "./declared.js";
import type { Declarations } from "./declarations.js";
import { deliver, observe } from "../delivery/deliver.js";
import { DeliveryGuards } from "../delivery/delivery-guards.js";
import { finishWork } from "../delivery/drain.js";
import type { ErrandResult } from "../delivery/errand.js";
import type { Generation } from "./generation.js";
import type { Heartbeat } from "./heartbeat.js";
import { probeInfo } from "./info-probe.js";
import { inFlightOf, Lanes } from "../delivery/lanes.js";
import { LogRing } from "./log-ring.js";
import type { ExtensionServices } from "./services.js";
import { snapshotOf, type ExtensionSnapshot } from "../delivery/snapshot.js";
import { isComing, type ExtensionState } from "./states.js";
import { Supervisor } from "./supervisor.js";
import { Waiters } from "../time/waiters.js";
import { heartbeatOf } from "./heartbeat-of.js";

/** One extension as the rest of the host sees it: takes events, can be stopped and resumed, says how it is. */
export class Extension implements Target {
  readonly loaded: LoadedExtension;
  readonly services: ExtensionServices;
  readonly lanes: Lanes;
  readonly guards: DeliveryGuards;
  readonly batcher = new Batcher(this);
  /** What it wrote to standard error, over all its processes. */
  readonly logs = new LogRing();
  /** Wakes whoever waits for another state. */
  readonly changes = new Waiters();
  readonly #supervisor: Supervisor;
  readonly #declared: Declarations | undefined;
  #heartbeat: Heartbeat | undefined;
  #lastByteMs = 0;
  #lateReplies = 0;
  #info: unknown;
  #stopped: Promise<void> | undefined;
  /** Who takes over what this one can no longer do; set while it is drained. */
  successor: Extension | undefined;
  #woken = false;

  constructor(loaded: LoadedExtension, services: ExtensionServices) {
    this.loaded = loaded;
    this.services = services;
    const { limits, clock } = services;
    this.lanes = new Lanes({
      ...inFlightOf(loaded),
      queue: {
        trial: limits.gateQueue,
        gate: limits.gateQueue,
        call: limits.gateQueue,
        observe: limits.observeQueue,
      },
      blockMs: limits.overflowBlockMs,
      clock,
    });
    this.#declared = declaredBefore(loaded);
    this.guards = new DeliveryGuards(limits);
    this.#supervisor = new Supervisor(
      loaded,
      {
        ...services,
        onRequest: (method, params) => services.inbound.request(this, method, params),
        onNotification: (method, params) => services.inbound.notify(this, method, params),
        onLateReply: () => {
          this.#lateReplies += 1;
        },
        onStderrLine: (line) => this.logs.add({ at: clock.wallMs(), line }),
        onBytes: () => {
          this.#lastByteMs = clock.now();
          this.guards.heard();
        },
      },
      {
        onMove: (from, to) => {
          services.onState(this, from, to);
          this.changes.wake();
        },
        onLive: (generation) => this.#onLive(generation),
        onFell: (byItself) => {
          this.#heartbeat?.stop();
          this.#heartbeat = undefined;
          this.guards.fell(clock.now(), byItself);
          this.batcher.sendBack();
        },
        doing: () => this.guards.doing() ?? (this.lanes.inFlight > 0 ? "a request was with it" : "idle"),
      },
    );
  }

  get id(): string {
    return this.loaded.id;
  }

  get state(): ExtensionState {
    return this.#supervisor.state;
  }

  get health(): ExtensionState {
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

  /** Whether both sides know of an ability of protocol 3. */
  supports(feature: ProtocolFeature): boolean {
    return this.#supervisor.handshake?.features.has(feature) ?? false;
  }

  get takesBatches(): boolean {
    return this.supports("batch");
  }

  get sendsMeta(): boolean {
    return this.supports("meta");
  }

  /** What `info.get` answered, when the extension declares anything and knows the method. */
  get info(): unknown {
    return this.#info;
  }

  snapshot(): ExtensionSnapshot {
    return snapshotOf(this, this.#lateReplies);
  }

  /** Whether it starts at its first use and not with the host. */
  get lazy(): boolean {
    return this.loaded.activation !== "eager";
  }

  /** Whether it has no process because nobody needed it so far. */
  get dormant(): boolean {
    return this.lazy && !this.#woken;
  }

  /** Somebody needs it. Starts it if nobody did before; does nothing to one that starts with the host. */
  wake(): void {
    if (!this.dormant || this.stopRequested) return;
    this.#woken = true;
    this.services.startLate(this);
  }

  /** Resolves when it is live, or set aside; rejects with a HostError when it failed for good. */
  start(): Promise<void> {
    this.#woken = true;
    return this.#supervisor.start();
  }

  /**
   * Another try for one that failed or was set aside, with its past forgiven. For one that is starting anyway it
   * waits for the end of that. Resolves when it is live.
   */
  async resume(): Promise<void> {
    this.guards.forgive();
    this.wake();
    await this.#supervisor.resume();
    while (isComing(this.state) && !this.stopRequested) {
      await this.changes.next(this.services.clock, this.services.limits.handshakeTotalMs);
    }
  }

  /** What it declared in its last handshake; before the first, what its manifest says, if it does. */
  get declarations(): Declarations | undefined {
    return this.#supervisor.handshake?.declarations ?? this.#declared;
  }

  /** Calls one of its methods that is no event. Never rejects. */
  call(request: CallRequest): Promise<ErrandResult> {
    return call(this, request);
  }

  ask(...[request, settle]: Parameters<Target["ask"]>): void {
    ask(this, request, settle);
  }

  deliver(request: DeliveryRequest): Promise<DeliveryResult> {
    return deliver(this, request);
  }

  /** Hands an observed event to the batcher, when that needs no waiting. */
  observe(request: ObserveRequest): boolean {
    return observe(this, request);
  }

  /** A deadline passed. Protocols without a ping know a hung process only by its silence. */
  deadlinePassed(): void {
    const hung = this.guards.deadlinePassed();
    if (hung && !this.#heartbeat) this.takeDown("hung: several deadlines passed without a byte from it");
  }

  /** Ends the live process because it is of no use any more; it is restarted like after a crash. */
  takeDown(why: string): void {
    this.#supervisor.takeDown(why);
  }

  /** Drains, then ends the process. The same promise for every caller. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  /** Kills the group at once, for when there is no time left to wait. */
  kill(): void {
    this.#supervisor.kill();
  }

  async #stop(): Promise<void> {
    this.#heartbeat?.stop();
    await this.#supervisor.stop(() => finishWork(this));
    this.lanes.close();
    this.changes.wake();
  }

  #onLive(generation: Generation): void {
    this.#lastByteMs = this.services.clock.now();
    if (this.#supervisor.handshake?.features.has("ping"))
      this.#heartbeat = heartbeatOf(this, generation, () => this.#lastByteMs);
    const { declarations } = this.#supervisor.handshake ?? {};
    if (declarations) probeInfo(this, generation, declarations, (info) => (this.#info = info));
  }
}
