import { block, MALFORMED_MODIFY } from "@synaps/sdk/protocol";
import { unlikeJson } from "../delivery/json-likeness.js";
import { messageOf } from "../errors.js";

/** Members of the wire's verdicts whose loss costs no stated intent. */
const MEMBERS = [
  "reason",
  "content",
  "output",
  "target",
  "value",
  "store",
  "ttl_ms",
  "key",
  "delay_ms",
  "max_attempts",
  "backoff",
  "jitter",
  "operations",
] as const;

/** The answer of a handler that returned nothing. */
export const CONTINUES = Object.freeze({ action: "continue" });

/** Marks a rewrite that is merged into the field (RFC 7396) instead of replacing it. Nothing from a wire can carry it. */
export const MERGES: unique symbol = Symbol("merges");

/**
 * The answer of a handler of the program in the wire's vocabulary, as a copy: nothing that the handler does with its own
 * object later changes anything. Members that no verdict has are not looked at, so that no odd one costs a stated intent.
 * A rewrite that JSON would change blocks, as a malformed one of an extension does.
 */
export function answerOf(answer: unknown): unknown {
  const written = writtenAs(answer);
  if (written === undefined || written === null) return CONTINUES;
  if (typeof written !== "object" || Array.isArray(written)) return written;
  const given = written as Readonly<Record<string, unknown>>;
  const { action } = given;
  switch (action) {
    case "reject":
    case "abort":
    case "cancel":
    case "block":
      return { action: "block", reason: memberOf(given, "reason") };
    case "confirm":
      return { action, message: memberOf(given, "message") };
    case "modified":
    case "modify_context":
      return { ...rewriteOf(given, "data"), [MERGES]: true };
    case "modify":
      return rewriteOf(given, "input");
    default:
      return { action, ...Object.fromEntries(MEMBERS.map((name) => [name, copyOf(given[name], name)])) };
  }
}

/** A class that says how it is to be written is taken at its word, once, as JSON does it. */
function writtenAs(answer: unknown): unknown {
  const own = typeof answer === "object" && answer !== null ? (answer as { toJSON?: unknown }) : {};
  return typeof own.toJSON === "function" ? (own as { toJSON(): unknown }).toJSON() : answer;
}

/** Throws for a value that JSON would change: what the program meant would not be what counts. */
function copyOf(value: unknown, name: string): unknown {
  if (value === undefined || typeof value === "string") return value;
  const problem = unlikeJson(value, `/${name}`);
  if (problem !== undefined) throw new TypeError(`the answer cannot be taken as JSON: ${problem}`);
  return JSON.parse(JSON.stringify(value));
}

/** The text of a stated intent. A member that cannot be read must not undo the intent. */
function memberOf(given: Readonly<Record<string, unknown>>, name: string): unknown {
  try {
    return given[name];
  } catch {
    return undefined;
  }
}

function rewriteOf(given: Readonly<Record<string, unknown>>, name: string): object {
  try {
    const input = given[name];
    const problem = unlikeJson(input, "/input");
    if (problem !== undefined) return block(`${MALFORMED_MODIFY}: ${problem}`);
    const text = JSON.stringify(input) as string | undefined;
    return { action: "modify", input: text === undefined ? undefined : (JSON.parse(text) as unknown) };
  } catch (error) {
    return block(`${MALFORMED_MODIFY}: ${messageOf(error)}`);
  }
}
