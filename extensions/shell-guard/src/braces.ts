const MAX_ALTERNATIVES = 32;

/** The words that `{a,b}` stands for. A range such as `{1..9}` yields its ends; anything else yields itself. */
export function braceAlternatives(text: string): string[] {
  const inner = text.slice(1, -1);
  const parts = splitTopLevel(inner);
  if (parts.length > 1) return parts.slice(0, MAX_ALTERNATIVES).flatMap(nested).slice(0, MAX_ALTERNATIVES);
  const [from, to] = inner.split("..");
  return from !== undefined && to !== undefined ? [from, to] : [text];
}

function nested(part: string): string[] {
  const open = part.indexOf("{");
  const close = part.lastIndexOf("}");
  if (open < 0 || close < open) return [unquote(part)];
  const [before, after] = [part.slice(0, open), part.slice(close + 1)];
  return splitTopLevel(part.slice(open + 1, close)).map((middle) => unquote(before + middle + after));
}

function splitTopLevel(text: string): string[] {
  const parts = [""];
  let depth = 0;
  for (const character of text) {
    if (character === "{") depth += 1;
    if (character === "}") depth -= 1;
    if (character === "," && depth === 0) parts.push("");
    else parts[parts.length - 1] += character;
  }
  return parts;
}

const unquote = (text: string): string => text.replace(/["'\\]/g, "");
