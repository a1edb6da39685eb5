import type { ChainPolicy, EnvelopeField, HookKindSpec, JsonValue } from "@synaps/sdk/protocol";
import type { OutgoingEvent } from "../../delivery/outgoing-event.js";
import type { ConfirmPrompt } from "../../options.js";
import type { Clock } from "../../time/clock.js";
import type { Outcome } from "../outcome.js";
import type { Terms } from "../verdict.js";
import type { OperationCache } from "./cache.js";

/** Hook kinds around an operation. */
export interface InterceptKinds<Before extends string = string, After extends string = string> {
  /** Asked before the operation; it may stop it, change its input, or decide how it runs. */
  before: Before;
  /** Asked about the output of an operation that ran. Default: nobody is asked. */
  after?: After;
}

/** The result of an operation: its output, an output that describes its failure, or nothing, which counts as null. */
export type OperationResult = string | null | undefined | void | { output: string | null; isError: boolean };

/** Given to an operation beside its input. */
export interface OperationContext {
  /** Place that an extension sent the operation to with `redirect`; undefined: the operation stays where it is. */
  readonly target: string | undefined;
  /** Number of this run, from 1. Higher ones are runs that `retry` asked for. */
  readonly attempt: number;
  /** The signal of the program's own call, if it passed one. */
  readonly signal: AbortSignal | undefined;
}

/** An operation between its hooks. */
export type Operation = (
  input: JsonValue,
  context: OperationContext,
) => OperationResult | Promise<OperationResult>;

interface Ran<Before, After, Input> {
  readonly ran: true;
  /** The output to pass on: the operation's own, or the replacement of an extension. Of a fork, the list as JSON. */
  readonly output: string | null;
  readonly isError: boolean;
  /** The input it ran with, after all rewrites. */
  readonly input: Input;
  /** There when an extension sent the operation elsewhere. */
  readonly target?: string;
  /** Number of runs, there when the operation ran more than once. */
  readonly attempts?: number;
  /** Reason why it did not run once more although an extension asked for that: a bound, or the end of the program or host. */
  readonly notAgain?: string;
  /** The end of each forked operation in order, there when the operation was forked. */
  readonly operations?: readonly InterceptResult[];
  readonly before: Before;
  /** Outcome of the kind after it; for a forked operation that of its last part that ran. */
  readonly after: After;
}

interface Stopped<Before> {
  readonly ran: false;
  readonly reason: string;
  /** The extension that stopped it. */
  readonly by: string;
  readonly before: Before;
}

/** The end of an operation that an answer stands in for. It is no error. */
interface Answered<Before> extends Stopped<Before> {
  /** The answer's output: a `replace`, a `cache`, or null for a `skip`. */
  readonly output: string | null;
  readonly isError: false;
}

type AnsweredIf<Before> = Before extends { readonly action: infer A }
  ? [Extract<A, "skip" | "replace" | "cache" | "fork" | "redirect">] extends [never]
    ? never
    : Answered<Before>
  : never;

/** The end of an operation. An output exists only for an operation that ran, or that an answer stands in for. */
export type InterceptResult<
  Before = Outcome,
  After = Outcome | undefined,
  Input extends JsonValue = JsonValue,
> = Ran<Before, After, Input> | Stopped<Before> | AnsweredIf<Before>;

export interface InterceptServices {
  readonly clock: Clock;
  /** Chance for the pauses between runs: from 0 to below 1. */
  readonly random: () => number;
  /** Resolves when events may go in; rejects with a HostError when they may not. */
  entered(): Promise<void>;
  emit(
    event: OutgoingEvent,
    policy: ChainPolicy,
    signal: AbortSignal | undefined,
    terms?: Terms,
  ): Promise<Outcome>;
  /** The kind's declaration. Throws a HostError for a kind that no catalog has. */
  kind(kind: string): HookKindSpec;
  confirm: ConfirmPrompt | undefined;
  /** Longest wait for the answer of a prompt, in milliseconds. */
  confirmMs: number;
  /** Aborted when the host is stopped: nobody answers a prompt then. */
  stopping: AbortSignal;
  /** Aborted when the program gives the operation up. */
  signal: AbortSignal | undefined;
  policy: ChainPolicy;
  /** Outputs that are kept, of all operations of the host. */
  readonly cache: OperationCache;
}

/** One operation with its kinds, as all steps look at it. */
export interface Setup {
  readonly spec: HookKindSpec;
  /** The member that is the operation's input. */
  readonly field: EnvelopeField;
  readonly after: { readonly kind: string; readonly spec: HookKindSpec } | undefined;
  readonly run: Operation;
  readonly services: InterceptServices;
}
