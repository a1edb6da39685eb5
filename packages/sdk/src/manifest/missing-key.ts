import { didYouMean } from "../protocol/did-you-mean.js";
import { isJsonObject, type JsonValue } from "../protocol/json.js";

/** Words that authors write for a required key, from other programs and from the payloads of events. */
const OTHER_WORDS: Readonly<Record<string, readonly string[]>> = {
  hook: ["kind", "event", "name", "on", "type"],
  command: ["cmd", "exec", "program", "executable", "main", "entry"],
  runtime: ["type"],
  key: ["name", "id"],
};

/** The key of an object that was probably meant to be the required `key`, which the object lacks. */
export function writtenFor(
  key: string,
  object: JsonValue | undefined,
  known: readonly string[],
): string | undefined {
  if (!isJsonObject(object) || Object.hasOwn(object, key)) return undefined;
  const unknown = Object.keys(object).filter((one) => !known.includes(one));
  return (OTHER_WORDS[key] ?? []).find((word) => unknown.includes(word)) ?? didYouMean(key, unknown);
}
