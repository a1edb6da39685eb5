/** An answer as combinators look at it: all they need is the name of the action. */
export interface AnyAnswer {
  readonly action: string;
}

/** A handler of a hook, of an extension or of the program. Returning nothing is the same as "continue". */
export type AnyHandler<E, X, A extends AnyAnswer> = (
  event: E,
  context: X,
) => A | undefined | void | Promise<A | undefined | void>;

/** Longest that a handler of `timed` may take unnoticed by default, in milliseconds. */
const SLOW_MS = 100;

/**
 * Asks one handler after the other; the first answer that is not "continue" is the answer, and later handlers are not
 * called. An error of a handler ends the sequence.
 */
export function sequence<E, X, A extends AnyAnswer>(
  ...handlers: readonly AnyHandler<E, X, A>[]
): (event: E, context: X) => Promise<A | undefined> {
  return async (event, context) => {
    for (const handler of handlers) {
      const answer = (await handler(event, context)) ?? undefined;
      if (answer !== undefined && answer.action !== "continue") return answer;
    }
    return undefined;
  };
}

/** Calls the handler of the first pair whose predicate holds, and no other. Without one, the answer is "continue". */
export function firstMatch<E, X, A extends AnyAnswer>(
  ...pairs: readonly (readonly [holds: (event: E) => boolean, handler: AnyHandler<E, X, A>])[]
): (event: E, context: X) => Promise<A | undefined> {
  return async (event, context) => {
    const [, handler] = pairs.find(([holds]) => holds(event)) ?? [];
    return (await handler?.(event, context)) ?? undefined;
  };
}

/**
 * Calls all handlers, each whatever the others do, and takes the strictest answer: a block before a confirm before any
 * other action before "continue"; of equally strict ones the first. When a handler throws, the others are still heard: a
 * block or a confirm counts, and without one the error is thrown.
 */
export function composite<E, X, A extends AnyAnswer>(
  ...handlers: readonly AnyHandler<E, X, A>[]
): (event: E, context: X) => Promise<A | undefined> {
  return async (event, context) => {
    const ends = await Promise.allSettled(handlers.map(async (handler) => handler(event, context)));
    let strictest: A | undefined;
    for (const end of ends) {
      const answer = (end.status === "fulfilled" ? end.value : undefined) ?? undefined;
      if (strictnessOf(answer) > strictnessOf(strictest)) strictest = answer;
    }
    const failed = ends.find((end) => end.status === "rejected");
    if (failed && strictnessOf(strictest) < WANTS_CONFIRM) throw failed.reason;
    return strictest;
  };
}

/** Calls the handler for events for which the predicate holds. For all others the answer is "continue". */
export function conditional<E, X, A extends AnyAnswer>(
  holds: (event: E) => boolean,
  handler: AnyHandler<E, X, A>,
): (event: E, context: X) => Promise<A | undefined> {
  return firstMatch([holds, handler]);
}

/** Options of `timed`. */
export interface TimedOptions<E> {
  /** Default 100 ms. */
  warnMs?: number;
  /** Called after a handler that took longer than `warnMs`, also when it threw. */
  onSlow(slow: { readonly ms: number; readonly event: E }): void;
}

/** The same handler, and `onSlow` is told when it takes longer than `warnMs`. Ends nothing: deadlines do that. */
export function timed<E, X, A extends AnyAnswer>(
  handler: AnyHandler<E, X, A>,
  { warnMs = SLOW_MS, onSlow }: TimedOptions<E>,
): (event: E, context: X) => Promise<A | undefined> {
  return async (event, context) => {
    const startedMs = performance.now();
    try {
      return (await handler(event, context)) ?? undefined;
    } finally {
      const ms = performance.now() - startedMs;
      if (ms > warnMs) onSlow({ ms, event });
    }
  };
}

/** Strictness of an answer that lets the event go on as it is. */
export const CONTINUES = 0;
/** Strictness of an answer that asks the user. */
export const WANTS_CONFIRM = 2;
/** Strictness of an answer that stops. */
export const STOPS = 3;

/** Order of answers: none, "continue", any other, a confirm, a block by whatever name. */
export function strictnessOf(answer: AnyAnswer | undefined): number {
  switch (answer?.action) {
    case undefined:
      return -1;
    case "continue":
      return CONTINUES;
    case "confirm":
      return WANTS_CONFIRM;
    case "block":
    case "reject":
    case "abort":
    case "cancel":
      return STOPS;
    default:
      return 1;
  }
}
