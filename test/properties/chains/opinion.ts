import type { Member } from "./draw.js";
import { inOrder, seenIn, unseenIn } from "./parts.js";

type Answer = { action: string; reason?: string; message?: string; input?: string; output?: string };

/**
 * The answer of a member to a text: the part of the whole that it gets. A text that its rule leaves alone goes on. `stray` is
 * true if the answer changes what the member does not get.
 */
export function opinion({ rule, fields }: Member, text: string, name: string): Answer & { stray?: true } {
  const answer = answerOf(rule, text, name);
  if (answer.input === undefined) return answer;
  const input = inOrder(answer.input);
  return unseenIn(input, fields) === "" ? { ...answer, input } : { ...answer, input, stray: true };
}

/** The whole text once the part of it that a member gets reads as given. */
export function wholeWith({ fields }: Member, whole: string, part: string): string {
  return inOrder(seenIn(part, fields) + unseenIn(whole, fields));
}

function answerOf(rule: Member["rule"], text: string, name: string): Answer {
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
