import type { AuditStatus } from "@synaps/audit";
import { OVERFLOWS, type ChainPolicy, type Overflow } from "@synaps/sdk/protocol";
import type { EventInput } from "../delivery/event-input.js";
import type { TraceFields } from "../observe/recorder.js";
import { HostError } from "../errors.js";
import type { ConfirmPrompt, HostLimits } from "../options.js";
import { unlessAborted } from "../time/abort.js";
import type { Clock } from "../time/clock.js";
import { limited } from "../time/limited.js";
import type { OutgoingEvent } from "../delivery/outgoing-event.js";
import type { Logger } from "../logger.js";
import type { CacheStatus } from "../observe/cache-status.js";
import { AuditSwitch } from "./audit/audit-switch.js";
import type { AuditSettings } from "./audit/audit-settings.js";
import { Decisions } from "./decisions.js";
import { raisable } from "./host-kind.js";
import type { Dispatcher } from "./dispatcher.js";
import { Door } from "./door.js";
import { intercept } from "./intercept.js";
import { OperationCache } from "./operation/cache.js";
import type { InterceptKinds, InterceptResult, Operation } from "./operation/types.js";
import type { Outcome } from "./outcome.js";
import type { SubscriptionRegistry } from "./registry.js";
import { CHAIN, CONFIRM, optionsCheck, SIGNAL, type OptionCheck } from "./options-check.js";

/** Options of calls that can be given up. */
export interface CallOptions {
  /** Gives the call up: it rejects with the signal's reason. */
  signal?: AbortSignal;
}

/** Options of `emit` and of `intercept`. */
export interface AskOptions extends CallOptions {
  /** For this event instead of the host's or the catalog's policy. */
  chain?: ChainPolicy;
  /**
   * Further members of the event's trace lines, to tell events apart, and its `labels` in the audit, where 16 of them have room
   * and 200 characters of each. Short texts and numbers; never payloads.
   */
  traceFields?: TraceFields;
}

/** Options of `emit`. An unknown key or a wrong type rejects with a HostError before anybody is asked. */
export interface EmitOptions extends AskOptions {
  /**
   * For this event instead of the kind's `overflow`: what happens where its queue is full. Only for kinds that nobody waits for
   * (`observe` and `stream`); for others `emit` rejects with a HostError.
   */
  overflow?: Overflow;
}

/** Options of `intercept`. An unknown key or a wrong type rejects with a HostError before anything runs. */
export interface InterceptOptions extends AskOptions {
  /** Instead of the host's; `block` asks nobody. */
  confirm?: ConfirmPrompt | "block";
}

const TRACE_FIELDS: OptionCheck = [isTraceFields, "an object of texts and numbers"];
const OVERFLOW: OptionCheck = [(value) => OVERFLOWS.some((one) => one === value), OVERFLOWS.join(" or ")];
const ofBoth = { chain: CHAIN, signal: SIGNAL, traceFields: TRACE_FIELDS };
const wrongEmit = optionsCheck<EmitOptions>("emit", { ...ofBoth, overflow: OVERFLOW }, "EVENT_INVALID");
const wrongIntercept = optionsCheck<InterceptOptions>(
  "intercept",
  { ...ofBoth, confirm: CONFIRM },
  "EVENT_INVALID",
);

function isTraceFields(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return Object.values(value).every((one) => typeof one === "string" || typeof one === "number");
}

/** The kind of what was given as an event; undefined where it cannot be read, which `emit` refuses in its own words. */
function kindOf(event: EventInput | undefined): unknown {
  try {
    return event?.kind;
  } catch {
    return undefined;
  }
}

interface EntranceSettings {
  readonly clock: Clock;
  readonly random: () => number;
  readonly limits: Pick<HostLimits, "chainBudgetMs" | "drainMs" | "confirmMs">;
  readonly chain: ChainPolicy | undefined;
  readonly confirm: ConfirmPrompt | undefined;
  readonly audit: AuditSettings | undefined;
  readonly logger: Logger;
}

/** The way of a program's events into the dispatcher: when events may go in, with which options, and how they end. */
export class Entrance {
  readonly #settings: EntranceSettings;
  readonly #dispatcher: Dispatcher;
  readonly #registry: SubscriptionRegistry;
  readonly #door: Door;
  readonly #stopping: AbortSignal;
  readonly #audits: AuditSwitch;
  readonly #decisions: Decisions;
  /** Outputs of operations that extensions asked to keep. */
  readonly #cache: OperationCache;
  /** Intercepts under way: a stop lets them end. */
  readonly #intercepts = new Set<Promise<unknown>>();
  /** Aborted when nothing under way is waited for any more. */
  readonly #hurried = new AbortController();

  /** `stopping` is aborted when the host stops: nobody answers a prompt then. */
  constructor(
    settings: EntranceSettings,
    dispatcher: Dispatcher,
    registry: SubscriptionRegistry,
    stopping: AbortSignal,
  ) {
    this.#settings = settings;
    this.#dispatcher = dispatcher;
    this.#registry = registry;
    this.#stopping = stopping;
    const { audit, clock, logger } = settings;
    this.#audits = new AuditSwitch(audit, { clock, logger, kind: (name) => registry.kind(name) });
    this.#decisions = new Decisions(registry, dispatcher, settings);
    this.#cache = new OperationCache(settings.clock);
    this.#door = new Door({ clock: settings.clock, waitMs: settings.limits.chainBudgetMs });
  }

