import { isJsonObject, type JsonObject, type JsonValue } from "@synaps/sdk/protocol";
import { HostError } from "../../errors.js";

/** One turn of a provider. */
export interface Answer {
  content: JsonObject[];
  stopReason: string | null;
  usage: JsonObject | undefined;
}

export interface ToolUse {
  id: string;
  name: string;
  input: JsonValue;
}

/** Tools that one turn may ask for. More come from a defect. */
const MAX_TOOL_USES = 64;

/** Checks the answer of a provider. Throws a HostError that names the fault. Content may be empty where allowed. */
export function answerOf(ref: string, result: unknown, mayBeEmpty: boolean): Answer {
  const fail = (what: string): HostError =>
    new HostError("PROVIDER_MALFORMED", `The answer of '${ref}' is malformed: ${what}`, {
      hint: "A provider answers {content: [block, …], stop_reason?, usage?}.",
    });
  const answer = result ?? (mayBeEmpty ? {} : null);
  if (!isJsonObject(answer)) throw fail("it is not an object");
  const content = answer["content"] ?? [];
  if (!Array.isArray(content)) throw fail("content is not a list");
  if (content.length === 0 && !mayBeEmpty) throw fail("content is empty");
  const blocks = content.map((block) => {
    if (!isJsonObject(block) || typeof block["type"] !== "string")
      throw fail("a block of content has no type");
    if (block["type"] === "text" && typeof block["text"] !== "string") throw fail("a text block has no text");
    return block;
  });
  const { stop_reason, usage } = answer;
  return {
    content: blocks,
    stopReason: typeof stop_reason === "string" ? stop_reason : null,
    usage: isJsonObject(usage) ? usage : undefined,
  };
}

/** The requests for tools in a turn. Throws a HostError if one is malformed: then the whole turn is void. */
export function toolUsesOf(ref: string, content: readonly JsonObject[]): ToolUse[] {
  const uses = content.filter(({ type }) => type === "tool_use");
  const fail = (what: string): HostError =>
    new HostError("PROVIDER_MALFORMED", `A tool_use block of '${ref}' is malformed: ${what}`, {
      hint: 'A tool_use block is {type: "tool_use", id, name, input?}.',
    });
  if (uses.length > MAX_TOOL_USES) throw fail(`there are over ${MAX_TOOL_USES} of them`);
  return uses.map(({ id, name, input }) => {
    if (typeof id !== "string" || id === "") throw fail("missing id");
    if (typeof name !== "string" || name === "") throw fail("missing name");
    return { id, name, input: input ?? {} };
  });
}

export function textOf(content: readonly JsonObject[]): string {
  return content.map(({ type, text }) => (type === "text" && typeof text === "string" ? text : "")).join("");
}
