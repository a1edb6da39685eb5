import { isJsonObject, type JsonValue } from "../protocol/json.js";
import type { ManifestProblem } from "./problem.js";

const MAX_VALUE = 80;

/** Returns the key and the value of a manifest that a problem points at, as they stand there. */
export function evidenceOfProblem(text: string, problem: ManifestProblem): string | undefined {
  const { pointer, key } = problem;
  if (key !== undefined) return JSON.stringify(key);
  if (pointer === "") return lineOfProblem(text, problem);
  const parts = pointer
    .slice(1)
    .split("/")
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
  const last = parts.at(-1) ?? "";
  let value: JsonValue | undefined;
  try {
    value = valueAt(JSON.parse(text.replace(/^\uFEFF/, "")) as JsonValue, parts);
  } catch {
    return undefined;
  }
  if (value === undefined) return `no ${JSON.stringify(last)}`;
  const shown = JSON.stringify(value).slice(0, MAX_VALUE);
  return /^\d+$/.test(last) ? shown : `${JSON.stringify(last)}: ${shown}`;
}

function valueAt(json: JsonValue, parts: readonly string[]): JsonValue | undefined {
  let value: JsonValue | undefined = json;
  for (const part of parts) {
    if (Array.isArray(value)) value = value[Number(part)];
    else value = isJsonObject(value) && Object.hasOwn(value, part) ? value[part] : undefined;
  }
  return value;
}

/** The line that a problem with the text itself names. */
function lineOfProblem(text: string, { message }: ManifestProblem): string | undefined {
  const number = /\bat line (\d+)\b/.exec(message)?.[1];
  const line = number === undefined ? undefined : text.split("\n")[Number(number) - 1];
  return line === undefined ? undefined : `${number}: ${line.trim().slice(0, MAX_VALUE)}`;
}
