import type { JsonValue } from "@synaps/sdk/protocol";
import { agree, type Agreed } from "./agree.js";
import { carryOut, endOf } from "./carry-out.js";
import type { InterceptResult, Setup } from "./types.js";

/** Forked operations that run at the same time. */
const AT_ONCE = 4;

/**
 * Runs forked operations. Hooks are asked about every one of them before the first one runs: where one failure fails all,
 * one that is stopped stops all. After a failure, operations that have not begun are left out.
 */
export async function carryOutFork(
  fork: Extract<Agreed, { end: "fork" }>,
  setup: Setup,
): Promise<InterceptResult> {
  const { before, operations, event, target } = fork;
  const isSettled = setup.spec.forkJoin === "settled";
  let isOver = false;
  const asked = await atMost(AT_ONCE, operations, async (input): Promise<Agreed> => {
    // Nobody is asked about a part that cannot run any more.
    if (isOver)
      return { end: "stopped", reason: "another forked operation was stopped", by: fork.by, before };
    const agreed = await agree({ event: event.with(setup.field, input), target }, setup, true);
    isOver ||= !isSettled && agreed.end === "stopped";
    return agreed;
  });
  const stopped = isSettled ? undefined : asked.find(({ end }) => end === "stopped");
  if (stopped?.end === "stopped") return endOf({ ...stopped, before });
  let failed: InterceptResult | undefined;
  const ends = await atMost(AT_ONCE, asked, async (agreed): Promise<InterceptResult> => {
    if (failed)
      return { ran: false, reason: "another forked operation failed", by: fork.by, before: agreed.before };
    const end = await endOfPart(agreed, setup);
    if (!isSettled && "isError" in end && end.isError) failed ??= end;
    return end;
  });
  const ran = ends.filter((end) => end.ran);
  const output =
    failed && "output" in failed
      ? failed.output
      : JSON.stringify(ends.map(isSettled ? settledPart : outputPart));
  if (ran.length === 0)
    return endOf({
      end: "answered",
      output,
      reason: "each forked operation had its answer",
      by: fork.by,
      before,
    });
  return {
    ran: true,
    output,
    isError: failed !== undefined,
    input: ends.map((end, n) => (end.ran ? end.input : (operations[n] as JsonValue))),
    ...(target === undefined ? {} : { target }),
    operations: ends,
    before,
    after: ran.at(-1)?.after,
  };
}

async function endOfPart(agreed: Agreed, setup: Setup): Promise<InterceptResult> {
  switch (agreed.end) {
    case "run":
      return carryOut(agreed, setup);
    case "fork":
      return endOf({ ...agreed, end: "stopped", reason: "a forked operation is not forked again" });
    default:
      return endOf(agreed);
  }
}

function outputPart(end: InterceptResult): string | null {
  return "output" in end ? end.output : null;
}

/** The end of one of several that do not fail together. */
function settledPart(end: InterceptResult): JsonValue {
  if (!("output" in end)) return { output: null, is_error: true, reason: end.reason };
  return { output: end.output, is_error: end.isError };
}

/** The results in the order of the items, with at most `count` under way. */
async function atMost<T, R>(count: number, items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const left = items.entries();
  const workers = Array.from({ length: Math.min(count, items.length) }, async () => {
    for (const [n, item] of left) results[n] = await work(item);
  });
  await Promise.all(workers);
  return results;
}
