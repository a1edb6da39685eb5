import type { JsonObject, JsonValue } from "@synaps/sdk/protocol";
import { HostError } from "../../errors.js";
import { textOf, toolUsesOf, type Answer, type ToolUse } from "./content.js";
import type { LoopTools } from "./loop-tools.js";
import type { Completion, RanTool } from "./provider-types.js";
import { cancelled } from "./turn.js";

/** Turns of a provider in one completion: the reference's limit. */
export const DEFAULT_MAX_TURNS = 8;

export interface LoopRequest {
  ref: string;
  messages: readonly JsonObject[];
  /** Without tools, requests for them are the caller's to answer. */
  tools: LoopTools | undefined;
  maxTurns: number;
  signal: AbortSignal | undefined;
  /** Asks the provider once. */
  ask(messages: readonly JsonObject[]): Promise<Answer & { malformed?: number }>;
  /** Told of each turn's requests for tools, run or not. */
  onToolUses(count: number): void;
}

/** Asks the provider, runs the tools that it asks for, and asks again with their outputs, until a turn needs no tool. */
export async function toolLoop(request: LoopRequest): Promise<Completion> {
  const { ref, tools, maxTurns, signal, ask, onToolUses } = request;
  const ranTools: RanTool[] = [];
  const usages: JsonObject[] = [];
  let messages = request.messages;
  let malformedEvents = 0;
  for (let turns = 1; ; turns += 1) {
    const { content, stopReason, usage, malformed = 0 } = await ask(messages);
    malformedEvents += malformed;
    if (usage) usages.push(usage);
    const uses = toolUsesOf(ref, content);
    onToolUses(uses.length);
    if (!tools || uses.length === 0) {
      return { content, text: textOf(content), stopReason, usages, turns, ranTools, malformedEvents };
    }
    if (turns >= maxTurns) throw tooMany(ref, maxTurns);
    const results: JsonObject[] = [];
    // One after the other: a later one may build on what an earlier one did.
    for (const use of uses) results.push(await runTool(use, tools, signal, ranTools));
    if (signal?.aborted) throw cancelled(ref);
    messages = [...messages, message("assistant", content), message("user", results)];
  }
}

async function runTool(
  use: ToolUse,
  tools: LoopTools,
  signal: AbortSignal | undefined,
  ran: RanTool[],
): Promise<JsonObject> {
  const { id, name } = use;
  const { content, isError } = await tools.run(use, signal);
  ran.push({ id, name, isError });
  return { type: "tool_result", tool_use_id: id, content, ...(isError ? { is_error: true } : {}) };
}

function message(role: string, content: readonly JsonValue[]): JsonObject {
  return { role, content: [...content] };
}

function tooMany(ref: string, maxTurns: number): HostError {
  return new HostError(
    "PROVIDER_TOOL_LIMIT",
    `'${ref}' exceeded the provider tool-use iteration limit (${maxTurns})`,
    { hint: "Raise maxTurns, or offer fewer tools." },
  );
}
