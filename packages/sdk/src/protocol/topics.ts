import { globMatches } from "./glob.js";

/** Longest topic and longest glob of topics, in characters. */
export const MAX_TOPIC_LENGTH = 128;

/** Most handlers that an event may go through, each raising the next one. A loop ends there. */
export const MAX_HOPS = 8;

const SEGMENT = /^[a-z0-9_-]+$/;
const GLOB_SEGMENT = /^(?:\*\*|[a-z0-9_*-]+)$/;

/** An event that was raised on a topic, as extensions are told of it. */
export interface RaisedEvent {
  topic: string;
  data: unknown;
  /** Id of the extension or hook that raised it, `program` for the program, `host` for the host itself. */
  from: string;
  /** Milliseconds since the Unix epoch. */
  at: number;
  /** Number of handlers that the event came through, each raising the next one: 0 for a fresh one. */
  hops: number;
}

/** True for lower-case names joined by dots, as `deploy.finished`, of at most 128 characters. Takes anything. */
export function isTopic(value: unknown): value is string {
  if (typeof value !== "string" || value.length > MAX_TOPIC_LENGTH) return false;
  return value.split(".").every((segment) => SEGMENT.test(segment));
}

/** The reason why a glob of topics is none; undefined for a right one. */
export function topicGlobProblem(glob: unknown): string | undefined {
  if (typeof glob !== "string" || glob === "") return "it must be a text";
  if (glob.length > MAX_TOPIC_LENGTH) return `it is longer than ${MAX_TOPIC_LENGTH} characters`;
  const wrong = glob.split(".").find((segment) => !GLOB_SEGMENT.test(segment));
  if (wrong === "") return "there is nothing between two dots, or at an end";
  if (wrong !== undefined)
    return `'${wrong}' is no lower-case name: a to z, 0 to 9, '_' and '-', with '*' for any part of one name`;
  if (glob.split(".").some((segment) => segment !== "**" && segment.includes("**")))
    return "'**' stands for whole names and must stand alone between dots";
  return undefined;
}

/** `*` stands for any part of one name, `**` for any number of names, also none. Takes time linear in both, times depth. */
export function topicMatches(glob: string, topic: string): boolean {
  const wanted = glob.split(".");
  const given = topic.split(".");
  let [w, any, resume] = [0, -1, 0];
  for (let g = 0; g < given.length;) {
    const segment = wanted[w];
    if (segment === "**") {
      any = w;
      resume = g;
      w += 1;
    } else if (segment !== undefined && globMatches(segment, given[g] ?? "")) {
      w += 1;
      g += 1;
    } else if (any !== -1) {
      w = any + 1;
      resume += 1;
      g = resume;
    } else return false;
  }
  while (wanted[w] === "**") w += 1;
  return w === wanted.length;
}

/** True for the topics that only the host raises, and for globs of nothing else: they begin with `hook.` or `host.`. */
export function isHostTopic(topic: string): boolean {
  return topic.startsWith("hook.") || topic.startsWith("host.");
}

/**
 * True if a host tells of a topic that fits both globs, the first of a permission. The host's own topics have to be named
 * there: `**` is not meant for them. Takes time linear in the lengths of both, multiplied.
 */
export function topicGlobsMeet(one: string, other: string): boolean {
  if (isHostTopic(other) && !isHostTopic(one)) return false;
  return meet(one.split("."), other.split("."), "**", (name, wanted) =>
    meet([...name], [...wanted], "*", (letter, same) => letter === same),
  );
}

/** True if some list fits both patterns, in which `any` stands for any number of parts, also none. */
function meet(
  one: readonly string[],
  other: readonly string[],
  any: string,
  fits: (part: string, wanted: string) => boolean,
): boolean {
  // Entry j of a row: the rest of `one` from this row on, and of `other` from j on, have a list in common.
  let below: boolean[] = [];
  for (let i = one.length; i >= 0; i -= 1) {
    const row: boolean[] = [];
    for (let j = other.length; j >= 0; j -= 1) {
      const [part, wanted] = [one[i], other[j]];
      if (part === undefined && wanted === undefined) row[j] = true;
      else if (part === any) row[j] = below[j] === true || row[j + 1] === true;
      else if (wanted === any) row[j] = row[j + 1] === true || below[j] === true;
      else if (part === undefined || wanted === undefined) row[j] = false;
      else row[j] = below[j + 1] === true && fits(part, wanted);
    }
    below = row;
  }
  return below[0] === true;
}

/** A permission for topics: `events.publish:<glob>` or `events.subscribe:<glob>`. */
export interface TopicPermission {
  readonly verb: "publish" | "subscribe";
  readonly glob: string;
}

/** Reads a permission for topics, whose glob is not checked. Undefined for any other permission. */
export function topicPermission(permission: string): TopicPermission | undefined {
  const [, verb, glob = ""] = /^events\.(publish|subscribe):(.*)$/s.exec(permission) ?? [];
  return verb === "publish" || verb === "subscribe" ? { verb, glob } : undefined;
}

/** The sentence for the person who grants a permission for topics. */
export function topicSentence({ verb, glob }: TopicPermission): string {
  return verb === "publish"
    ? `Raise events on the topics '${glob}'`
    : `Be told of events on the topics '${glob}', whoever raises them`;
}
