/** Longer commands are not taken apart. */
const MAX_COMMAND = 16_384;
/** Signs outside of quotes that make a command more than a row of simple ones. */
const INVOLVED = /^(?:\$\(|\$\{|`|<\(|>\(|<<|\(|\{\s)/;

/**
 * The simple commands of a line, without the variables in front of them. Undefined for a line that is too involved to be
 * taken apart this way: substitutions, groups, here-documents, open quotes.
 */
export function simpleCommands(line: string): string[] | undefined {
  if (line.length > MAX_COMMAND) return undefined;
  const parts = [""];
  let quote = "";
  for (let at = 0; at < line.length; at += 1) {
    const char = line[at] as string;
    if (char === "\\" && quote !== "'") {
      parts.push(`${parts.pop()}${line.slice(at, at + 2)}`);
      at += 1;
      continue;
    }
    if (quote !== "'" && /^(?:\$\(|`)/.test(line.slice(at, at + 2))) return undefined;
    if (quote === "" && INVOLVED.test(line.slice(at, at + 2))) return undefined;
    if (quote === "" && (char === '"' || char === "'")) quote = char;
    else if (char === quote) quote = "";
    if (quote === "" && /[;&|\n]/.test(char) && !isRedirection(line, at)) parts.push("");
    else parts.push(`${parts.pop()}${char}`);
  }
  if (quote !== "") return undefined;
  return parts
    .map((part) => part.trim().replace(/^(?:[A-Za-z_]\w*=\S*\s+)+/, ""))
    .filter((part) => part !== "");
}

/** True for the sign of `2>&1` and `&>file`. */
function isRedirection(line: string, at: number): boolean {
  return line[at] === "&" && (/[<>]/.test(line[at - 1] ?? "") || line[at + 1] === ">");
}