  /** Events may go in once the folders are read; until then they wait. */
  openAfter(reading: Promise<unknown>): void {
    // Nobody waits for the disk: what cannot be written is told when it is.
    this.#audits.open();
    this.#door.openAfter(reading);
  }

  /** Lets nothing in any more. Resolves when the intercepts under way have ended, or their time is over. */
  async close(): Promise<void> {
    this.#door.close();
    const { clock, limits } = this.#settings;
    if (this.#intercepts.size === 0) return;
    const ended = Promise.allSettled(this.#intercepts);
    await limited(
      clock,
      limits.drainMs,
      unlessAborted<unknown>(this.#hurried.signal, ended, () => undefined),
    );
  }

  /** State of the kept outputs, and of the audit if there is one. */
  get status(): { cache: CacheStatus; audit?: AuditStatus } {
    const [cache, audit] = [this.#cache.status, this.#audits.now];
    return audit === undefined ? { cache } : { cache, audit: audit.status };
  }

  /**
   * Records under these settings from now on, or no more. An event is recorded where it was raised, the end of an operation
   * where the operation began.
   */
  auditUnder(settings: AuditSettings | undefined): void {
    this.#audits.change(settings);
  }

  /** Nothing more will happen: the audit ends. Resolves when it has, or the disk does not answer. */
  async ended(): Promise<void> {
    await this.#audits.close();
  }

  /** Ends the wait of `close`. */
  hurry(): void {
    this.#hurried.abort();
  }

  emit(event: EventInput, options: EmitOptions | undefined): Promise<Outcome> {
    const isPlain = options === undefined && this.#door.isOpen && this.#audits.now === undefined;
    if (isPlain && !(this.#registry.tellsDecisions && this.#registry.tellsOf(kindOf(event))))
      return this.#dispatcher.emit(event);
    return this.#emitLater(event, options === undefined ? {} : options);
  }

  /** The way of an event with options, and of an event that has to wait for the start or is refused. */
  async #emitLater(event: EventInput, options: EmitOptions): Promise<Outcome> {
    const wrong = wrongEmit(options);
    if (wrong) throw wrong;
    const { chain, overflow, signal } = options;
    signal?.throwIfAborted();
    // Taken before any wait: nothing that the program changes meanwhile reaches anybody.
    const snapshot = this.#dispatcher.snapshot(event);
    snapshot.traceFields = options.traceFields;
    if (overflow !== undefined) this.#refuseWaitedFor(snapshot.kind);
    snapshot.overflow = overflow;
    const raised = this.#door.entered().then(() => this.#raise(snapshot, chain, signal));
    return unlessAborted(signal, raised, () => {
      throw signal?.reason;
    });
  }

  /** Throws a HostError for a kind without a queue that could be full. */
  #refuseWaitedFor(kind: string): void {
    const { delivery } = this.#registry.kind(kind);
    if (delivery === "observe" || delivery === "stream") return;
    throw new HostError(
      "EVENT_INVALID",
      `The option 'overflow' means nothing for '${kind}': its event waits in no queue`,
      { hint: "Leave it out, or raise a kind with the delivery observe or stream." },
    );
  }

  /** Takes the event to everybody it concerns, and its outcome to the audit and to those who are told of decisions. */
  async #raise(...args: Parameters<Dispatcher["emitSnapshot"]>): Promise<Outcome> {
    const asked = this.#dispatcher.emitSnapshot(...args);
    const counts =
      this.#audits.now === undefined
        ? asked
        : this.#audits.during((audit) => asked.then((outcome) => audit.outcome(args[0], outcome)));
    if (!this.#registry.tellsOf(args[0].kind)) return counts;
    const outcome = await counts;
    this.#decisions.decided(args[0], outcome);
    return outcome;
  }

  intercept(
    kinds: InterceptKinds,
    event: Omit<EventInput, "kind">,
    run: Operation,
    options: InterceptOptions = {},
  ): Promise<InterceptResult> {
    const wrong = wrongIntercept(options);
    if (wrong) return Promise.reject(wrong);
    const { clock, random, limits, chain, confirm } = this.#settings;
    let asked: OutgoingEvent | undefined;
    const operation = intercept(kinds, event, run, {
      emit: (snapshot, policy, signal, terms) => {
        snapshot.traceFields = options.traceFields;
        asked ??= snapshot;
        return this.#raise(snapshot, policy, signal, terms);
      },
      entered: () => this.#door.entered(),
      clock,
      random,
      cache: this.#cache,
      kind: (kind) => raisable(kind, this.#registry.kind(kind)),
      confirm: options.confirm === "block" ? undefined : (options.confirm ?? confirm),
      confirmMs: limits.confirmMs,
      stopping: this.#stopping,
      signal: options.signal,
      policy: options.chain ?? chain ?? "rewrite_then_veto",
    });
    const recorded =
      this.#audits.now === undefined
        ? operation
        : this.#audits.during((audit) => audit.operation(() => asked, operation));
    const intercepted = this.#registry.tellsDecisions
      ? this.#decisions.operation(() => asked, recorded)
      : recorded;
    this.#intercepts.add(intercepted);
    const done = (): void => void this.#intercepts.delete(intercepted);
    intercepted.then(done, done);
    return intercepted;
  }
}
