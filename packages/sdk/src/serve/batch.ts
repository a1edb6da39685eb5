import type { JsonValue } from "../protocol/json.js";

/** The result that lets an event go on, as it stands on the wire. */
export const CONTINUE_RESULT = '{"action":"continue"}';

type Handled = string | Promise<string>;

/**
 * Handles the events of a batch in order, each after the one before it was dealt with, and returns the answer to the
 * batch: null when all of them may go on, else an entry for each. One that fails leaves the others alone.
 */
export function handleInOrder(
  events: readonly JsonValue[],
  handle: (event: JsonValue) => Handled,
  failed: (error: unknown) => string,
): Handled {
  const results: string[] = [];
  for (const [place, event] of events.entries()) {
    const result = guarded(event, handle, failed);
    // Only from the first handler on that takes its time is there anything to wait for.
    if (typeof result !== "string") return theRest(events.slice(place + 1), results, result, handle, failed);
    results.push(result);
  }
  return answer(results);
}

async function theRest(
  events: readonly JsonValue[],
  results: string[],
  first: Promise<string>,
  handle: (event: JsonValue) => Handled,
  failed: (error: unknown) => string,
): Promise<string> {
  results.push(await first);
  for (const event of events) results.push(await guarded(event, handle, failed));
  return answer(results);
}

function guarded(
  event: JsonValue,
  handle: (event: JsonValue) => Handled,
  failed: (error: unknown) => string,
): Handled {
  try {
    const result = handle(event);
    return typeof result === "string" ? result : result.catch(failed);
  } catch (error) {
    return failed(error);
  }
}

function answer(results: readonly string[]): string {
  return results.every((result) => result === CONTINUE_RESULT)
    ? "null"
    : `{"results":[${results.join(",")}]}`;
}
