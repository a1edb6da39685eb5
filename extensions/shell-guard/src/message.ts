import type { Decision, Finding } from "./decide.js";
import { ruleById } from "./rules/index.js";
import { never } from "./rules/rule.js";

const MAX_SHOWN = 120;
const MAX_OTHERS = 3;

/** The text for the person (and the model) who is told no or is asked. */
export function describe(decision: Decision): string {
  const [first, ...rest] = decision.findings;
  if (!first) return "";
  const head = first.severity === "block" ? "Blocked by shell-guard" : "shell-guard asks before this runs";
  const others = [...new Set(rest.map((finding) => finding.rule))]
    .filter((rule) => rule !== first.rule)
    .slice(0, MAX_OTHERS);
  const also = others.length > 0 ? ` Also: ${others.join(", ")}.` : "";
  return `${head} (rule ${first.rule}): \`${excerpt(first.text)}\` - ${excerpt(first.why)}.${also} ${first.remedy} ${howToAllow(first)}`;
}

function howToAllow(finding: Finding): string {
  const rule = ruleById(finding.rule);
  if (!rule) return "The rule stands in the configuration of shell-guard.";
  if (rule.match === never)
    return `To permit it for good, the user can set \`off_rules = ${rule.id}\` in plugins/shell-guard/config.`;
  return `To permit it for good, the user can set \`allow\` (a command pattern) or \`off_rules = ${finding.rule}\` in plugins/shell-guard/config.`;
}

/** One short line without control characters: a command must not be able to paint on the terminal. */
export function excerpt(text: string): string {
  const plain = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ").trim();
  const letters = Array.from(plain.slice(0, MAX_SHOWN * 4));
  return letters.length > MAX_SHOWN ? `${letters.slice(0, MAX_SHOWN - 3).join("")}...` : letters.join("");
}
