import { block, confirm, inject, modify, replace, type Verdict } from "@synaps/sdk";
import type { HookEvent, JsonObject } from "@synaps/sdk/protocol";
import type { Merged } from "./merge.js";

/** A host's answer, and what was said that the kind of the event has no answer for. */
export interface Expressed {
  readonly verdict?: Verdict;
  /** Each is told to the user. */
  readonly lost: readonly string[];
  /** Context that has its place after the output of the same call. */
  readonly later: readonly string[];
}

const NO_REASON = "a hook blocked this and gave no reason";

/** Says at this kind of event as strongly as it allows what hooks said; never a weaker thing than that without telling. */
export function express(
  event: HookEvent,
  merged: Merged,
  back: (input: JsonObject) => JsonObject,
): Expressed {
  switch (event.kind) {
    case "before_tool_call":
      return beforeTool(merged, back);
    case "after_tool_call":
      return afterTool(event, merged);
    case "before_message":
    case "on_session_start":
      return beforeModel(event.kind, merged);
    case "agent.custom":
      return atPoint(merged);
    default:
      return { lost: [...refusals(merged), ...without("context", merged.contexts)], later: [] };
  }
}

function beforeTool(merged: Merged, back: (input: JsonObject) => JsonObject): Expressed {
  const { decision, contexts, input, stop } = merged;
  const refusal = refusalOf(merged) ?? stop;
  // A refused call has no output that context could follow.
  if (refusal !== undefined)
    return { verdict: block([refusal, ...contexts].join("\n\n")), lost: [], later: [] };
  if (decision === "ask") {
    const reason = merged.reasons.join("\n");
    if (input === undefined)
      return {
        verdict: confirm(reason === "" ? "a hook asks before this call" : reason),
        lost: [],
        later: contexts,
      };
    const wanted = JSON.stringify(back(input));
    const text = `a hook asks to confirm this call with another input: ${wanted}`;
    return { verdict: block(reason === "" ? text : `${text}\n${reason}`), lost: [], later: [] };
  }
  return { ...(input === undefined ? {} : { verdict: modify(back(input)) }), lost: [], later: contexts };
}

function afterTool(event: HookEvent, { texts, output, stop }: Merged): Expressed {
  if (stop !== undefined) return { verdict: replace(stop), lost: [], later: [] };
  if (texts.length === 0)
    return { ...(output === undefined ? {} : { verdict: replace(output) }), lost: [], later: [] };
  if (output === undefined && event.meta?.truncated === true)
    return { lost: without("text beside an output that is handed over in part only", texts), later: [] };
  const whole = [output ?? event.tool_output ?? "", ...texts].filter((text) => text !== "");
  return { verdict: replace(whole.join("\n\n")), lost: [], later: [] };
}

function beforeModel(kind: string, merged: Merged): Expressed {
  const lost = refusals(merged);
  // A session begins whatever a hook says, in the format as well; a prompt that was refused gets nothing added.
  const isDropped = kind === "before_message" && lost.length > 0;
  if (merged.contexts.length === 0 || isDropped) return { lost, later: [] };
  return { verdict: inject(merged.contexts.join("\n\n")), lost, later: [] };
}

function atPoint(merged: Merged): Expressed {
  const lost = without("context", merged.contexts);
  const refusal = refusalOf(merged) ?? merged.stop;
  if (refusal !== undefined) return { verdict: block(refusal), lost, later: [] };
  if (merged.decision !== "ask") return { lost, later: [] };
  return {
    verdict: block(["a hook asks, and nobody can be asked here", ...merged.reasons].join(": ")),
    lost,
    later: [],
  };
}

function refusalOf({ decision, reasons }: Merged): string | undefined {
  const text = reasons.join("\n");
  if (decision === "deny") return text === "" ? NO_REASON : text;
  if (decision === "defer")
    return `a hook deferred this call, which nobody can take up again here${text === "" ? "" : `: ${text}`}`;
  return undefined;
}

function refusals(merged: Merged): string[] {
  const refusal = refusalOf(merged) ?? merged.stop;
  return refusal === undefined
    ? []
    : [`this kind of event cannot be blocked here; a hook wanted to: ${refusal}`];
}

function without(what: string, texts: readonly string[]): string[] {
  return texts.length === 0 ? [] : [`there is no place for ${what} here: ${texts.length} were left out`];
}
