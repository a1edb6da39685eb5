/** A member of the input of a call. Its As and Bs are in `p`, in their order, and its Cs in `q`. */
export type Part = "p" | "q";

/** The letters of a text that a hook with these fields gets; all of them without fields. */
export function seenIn(text: string, fields: readonly Part[] = ["p", "q"]): string {
  if (fields.length === 2) return text;
  return fields[0] === "p" ? text.replaceAll("C", "") : text.replaceAll(/[^C]/g, "");
}

/** The rest of the letters. */
export function unseenIn(text: string, fields: readonly Part[] = ["p", "q"]): string {
  if (fields.length === 2) return "";
  return seenIn(text, fields[0] === "p" ? ["q"] : ["p"]);
}

/** The text as all other texts are written: `p` first, `q` last. */
export function inOrder(text: string): string {
  return text.includes("C") ? seenIn(text, ["p"]) + seenIn(text, ["q"]) : text;
}

/** The input of a call, or the members of one that an answer has letters for or its fields name. */
export function inputOf(text: string, fields: readonly Part[] = ["p", "q"]): Record<string, string> {
  const members: Record<string, string> = {};
  for (const part of ["p", "q"] as const) {
    const letters = seenIn(text, [part]);
    if (letters !== "" || fields.includes(part)) members[part] = letters;
  }
  return members;
}

/** The text of an input, or of the members of one that were sent. */
export function textOf(input: unknown): string {
  const { p = "", q = "" } = Object(input) as { p?: string; q?: string };
  return p + q;
}
