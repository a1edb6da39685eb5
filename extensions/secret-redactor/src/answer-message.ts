import type { SynapsEvent, SynapsVerdict } from "@synaps/sdk";
import type { Redaction, Redactor } from "@synaps/guards/secrets";
import type { Settings } from "./settings.js";

type Event = Pick<SynapsEvent<"before_message">, "message">;

/** Warns about secrets in the user's message. The message itself cannot be changed at this hook. */
export function answerMessage(
  event: Event,
  redactor: Redactor,
  settings: Pick<Settings, "warnMessages">,
  /** Mistakes in the configuration that nobody has been told of in this session. */
  problems: readonly string[] = [],
): SynapsVerdict<"before_message"> {
  const message: unknown = event.message;
  const redactions =
    settings.warnMessages && typeof message === "string" ? redactor.redact(message).redactions : [];
  const texts = [
    ...(problems.length > 0 ? [mistakes(problems)] : []),
    ...(redactions.length > 0 ? [warning(redactions)] : []),
  ];
  return texts.length === 0 ? { action: "continue" } : { action: "inject", content: texts.join("\n\n") };
}

function mistakes(problems: readonly string[]): string {
  return [
    "Warning from secret-redactor: its configuration has mistakes. Tell the user so; until they are mended, the defaults count.",
    ...problems.slice(0, 20).map((problem) => `- ${problem}`),
  ].join("\n");
}

function warning(redactions: readonly Redaction[]): string {
  const kinds = new Set(redactions.map(nameOf));
  return [
    `Warning from secret-redactor: the user's last message seems to hold ${kinds.size === 1 ? "a secret" : "secrets"}:`,
    ...[...kinds].map((kind) => `- ${kind}`),
    "It has already left the user's keyboard and is part of this conversation. Tell the user so, advise to revoke and",
    "replace it, and to pass secrets by file or environment variable. Do not repeat the value, not even in part.",
  ].join("\n");
}

function nameOf({ ruleId, description, prefix }: Redaction): string {
  return `${ruleId}: ${description}${prefix === "" ? "" : ` (begins with \`${prefix}…\`)`}`;
}
