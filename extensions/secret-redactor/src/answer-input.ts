import type { SynapsEvent, SynapsVerdict } from "@synaps/sdk";
import { markIn } from "./marks.js";
import type { Settings } from "./settings.js";

type Event = Pick<SynapsEvent<"before_tool_call">, "tool_name" | "tool_input">;

/** Asks before a tool runs whose input holds a mark: what it writes would have the mark in place of the secret. */
export function answerInput(
  event: Event,
  settings: Pick<Settings, "askAboutMarks">,
): SynapsVerdict<"before_tool_call"> {
  if (!settings.askAboutMarks) return { action: "continue" };
  const found = markIn(event.tool_input, event.tool_name);
  return found === undefined ? { action: "continue" } : { action: "confirm", message: question(found.mark) };
}

function question(mark: string | undefined): string {
  if (mark === undefined)
    return "secret-redactor: this input is too large to be looked through for marks that stand in place of secrets.";
  return (
    `secret-redactor: this input holds ${mark}. The mark stands in place of a secret that was taken out of an earlier output; ` +
    "it is not what the file or program holds. Writing it would overwrite the real value, which would be lost. " +
    "Instead, edit around the line and leave the one with the secret out of the change, or let the person make this change."
  );
}
