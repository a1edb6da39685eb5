import { isTopic, MAX_HOPS, topicGlobProblem } from "@synaps/sdk/protocol";
import { unlikeJson } from "../../delivery/json-likeness.js";
import { optionsCheck, TEXT } from "../../dispatch/options-check.js";
import { HostError } from "../../errors.js";
import type { EventQuery } from "./event-ring.js";

/** Largest data of one event, as JSON in bytes of UTF-8. */
export const MAX_DATA_BYTES = 64 * 1024;

const TOPIC_RULE =
  "a topic is lower-case names joined by dots, as in deploy.finished, of at most 128 characters";

function wrong(why: string, hint = "Correct the arguments."): HostError {
  return new HostError("TOPIC_INVALID", `The event cannot be raised or followed: ${why}`, { hint });
}

/** The event's data as JSON. Throws a HostError for a wrong topic, and for data that is too large or not JSON. */
export function checkedEvent(topic: unknown, data: unknown, hops: unknown): string {
  if (!isTopic(topic)) throw wrong(TOPIC_RULE);
  if (typeof hops !== "number" || !Number.isInteger(hops) || hops < 0)
    throw wrong("'hops' must be a whole number from 0");
  if (hops > MAX_HOPS)
    throw wrong(
      `it came through ${MAX_HOPS} handlers already`,
      "A handler that raises an event of its own topic, or of one that leads back to it, makes a loop.",
    );
  const problem = unlikeJson(data ?? null, "/data");
  if (problem !== undefined) throw wrong(problem);
  const text = JSON.stringify(data ?? null);
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_DATA_BYTES) throw wrong(`its data has ${bytes} bytes, at most ${MAX_DATA_BYTES} fit`);
  return text;
}

/** Throws a HostError for a glob that is none. */
export function checkGlob(glob: unknown): asserts glob is string {
  const problem = topicGlobProblem(glob);
  if (problem === undefined) return;
  const named = typeof glob === "string" ? ` '${glob.slice(0, 64)}'` : "";
  throw wrong(`the glob of topics${named} is wrong: ${problem}`, "Write it as in deploy.* or deploy.**");
}

const isCount = (value: unknown): boolean => Number.isInteger(value) && (value as number) >= 1;
const wrongQuery = optionsCheck<EventQuery>(
  "events.query",
  {
    topic: TEXT,
    from: TEXT,
    since: [(value) => Number.isFinite(value), "milliseconds since the Unix epoch"],
    limit: [isCount, "a whole number from 1"],
  },
  "TOPIC_INVALID",
);

/** Throws a HostError for wrong conditions. */
export function checkQuery(query: EventQuery): void {
  const problem = wrongQuery(query);
  if (problem) throw problem;
  if (query.topic !== undefined) checkGlob(query.topic);
}
