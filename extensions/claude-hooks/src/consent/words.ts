/** Depth to which words that hold a whole command line are read. */
const MAX_DEPTH = 3;
const MAX_WORDS = 500;

/** Programs that run, or hand on, what their arguments name. */
const RUNNERS = new Set(
  [
    "sh bash dash zsh ksh fish python python2 python3 node nodejs deno bun tsx ts-node ruby perl php lua Rscript",
    "pwsh java osascript npx uv uvx poetry source . exec env nohup timeout time sudo command xargs setsid nice make just",
  ].flatMap((names) => names.split(" ")),
);

/** A word of a command line that may name a file. */
export interface Word {
  readonly text: string;
  /** `run` for a program and for what a runner is given; `written` for the target of a redirection. */
  readonly role: "run" | "argument" | "written";
}

/** Words of a command line. `isWhole` is false if a word has a name that only the run makes. */
export interface Words {
  readonly words: readonly Word[];
  readonly isWhole: boolean;
}

/**
 * Takes a command line apart as a shell would, as far as the names of files go: quotes, joined words, `NAME=path`,
 * `--option=path`, redirections, and lines within a word, as of `bash -c`. Variables are filled in as far as they are given.
 */
export function wordsOf(line: string, variables: Readonly<Record<string, string>>, depth = 0): Words {
  const words: Word[] = [];
  let isWhole = true;
  let place: "program" | "runner" | "other" = "program";
  let isTarget = false;
  for (const token of tokens(line)) {
    if ("sign" in token) {
      isTarget = token.sign === ">";
      if (!isTarget && token.sign !== "<") place = "program";
      continue;
    }
    const text = token.word.replace(/\$(?:\{(\w+)\}|(\w+))/g, (whole, braced?: string, plain?: string) => {
      const name = braced ?? plain ?? "";
      return Object.hasOwn(variables, name) ? (variables[name] ?? "") : whole;
    });
    if (/[$`]/.test(text) && text.includes("/")) isWhole = false;
    const isAssignment = place === "program" && /^\w+=/.test(text);
    const role = isTarget ? "written" : place === "other" ? "argument" : "run";
    for (const part of [text, ...text.split("=").slice(1)]) if (part !== "") words.push({ text: part, role });
    if (depth < MAX_DEPTH && /[\s;&|]/.test(text)) {
      const inner = wordsOf(text, variables, depth + 1);
      words.push(...inner.words);
      isWhole &&= inner.isWhole;
    }
    if (!isTarget && !isAssignment && place === "program") place = isRunner(text) ? "runner" : "other";
    isTarget = false;
  }
  return { words: words.slice(0, MAX_WORDS), isWhole: isWhole && words.length <= MAX_WORDS };
}

/** True for an interpreter, and for a program that starts the one it is given. */
export function isRunner(program: string): boolean {
  return RUNNERS.has(
    program
      .split("/")
      .at(-1)
      ?.replace(/^(python)[\d.]+$/, "$1") ?? "",
  );
}

type Token = { readonly word: string } | { readonly sign: string };

function tokens(line: string): Token[] {
  const found: Token[] = [];
  let word = "";
  let quote = "";
  const end = (): void => {
    if (word !== "") found.push({ word });
    word = "";
  };
  for (let at = 0; at < line.length; at += 1) {
    const char = line[at] as string;
    if (char === "\\" && quote !== "'") {
      at += 1;
      word += line[at] ?? "";
    } else if (quote !== "") {
      if (char === quote) quote = "";
      else word += char;
    } else if (char === '"' || char === "'") quote = char;
    else if (char === " " || char === "\t") end();
    else if (/[\n;&|()<>]/.test(char)) {
      end();
      // The sign of '2>&1' names no further program.
      const isCopy = char === "&" && line[at - 1] === ">";
      if (!isCopy) found.push({ sign: char });
    } else word += char;
  }
  end();
  return found;
}
