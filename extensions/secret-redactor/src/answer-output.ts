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
    const { text, redactions, complete } = redactor.redact(output);
    if (!complete) return { action: "replace", output: uncheckedNote(preview.totalBytes) };
    return redactions.length === 0 ? { action: "continue" } : { action: "replace", output: text };
  }

  if (settings.truncated === "pass") {
    const { redactions, complete } = redactor.redact(preview.seen);
    if (complete && redactions.length === 0) return { action: "continue" };
  }
  const kept = withoutCutEnd(preview.seen);
  const { text, complete } = redactor.redact(kept);
  if (!complete) return { action: "replace", output: uncheckedNote(preview.totalBytes) };
  const note = withheldNote(preview.totalBytes - Buffer.byteLength(kept), preview.totalBytes);
  return { action: "replace", output: text === "" || text.endsWith("\n") ? text + note : `${text}\n${note}` };
}

function withheldNote(withheld: number, total: number): string {
  return (
    `[secret-redactor: the last ${withheld} of ${total} bytes were withheld because they could not be checked for secrets. ` +
    "Ask for a smaller part of this output, or set `truncated = pass` in the configuration of secret-redactor.]"
  );
}

function uncheckedNote(total: number): string {
  return (
    `[secret-redactor: this output of ${total} bytes was withheld, because checking it for secrets took too long. ` +
    "Ask for a smaller part of it.]"
  );
}
