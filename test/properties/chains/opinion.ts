import type { Rule } from "./draw.js";

type Answer = { action: string; reason?: string; message?: string; input?: string; output?: string };

/** The answer of a rule to a text. A text that the rule leaves alone goes on. */
export function opinion(rule: Rule, text: string, name: string): Answer {
  const field = name.startsWith("before") ? "input" : "output";
  const rewritten = (changed: string): Answer =>
    changed === text
      ? { action: "continue" }
      : { action: field === "input" ? "modify" : "replace", [field]: changed };
  switch (rule.does) {
    case "continue":
      return { action: "continue" };
    case "block":
    case "confirm":
      return { action: rule.does };
    case "malformed":
      return { action: "modify" };
    case "append":
      return rewritten(text.includes(rule.mark) ? text : text + rule.mark);
    case "drop":
      return rewritten(text.replaceAll(rule.mark, ""));
    case "block_if":
      return text.includes(rule.mark) ? { action: "block", reason: "no" } : { action: "continue" };
    case "confirm_if":
      return text.includes(rule.mark) ? { action: "confirm", message: "sure?" } : { action: "continue" };
  }
}
