import { delay, type Timer } from "../time/clock.js";
import { messageOf, type HostError } from "../errors.js";
import type { LoadedExtension } from "../loading/manifest/loaded.js";
import { fallReport } from "../transport/process/diagnose.js";
import { hostStopped, startFailure } from "./failures.js";
import { Generation } from "./generation.js";
import type { Handshake } from "./handshake.js";
import { afterCrash, afterFailedRestart, NO_HISTORY, type RestartDecision } from "./restart-policy.js";
import type { SupervisorEvents, SupervisorServices } from "./services.js";
import { isLive, StateMachine, type ExtensionState } from "./states.js";

/** Keeps one extension's process alive: starts the process, restarts it after a crash, and knows when to give up. */
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
  /** The host's reason for taking a live process down, for the diagnosis that follows. */
  #takenDown: string | undefined;
  /** True while one more crash means quarantine again. */
  #onProbation = false;
  #probe: Timer | undefined;
  #healthy: Timer | undefined;
  /** The start, supervision or restart that a stop has to wait for. */
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

  /** The reason for which the last start failed. */
  get failure(): HostError | undefined {
    return this.#failure;
  }

  get stopRequested(): boolean {
    return this.#stopping.signal.aborted;
  }

  /**
   * Starts the process. Rejects with a HostError when the start failed for good. A quarantined extension stays so until
   * its probe.
   */
  start(): Promise<void> {
    const { quarantine, clock, limits } = this.#services;
    if (quarantine) {
      this.#reason = quarantine.reason;
      const waitMs = quarantine.since + limits.quarantineProbeMs - clock.wallMs();
      // The wall clock may have jumped since then: never wait longer than a whole quarantine.
      this.#scheduleProbe(Math.min(Math.max(0, waitMs), limits.quarantineProbeMs));
      this.#states.move("quarantined");
      return Promise.resolve();
    }
    return this.#begin();
  }

  /**
   * Forgives the past at the user's word: crashes so far count for nothing, and a probation is over. Starts the process
   * when it failed or is quarantined; resolves when it is live then. Rejects with a HostError when the start failed.
   */
  resume(): Promise<void> {
    if (this.stopRequested) return Promise.reject(hostStopped());
    this.#history = NO_HISTORY;
    this.#forgive();
    if (this.state !== "failed" && this.state !== "quarantined") return Promise.resolve();
    this.#probe?.cancel();
    return this.#begin();
  }

  /** Ends a live process that is of no use any more; supervision does the rest. Does nothing during a start. */
  takeDown(why: string): void {
    if (!this.generation) return;
    this.#takenDown ??= why;
    this.generation.child.signal("SIGKILL");
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
    // A stop waits for the end of the start only: whoever asked for the start gets the error.
    this.#work = begun.catch(() => {});
    return begun;
  }

  async #first(): Promise<void> {
    this.#states.move("starting");
    try {
      await this.#launch(true);
    } catch (error) {
      if (this.stopRequested) throw error;
      const failure = this.#note(error);
      const next = this.#onProbation ? "quarantined" : "failed";
      if (this.#onProbation) this.#quarantine();
      this.#states.move(next);
      throw failure;
    }
    this.#live(this.#restartCount > 0 ? "degraded" : "running");
  }

  async #launch(first: boolean): Promise<void> {
    if (this.stopRequested) throw hostStopped();
    const generation = new Generation(this.#loaded, this.#services);
    this.#generation = generation;
    const onStop = (): void => generation.close();
    this.#stopping.signal.addEventListener("abort", onStop);
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
    const { reason, ...remedy } = fallReport(
      generation.child,
      this.#events.doing(),
      this.#takenDown ?? generation.fault,
    );
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
    logger.warn("extension crashed", { extension, reason, ...remedy, next: next.type });
    if (next.type === "quarantine") this.#quarantine();
    this.#states.move(next.type === "quarantine" ? "quarantined" : "restarting");
    // After the move, so that requests that end with the connection find the new state.
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

  #note(error: unknown): HostError {
    const failure = startFailure(this.#loaded.id, error);
    this.#reason = failure.message;
    this.#failure = failure;
    return failure;
  }

  #quarantine(): void {
    const { clock, limits } = this.#services;
    this.#services.noteQuarantine({ since: clock.wallMs(), reason: this.#reason ?? "it crashed too often" });
    this.#scheduleProbe(limits.quarantineProbeMs);
  }

  #scheduleProbe(ms: number): void {
    // A resume or a stop cancels it.
    this.#probe = this.#services.clock.after(ms, () => {
      this.#onProbation = true;
      this.#restartCount += 1;
      this.#begin().catch((error: unknown) => {
        if (this.stopRequested) return;
        const fields = { extension: this.#loaded.id, reason: messageOf(error) };
        this.#services.logger.warn("a quarantined extension failed when it was tried again", fields);
      });
    });
  }

  /** Long enough health ends the quarantine for good. */
  #watchProbation(): void {
    const { clock, limits } = this.#services;
    this.#healthy = clock.after(limits.restartResetMs, () => {
      this.#history = NO_HISTORY;
      this.#forgive();
    });
  }

  /** Ends a quarantine or a probation, here and in the record. */
  #forgive(): void {
    this.#healthy?.cancel();
    const noted = this.#onProbation || this.state === "quarantined";
    this.#onProbation = false;
    if (noted) this.#services.noteQuarantine(undefined);
  }
}
