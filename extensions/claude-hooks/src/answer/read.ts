import { isJsonObject, type JsonObject, type JsonValue } from "@synaps/sdk/protocol";
import { bounded, DECISIONS, type Answer } from "./answer.js";

/** The end of a hook: exit code and outputs of a program; of a web address code 0 and its body. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Events at which plain output is context. */
const PLAIN_CONTEXT = ["SessionStart", "UserPromptSubmit", "UserPromptExpansion"];
const BLOCKS = 2;
const NO_REASON = "a hook blocked this and gave no reason";

/** Reads the end of a hook by the rules of the format. `tool` is the tool's name in this format. */
export function readAnswer(event: string, tool: string | undefined, ended: Ended): Answer {
  const { code } = ended;
  const stderr = ended.stderr.trim();
  const text = ended.stdout.trim();
  const said = text.startsWith("{") ? readJson(event, tool, text) : undefined;
  if (code === BLOCKS) {
    const isRefusal = said?.decision === "deny" && said.reason !== undefined;
    const reason = isRefusal ? said.reason : stderr === "" ? NO_REASON : bounded(stderr);
    return {
      contexts: [],
      remarks: [],
      ...withoutFailure(said),
      decision: "deny",
      reason: reason ?? NO_REASON,
    };
  }
  if (code !== 0) {
    const failure = `exit code ${code}${stderr === "" ? "" : `: ${firstLine(stderr)}`}`;
    return said === undefined || said.failure !== undefined
      ? { contexts: [], remarks: [], failure }
      : { ...said, failure };
  }
  if (said !== undefined) return said;
  const isContext = text !== "" && PLAIN_CONTEXT.includes(event);
  return { contexts: isContext ? [bounded(text)] : [], remarks: [] };
}

function withoutFailure(said: Answer | undefined): Partial<Answer> {
  if (said?.failure !== undefined) return {};
  return said ?? {};
}

function readJson(event: string, tool: string | undefined, text: string): Answer {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return failed("its output begins like JSON and is none");
  }
  if (!isJsonObject(value)) return failed("its output is no JSON object");
  const own = specificOf(event, value);
  const problem = schemaProblem(value, own);
  if (problem !== undefined) return failed(problem);
  const blocks = value["decision"] === "block";
  const inner = decisionOf(event, own);
  const decision =
    inner.decision ?? (blocks ? "deny" : value["decision"] === "approve" ? "allow" : undefined);
  const reason = inner.reason ?? textOf(blocks || decision === "allow" ? value["reason"] : undefined);
  const input = isJsonObject(inner.input) ? inner.input : undefined;
  const replaced = outputText(tool, own["updatedToolOutput"] ?? own["updatedMCPToolOutput"]);
  const message = textOf(value["systemMessage"]);
  const ignored = value["hookSpecificOutput"] !== undefined && own === NOTHING;
  const remarks = [
    ...(message === undefined ? [] : [message]),
    ...(replaced.problem === undefined ? [] : [replaced.problem]),
    ...(ignored ? [`'hookSpecificOutput' is for another event than ${event} and does not count`] : []),
  ];
  const context = textOf(own["additionalContext"]);
  return {
    contexts: context === undefined ? [] : [bounded(context)],
    remarks,
    ...(blocks && decision !== "deny"
      ? { decision: "deny" as const }
      : decision === undefined
        ? {}
        : { decision }),
    ...(reason === undefined ? {} : { reason: bounded(reason) }),
    ...(input === undefined ? {} : { input }),
    ...(replaced.text === undefined ? {} : { output: replaced.text }),
    ...(value["continue"] === false
      ? { stop: bounded(textOf(value["stopReason"]) ?? "a hook stopped the turn and gave no reason") }
      : {}),
  };
}

const NOTHING: JsonObject = {};

/** The part of an answer for this event; one that names another event, or none, does not count. */
function specificOf(event: string, value: JsonObject): JsonObject {
  const own = value["hookSpecificOutput"];
  return isJsonObject(own) && own["hookEventName"] === event ? own : NOTHING;
}

function schemaProblem(value: JsonObject, own: JsonObject): string | undefined {
  const { decision, continue: goesOn } = value;
  if (decision !== undefined && decision !== "block" && decision !== "approve")
    return "its answer does not count: 'decision' must be block or approve";
  if (goesOn !== undefined && typeof goesOn !== "boolean")
    return "its answer does not count: 'continue' must be true or false";
  const permission = own["permissionDecision"];
  if (permission !== undefined && !DECISIONS.some((name) => name === permission))
    return `its answer does not count: 'permissionDecision' must be one of ${DECISIONS.join(", ")}`;
  if (own["updatedInput"] !== undefined && !isJsonObject(own["updatedInput"]))
    return "its answer does not count: 'updatedInput' must be an object";
  return undefined;
}

function decisionOf(
  event: string,
  own: JsonObject,
): { decision?: Answer["decision"]; reason?: string; input?: JsonValue } {
  const inner = own["decision"];
  if (event === "PermissionRequest" && isJsonObject(inner)) {
    const reason = textOf(inner["message"]);
    const decision =
      inner["behavior"] === "deny" ? "deny" : inner["behavior"] === "allow" ? "allow" : undefined;
    return clean({ decision, reason, input: inner["updatedInput"] });
  }
  const decision = DECISIONS.find((name) => name === own["permissionDecision"]);
  return clean({ decision, reason: textOf(own["permissionDecisionReason"]), input: own["updatedInput"] });
}

function clean(parts: {
  decision: Answer["decision"] | undefined;
  reason: string | undefined;
  input: JsonValue | undefined;
}) {
  return Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined)) as ReturnType<
    typeof decisionOf
  >;
}

/** The text of an output that a hook gave; the shell's must have the shell's own form, as the format demands. */
function outputText(
  tool: string | undefined,
  value: JsonValue | undefined,
): { text?: string; problem?: string } {
  if (value === undefined || value === null) return {};
  if (tool === "Bash") {
    const { stdout, stderr, interrupted } = isJsonObject(value) ? value : {};
    if (typeof stdout !== "string" || typeof stderr !== "string" || typeof interrupted !== "boolean")
      return { problem: "'updatedToolOutput' has not the form of the tool Bash and does not count" };
    return { text: stderr === "" ? stdout : `${stdout}\n${stderr}` };
  }
  if (typeof value === "string") return { text: value };
  const content = isJsonObject(value) ? value["content"] : value;
  if (typeof content === "string") return { text: content };
  if (Array.isArray(content)) {
    const texts = content.map((part) => (isJsonObject(part) ? part["text"] : part));
    if (texts.every((part) => typeof part === "string")) return { text: texts.join("\n") };
  }
  return { text: JSON.stringify(value) };
}

function failed(failure: string): Answer {
  return { contexts: [], remarks: [], failure };
}

function textOf(value: JsonValue | undefined): string | undefined {
  return typeof value === "string" && value.trim() !== "" ? value : undefined;
}

function firstLine(text: string): string {
  return (text.split("\n")[0] ?? "").slice(0, 200);
}
