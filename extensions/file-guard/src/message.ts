import type { Decision, Finding } from "./decide.js";
import { changes } from "./model.js";

const MAX_SHOWN = 120;
const MAX_OTHERS = 10;

/** The text for whoever is told no or is asked, a model among them: it says what, why and what to do instead, and no switch. */
export function describe(decision: Decision): string {
  const [first, ...rest] = decision.findings;
  if (!first) return "";
  const head = first.severity === "block" ? "Blocked by file-guard" : "file-guard asks before this runs";
  const others = [...new Set(rest.map((one) => nameOf(one)))];
  const shown = others.slice(0, MAX_OTHERS);
  const more = others.length > shown.length ? ` and ${others.length - shown.length} more` : "";
  const also = shown.length > 0 ? ` Also: ${shown.join(", ")}${more}.` : "";
  return `${head}: ${nameOf(first)} - ${first.why}.${also} ${first.remedy}`;
}

/** The line for the log, which its owner reads: how to permit this for good. */
export function logLine(decision: Decision): string {
  const rules = [...new Set(decision.findings.map(({ rule }) => rule))];
  const [first] = decision.findings;
  const says = decision.verdict === "continue" ? "mode log: would" : decision.verdict;
  const named = first === undefined ? "" : nameOf(first);
  const switches = decision.findings.slice(0, 4).map(switchOf);
  return `${says} ${decision.verdict === "continue" ? `${first?.severity ?? ""} ` : ""}${named}: rule ${rules.join(", ")}. To permit it for good: ${[...new Set(switches)].join("; ")} in plugins/file-guard/config.`;
}

function switchOf({ rule, operation, text, path }: Finding): string {
  if (rule.startsWith("custom-")) return `change the key '${rule.slice(7)}'`;
  if (rule === "guard-files" || rule === "unclear-path" || operation === undefined)
    return `off_rules = ${rule}`;
  const kind = changes(operation) ? "write" : "read";
  return `allow = ${kind}:${excerpt(path ?? text)}, or off_rules = ${rule},`;
}

function nameOf({ operation, text, path }: Finding): string {
  if (operation === undefined) return "the call";
  const leads = path === undefined ? "" : `, which is \`${excerpt(path)}\``;
  return `${operation} of \`${excerpt(text)}\`${leads}`;
}

/** One short line without control characters: a path must not be able to paint on the terminal. */
export function excerpt(text: string): string {
  const plain = text
    .slice(0, MAX_SHOWN * 8)
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}`]+/gu, " ")
    .trim();
  const letters = Array.from(plain);
  return letters.length > MAX_SHOWN ? `${letters.slice(0, MAX_SHOWN - 3).join("")}...` : letters.join("");
}
