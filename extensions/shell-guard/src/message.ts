import type { Decision, Finding } from "./decide.js";
import { never } from "./rules/rule.js";
import { ruleById } from "./rules/index.js";

const MAX_SHOWN = 120;
const MAX_OTHERS = 3;

/**
 * The text for whoever is told no or is asked: what is stopped, why, and what to do instead. A model reads it as well, so it
 * names nothing that switches a rule off.
 */
export function describe(decision: Decision): string {
  const [first, ...rest] = decision.findings;
  if (!first) return "";
  const head = first.severity === "block" ? "Blocked by shell-guard" : "shell-guard asks before this runs";
  const others = [...new Set(rest.map((finding) => finding.why))]
    .filter((why) => why !== first.why)
    .slice(0, MAX_OTHERS);
  const also = others.length > 0 ? ` Also: ${others.map(excerpt).join("; ")}.` : "";
  return `${head}: \`${excerpt(first.text)}\` - ${excerpt(first.why)}.${also} ${first.remedy}`;
}

/** The line for the extension's log, which the user reads: which rules it was, and what permits the command. Never the command. */
export function forLog({ findings, verdict }: Decision, mode: string): string {
  const [first] = findings;
  if (!first) return "";
  const rules = [...new Set(findings.map(({ rule }) => rule))].join(", ");
  const done = verdict === "continue" ? `let pass by mode = ${mode}, would ${first.severity}` : verdict;
  return `${done}: ${rules}. To permit it for good: ${wayOut(first)}.`;
}

function wayOut({ rule }: Finding): string {
  const known = ruleById(rule);
  if (!known) return "change the pattern in the configuration";
  const off = `off_rules = ${rule}`;
  return known.match === never ? off : `allow = a pattern of the command, or ${off}`;
}

/** The question that is asked once about a configuration with mistakes. */
export const CONFIGURATION_QUESTION =
  "shell-guard asks once: its configuration has a mistake, so its default rules apply there. The user finds the mistake in the log of the extension (synaps-ext logs shell-guard).";

/** One short line without control characters: a command must not be able to paint on the terminal. */
export function excerpt(text: string): string {
  const plain = text
    .slice(0, MAX_SHOWN * 8)
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ")
    .trim();
  const letters = Array.from(plain.slice(0, MAX_SHOWN * 4));
  return letters.length > MAX_SHOWN ? `${letters.slice(0, MAX_SHOWN - 3).join("")}...` : letters.join("");
}
