import { AuditWriter, type AuditClock, type AuditStatus } from "@synaps/audit";
import type { HookKindSpec, JsonObject } from "@synaps/sdk/protocol";
import type { OutgoingEvent } from "../../delivery/outgoing-event.js";
import { messageOf } from "../../errors.js";
import type { Logger } from "../../logger.js";
import type { Clock } from "../../time/clock.js";
import { afterFairly, LATE, limited } from "../../time/limited.js";
import { standsBefore } from "../merge.js";
import type { InterceptResult } from "../operation/types.js";
import { outcomeOf, type Outcome } from "../outcome.js";
import type { AuditSettings } from "./audit-settings.js";
import { auditName, decided, ended, unfinished } from "./facts.js";
import { selection } from "./selection.js";

/** Longest wait for the first file at the start, and for the last line at the end: 5 s, as the writer waits for a line. */
const WAIT_MS = 5_000;
/** Name under which the audit decides, where it may. No extension can have it. */
const AUDIT = "(audit)";
const OPERATION = "operation";

interface AuditServices {
  readonly clock: Clock;
  readonly logger: Logger;
  /** The kind's declaration. */
  kind(kind: string): HookKindSpec;
}

/** Writes down each decision of the host and how operations ended. It decides nothing unless it is told to fail closed. */
export class Audit {
  readonly #settings: AuditSettings;
  readonly #services: AuditServices;
  readonly #writer: AuditWriter;
  readonly #isWanted: ReturnType<typeof selection>;
  #opening: Promise<void> | undefined;

  constructor(settings: AuditSettings, services: AuditServices) {
    const { clock, logger } = services;
    this.#settings = settings;
    this.#services = services;
    const { folder, format, maxFileBytes, files, queue, durability, fsync, chain, key } = settings;
    const note = (message: string): void => logger.warn(message, {});
    const options = { folder, format, maxFileBytes, files, queue, durability, fsync, chain, key };
    this.#writer = new AuditWriter({ ...options, clock: fair(clock), note });
    this.#isWanted = selection(settings.events);
  }

  get status(): AuditStatus {
    return this.#writer.status;
  }

  /** Opens the file, so that a problem is told before the first event. Outcomes wait until then, at most 5 s. Never rejects. */
  open(): Promise<void> {
    const opened = limited(this.#services.clock, WAIT_MS, this.#writer.open());
    this.#opening = opened.then(() => (this.#opening = undefined));
    return this.#opening;
  }

  /** Writes what waits and ends the file. Resolves when that is done, or the disk does not answer. */
  async close(): Promise<void> {
    const ended = await limited(this.#services.clock, WAIT_MS, this.#writer.close());
    if (ended === LATE) this.#services.logger.warn("the audit did not end in time: lines may be missing", {});
  }

  /** Records the outcome of an event. Resolves to the outcome that counts: another one only when the audit fails closed. */
  outcome(event: OutgoingEvent, outcome: Outcome): Outcome | Promise<Outcome> {
    const spec = this.#services.kind(event.kind);
    if (!this.#isWanted(spec, event.kind, event.toolName)) return outcome;
    // Before an event can be counted, a kill would take it without a trace.
    if (this.#opening) return this.#opening.then(() => this.outcome(event, outcome));
    const name = auditName(event.kind);
    const written = this.#record(name, () => decided(event, spec, outcome, this.#settings));
    if (written === undefined) return outcome;
    return written.then((isWritten) => {
      if (isWritten || this.#settings.onFailure === "open") return outcome;
      const refused = this.#refused(spec, outcome);
      // A line of its own: the first one may still be written, and says what the extensions decided.
      if (refused !== outcome) void this.#record(name, () => decided(event, spec, refused, this.#settings));
      return refused;
    });
  }

  /**
   * Records the end of an operation. `asked`: the event that its hooks were first asked about, if it came so far. Settles as
   * the operation does, once its end may be told: the operation has ended whatever the disk does.
   */
  async operation(
    asked: () => OutgoingEvent | undefined,
    ends: Promise<InterceptResult>,
  ): Promise<InterceptResult> {
    let result: InterceptResult;
    try {
      result = await ends;
    } catch (error) {
      await this.#noteEnd(asked(), (event) => unfinished(event, error));
      throw error;
    }
    await this.#noteEnd(asked(), (event) => ended(event, result));
    return result;
  }

  async #noteEnd(
    event: OutgoingEvent | undefined,
    metadata: (event: OutgoingEvent) => JsonObject,
  ): Promise<void> {
    if (!event || !this.#isWanted(this.#services.kind(event.kind), event.kind, event.toolName)) return;
    const written = this.#record(OPERATION, () => metadata(event));
    await written;
  }

  #record(name: string, metadata: () => JsonObject): Promise<boolean> | undefined {
    try {
      return this.#writer.record(name, metadata());
    } catch (error) {
      // An event whose parts cannot be told is on record all the same.
      return this.#writer.record(name, { unwritable: messageOf(error) });
    }
  }

  /** The outcome when an answer may not be given without its line: nothing runs, and no output is passed on. */
  #refused(spec: HookKindSpec, outcome: Outcome): Outcome {
    const why = `the audit could not be written: ${this.#writer.status.failing ?? "it has no room"}`;
    const { kind, votes, durationMs } = outcome;
    const isBlocked = outcome.action === "block";
    if (spec.delivery !== "gate" || isBlocked) return outcome;
    this.#services.logger.error("an answer was withheld because it could not be audited", {
      kind,
      reason: why,
    });
    if (spec.actions.includes("block"))
      return outcomeOf(kind, { action: "block", reason: why, by: AUDIT }, votes, durationMs);
    if (spec.replaces === undefined || standsBefore(spec)) return outcome;
    return outcomeOf(
      kind,
      { action: "replace", output: `[output withheld: ${why}]`, by: AUDIT },
      votes,
      durationMs,
    );
  }
}

/** Time in which the host could not run is no time in which the disk did not answer. */
function fair(clock: Clock): AuditClock {
  return {
    wallMs: () => clock.wallMs(),
    now: () => clock.now(),
    after: (ms, run) => afterFairly(clock, ms, run),
  };
}
