/** A mark of the redactor, also with the backslashes of a pattern: `\[redacted:jwt#1\]`. */
const MARK = /\[redacted:[a-z0-9-]{1,64}#\d{1,6}\\{0,2}\]/;

/** Values looked at in one input, and characters of all of its texts. */
const MOST_VALUES = 100_000;
const MOST_CHARACTERS = 32 * 1_048_576;

/** Beginnings of inputs that only look for a text: one command, no pipe into another, no output into a file. */
const SEARCH = /^\s*(?:grep|egrep|fgrep|rg|ag|ack|git\s+grep)\s/;
const DOES_MORE = /[|;&<>`\n\r]|\$\(/;
/** Tools of agents that only search, by their names. */
const SEARCH_TOOLS = new Set(["Grep", "grep", "grep_search", "search_file_content", "ripgrep"]);

export interface MarkFound {
  /** The mark, or undefined for an input that is too large to be looked through. */
  readonly mark: string | undefined;
}

/** Looks for a mark anywhere in the input of a tool, names of members too. Undefined when there is none. */
export function markIn(input: unknown, toolName: string): MarkFound | undefined {
  if (SEARCH_TOOLS.has(toolName)) return undefined;
  const left: unknown[] = [input];
  let characters = 0;
  for (let values = 0; left.length > 0; values += 1) {
    const value = left.pop();
    if (typeof value === "string") {
      characters += value.length;
      const mark = isSearch(value) ? undefined : MARK.exec(value)?.[0];
      if (mark !== undefined) return { mark: mark.replaceAll("\\", "") };
    } else if (typeof value === "object" && value !== null) {
      for (const [key, member] of Object.entries(value)) left.push(key, member);
    }
    if (values > MOST_VALUES || left.length > MOST_VALUES || characters > MOST_CHARACTERS)
      return { mark: undefined };
  }
  return undefined;
}

function isSearch(text: string): boolean {
  return text.length < 10_000 && SEARCH.test(text) && !DOES_MORE.test(text.replaceAll(/'[^']*'/g, ""));
}
