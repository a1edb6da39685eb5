import type { Outcome } from "../outcome.js";
import { cacheKey } from "./cache.js";
import type { Agreed } from "./agree.js";
import { askAfter } from "./after.js";
import { attempt } from "./attempt.js";
import { Attempts } from "./retry.js";
import type { InterceptResult, Setup } from "./types.js";

/** The end of an operation that somebody stopped or answered. */
export function endOf(agreed: Extract<Agreed, { end: "stopped" | "answered" }>): InterceptResult {
  const { reason, by, before } = agreed;
  if (agreed.end === "stopped") return { ran: false, reason, by, before };
  return { ran: false, output: agreed.output, isError: false, reason, by, before };
}

/**
 * Answers with the output that is kept, or runs the operation until it may not run again. The kind after it is asked about
 * each run. What is kept is the output that was passed on, so that what was taken out of it stays out.
 */
export async function carryOut(
  agreed: Extract<Agreed, { end: "run" }>,
  setup: Setup,
): Promise<InterceptResult> {
  const { services, spec, field } = setup;
  const { cache, signal, stopping, clock, random } = services;
  const { input, target, before } = agreed;
  // Taken before the operation runs, which may change its own input.
  const inputText = JSON.stringify(input);
  const event = before.action === "continue" ? agreed.event : agreed.event.with(field, input);
  const mayKeep = spec.actions.includes("cache") || setup.after?.spec.actions.includes("cache") === true;
  const key = (plan = agreed.store): string =>
    cacheKey(spec, ["/tool_name", `/${field}`], event, target, plan);
  const kept = mayKeep && !(cache.isEmpty && !agreed.store) ? cache.find(key()) : undefined;
  if (kept)
    return endOf({
      end: "answered",
      output: kept.output,
      reason: "the output was kept",
      by: kept.by,
      before,
    });

  const attempts = new Attempts(clock, random, [
    { signal, reason: "the program gave it up" },
    { signal: stopping, reason: "the host was stopped" },
  ]);
  for (;;) {
    attempts.count += 1;
    // Each run gets an input of its own.
    const own = attempts.count === 1 ? input : (JSON.parse(inputText) as typeof input);
    const result = await attempt(setup.run, own, { target, attempt: attempts.count, signal });
    const { passedOn, outcome: after } = await askAfter(event, inputText, result, setup);
    const plan = after?.retry ?? (result.isError ? agreed.retry : undefined);
    const notAgain = plan && (await attempts.again(plan));
    if (plan && notAgain === undefined) continue;
    const store = agreed.store ?? after?.store;
    if (store && !result.isError && !isWithheld(after)) cache.keep(key(store), passedOn, store);
    return {
      ran: true,
      output: passedOn,
      isError: result.isError,
      input: own,
      ...(target === undefined ? {} : { target }),
      ...(attempts.count === 1 ? {} : { attempts: attempts.count }),
      ...(notAgain === undefined ? {} : { notAgain }),
      before,
      after,
    };
  }
}

/** True if a hook that fails closed could not look at the output: what stands in its place is no answer for later. */
function isWithheld(after: Outcome | undefined): boolean {
  return after?.votes.some((vote) => vote.status === "abstained" && vote.closed) === true;
}
