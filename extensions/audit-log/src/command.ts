import type { JsonValue } from "@synaps/sdk";

/** Members of a tool's input that hold what a shell or an interpreter runs, in the order of looking. */
const NAMES = ["command", "cmd", "script", "code", "chars"] as const;

/** The command of a tool's input as one text; undefined for other inputs. Takes anything. */
export function commandOf(input: JsonValue | undefined): string | undefined {
  if (typeof input !== "object" || input === null || Array.isArray(input)) return textOf(input);
  for (const name of NAMES) {
    const text = Object.hasOwn(input, name) ? textOf(input[name]) : undefined;
    if (text !== undefined) return text;
  }
  return undefined;
}

/** A list is a program with its words. */
function textOf(value: JsonValue | undefined): string | undefined {
  if (typeof value === "string") return value;
  const isWords = Array.isArray(value) && value.length > 0 && value.every((word) => typeof word === "string");
  return isWords ? value.join(" ") : undefined;
}
