import { delay, type Timer } from "../time/clock.js";
import { HostError, messageOf } from "../errors.js";
import type { LoadedExtension } from "../loading/manifest/loaded.js";
import { fallReport } from "../transport/process/diagnose.js";
import { Generation } from "./generation.js";
import type { Handshake } from "./handshake.js";
import { afterCrash, afterFailedRestart, NO_HISTORY, type RestartDecision } from "./restart-policy.js";
import type { SupervisorEvents, SupervisorServices } from "./services.js";
import { isLive, StateMachine, type ExtensionState } from "./states.js";

/** Keeps one extension's process alive: starts it, starts it again when it fell, and knows when to leave it. */
export class Supervisor {
  readonly #loaded: LoadedExtension;
  readonly #services: SupervisorServices;
  readonly #events: SupervisorEvents;
  readonly #states: StateMachine;
  readonly #stopping = new AbortController();
  #generation: Generation | undefined;
  #handshake: Handshake | undefined;
  #history = NO_HISTORY;
  #restartCount = 0;
  #reason: string | undefined;
  #failure: HostError | undefined;
  /** Why a live process is being taken down, for the diagnosis that follows. */
  #takenDown: string | undefined;
  /** Set while one more crash means quarantine again. */
  #onProbation = false;
  #probe: Timer | undefined;
  #healthy: Timer | undefined;
  /** Starting, supervising or restarting: what a stop has to wait for. */
  #work: Promise<unknown> = Promise.resolve();

  constructor(loaded: LoadedExtension, services: SupervisorServices, events: SupervisorEvents) {
    this.#loaded = loaded;
    this.#services = services;
    this.#events = events;
    this.#states = new StateMachine((from, to) => events.onMove(from, to));
  }

  get state(): ExtensionState {
    return this.#states.state;
  }

  /** The process that is live now. */
  get generation(): Generation | undefined {
    return isLive(this.state) ? this.#generation : undefined;
  }

  get handshake(): Handshake | undefined {
    return this.#handshake;
  }

  get restartCount(): number {
    return this.#restartCount;
  }

  get reason(): string | undefined {
    return this.#reason;
  }

  /** Why its last start failed. */
  get failure(): HostError | undefined {
    return this.#failure;
  }

  get stopRequested(): boolean {
    return this.#stopping.signal.aborted;
  }

  /** Starts it. Rejects with a HostError when it failed for good. One that is set aside stays so until its probe. */
  start(): Promise<void> {
    const { quarantine, clock, limits } = this.#services;
    if (quarantine) {
      this.#reason = quarantine.reason;
      const waitMs = quarantine.since + limits.quarantineProbeMs - clock.wallMs();
      this.#states.move("quarantined");
      // The wall clock may have jumped since: never more than a whole wait.
      this.#scheduleProbe(Math.min(Math.max(0, waitMs), limits.quarantineProbeMs));
      return Promise.resolve();
    }
    return this.#begin();
  }

  /** Starts it again at the user's word, with its past forgiven. Resolves when it is live. */
  resume(): Promise<void> {
    if (this.state !== "failed" && this.state !== "quarantined") return Promise.resolve();
    this.#probe?.cancel();
    this.#history = NO_HISTORY;
    this.#onProbation = false;
    this.#services.noteQuarantine(undefined);
    return this.#begin();
  }

  /** Ends a live process that is of no use any more; supervision does the rest. Does nothing to one that is coming. */
  takeDown(why: string): void {
    if (!this.generation) return;
    this.#takenDown ??= why;
    this.generation.child.signal("SIGKILL");
  }

  /** Kills the group at once. */
  kill(): void {
    this.#stopping.abort();
    this.#generation?.close();
  }

  /** Lets `drain` finish what is under way, then ends the process. Nothing new is accepted from here on. */
  async stop(drain: () => Promise<void>): Promise<void> {
    const { generation } = this;
    this.#stopping.abort();
    this.#probe?.cancel();
    this.#healthy?.cancel();
    if (generation) {
      await drain();
      await generation.stop();
    }
    await this.#work;
    if (this.state !== "stopped") this.#states.move("stopped");
  }

  #begin(): Promise<void> {
    const begun = this.#first();
    this.#work = begun.catch(() => {});
    return begun;
  }

  async #first(): Promise<void> {
    this.#states.move("starting");
    try {
      await this.#launch(true);
    } catch (error) {
      this.#note(error);
      if (this.stopRequested) throw error;
      this.#states.move(this.#onProbation ? "quarantined" : "failed");
      if (this.#onProbation) this.#setAside();
      throw error;
    }
    this.#live(this.#restartCount > 0 ? "degraded" : "running");
  }

  async #launch(first: boolean): Promise<void> {
    if (this.stopRequested) throw new HostError("HOST_STOPPED", "The host was stopped");
    const generation = new Generation(this.#loaded, this.#services);
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
    const generation = this.#generation;
    if (this.stopRequested || !generation) return;
    this.#takenDown = undefined;
    this.#states.move(state);
    this.#events.onLive(generation);
    if (this.#onProbation) this.#watchProbation();
    this.#work = this.#supervise(generation);
  }

  /** Waits for the end of a live process and decides what comes next. */
  async #supervise(generation: Generation): Promise<void> {
    const { clock, limits, random, logger } = this.#services;
    const since = clock.now();
    await generation.gone;
    this.#healthy?.cancel();
    if (this.stopRequested) return generation.close();
    const { reason, hint } = fallReport(generation.child, this.#events.doing(), this.#takenDown);
    this.#reason = reason;
    const byItself = this.#takenDown === undefined;
    const { history, decision } = afterCrash(
      this.#history,
      clock.now(),
      clock.now() - since,
      random(),
      limits,
    );
    this.#history = history;
    const next = this.#onProbation ? ({ type: "quarantine" } as const) : decision;
    const { id: extension } = this.#loaded;
    logger.warn("extension crashed", { extension, reason, hint, next: next.type });
    this.#states.move(next.type === "quarantine" ? "quarantined" : "restarting");
    if (next.type === "quarantine") this.#setAside();
    // Only now: requests that end with the connection find the new state.
    generation.close();
    this.#events.onExited(byItself);
    await this.#restart(next);
  }

  async #restart(first: RestartDecision): Promise<void> {
    const { clock, limits, random, logger } = this.#services;
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
        this.#note(error);
        logger.warn("extension could not be restarted", { extension: this.#loaded.id, reason: this.#reason });
        ({ history: this.#history, decision } = afterFailedRestart(this.#history, random(), limits));
      }
    }
    if (decision.type === "fail") this.#states.move("failed");
  }

  #note(error: unknown): void {
    this.#reason = messageOf(error);
    this.#failure = error instanceof HostError ? error : undefined;
  }

  #setAside(): void {
    const { clock, limits } = this.#services;
    this.#onProbation = false;
    this.#services.noteQuarantine({ since: clock.wallMs(), reason: this.#reason ?? "it crashed too often" });
    this.#scheduleProbe(limits.quarantineProbeMs);
  }

  #scheduleProbe(ms: number): void {
    this.#probe = this.#services.clock.after(ms, () => {
      this.#onProbation = true;
      this.#restartCount += 1;
      void this.#begin().catch(() => {});
    });
  }

  /** Long enough health ends the quarantine for good. */
  #watchProbation(): void {
    const { clock, limits } = this.#services;
    this.#healthy = clock.after(limits.restartResetMs, () => {
      this.#onProbation = false;
      this.#history = NO_HISTORY;
      this.#services.noteQuarantine(undefined);
    });
  }
}
