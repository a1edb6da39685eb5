import type { SynapsEvent, SynapsVerdict } from "@synaps/sdk";
import type { Redactor } from "@synaps/guards/secrets";
import type { Settings } from "./settings.js";
import { readPreview, withoutCutEnd } from "./truncation.js";

type Event = Pick<SynapsEvent<"after_tool_call">, "tool_output" | "meta">;

/**
 * Answers `replace` when the output holds a secret, or when a part of it could not be seen and may not pass
 * unchecked. A replacement stands for the whole output, so what was not seen is always lost with it.
 */
export function answerOutput(
  event: Event,
  redactor: Redactor,
  settings: Pick<Settings, "truncated">,
): SynapsVerdict<"after_tool_call"> {
  const output: unknown = event.tool_output;
  if (typeof output !== "string") return { action: "continue" };
  const preview = readPreview(output, event.meta);

  if (!preview.truncated) {
    const { text, redactions } = redactor.redact(output);
    return redactions.length === 0 ? { action: "continue" } : { action: "replace", output: text };
  }

  if (settings.truncated === "pass" && redactor.redact(preview.seen).redactions.length === 0) {
    return { action: "continue" };
  }
  const kept = withoutCutEnd(preview.seen);
  const note = withheldNote(preview.totalBytes - Buffer.byteLength(kept), preview.totalBytes);
  const { text } = redactor.redact(kept);
  return { action: "replace", output: text === "" || text.endsWith("\n") ? text + note : `${text}\n${note}` };
}

function withheldNote(withheld: number, total: number): string {
  return (
    `[secret-redactor: the last ${withheld} of ${total} bytes were withheld because they could not be checked for secrets. ` +
    "Ask for a smaller part of this output, or set `truncated = pass` in the configuration of secret-redactor.]"
  );
}
