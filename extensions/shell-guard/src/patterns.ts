import type { Invocation } from "./model.js";

/** A command pattern of the configuration, word by word. */
export interface Pattern {
  readonly source: string;
  readonly words: readonly RegExp[];
  /** Ended by `**`: any further words may follow. */
  readonly open: boolean;
}

/** Reads `git push origin *; terraform apply **`: `*` stands for anything within one word. */
export function parsePatterns(text: string | undefined): Pattern[] {
  return (text ?? "")
    .split(";")
    .map((source) => source.trim())
    .filter((source) => source !== "")
    .map((source) => {
      const words = source.split(/\s+/);
      const open = words[words.length - 1] === "**";
      return { source, open, words: (open ? words.slice(0, -1) : words).map(wordPattern) };
    });
}

function wordPattern(word: string): RegExp {
  const parts = word.split("*").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  // A `..` in the command could lead anywhere, so a star never stands for it.
  return new RegExp(
    `^${parts.length > 1 ? String.raw`(?!.*(?:^|\/)\.\.(?:\/|$))` : ""}${parts.join("[^]*")}$`,
  );
}

/** The first pattern that the whole command fits, word by word. */
export function findPattern(patterns: readonly Pattern[], invocation: Invocation): Pattern | undefined {
  const words = [invocation.name, ...invocation.args.map((arg) => arg.text)];
  return patterns.find((pattern) => {
    const count = pattern.words.length;
    if (pattern.open ? words.length < count : words.length !== count) return false;
    return pattern.words.every((word, index) => word.test(words[index] ?? ""));
  });
}
