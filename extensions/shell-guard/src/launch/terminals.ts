import { readArgs } from "../args.js";
import { joinWords, type Field } from "../model.js";
import type { Launch } from "./launch.js";

const TMUX_VALUED = [
  "-t",
  "-s",
  "-n",
  "-c",
  "-e",
  "-x",
  "-y",
  "-F",
  "-f",
  "-L",
  "-S",
  "-l",
  "-p",
  "-b",
  "-N",
  "-T",
];
const TMUX_RUNS =
  /^(?:new|new-session|neww|new-window|splitw|split-window|respawnp|respawn-pane|respawnw|respawn-window|run|run-shell|if|if-shell|pipep|pipe-pane|popup|display-popup|confirm|confirm-before|send|send-keys)$/;
const KEY = /^(?:Enter|C-\w|M-\w|\^\w|KPEnter|Space|Tab|BSpace|Escape|Up|Down|Left|Right|Home|End)$/;

/** Texts that are typed into a terminal or run in a new one. */
export function inTerminal(name: string, args: readonly Field[]): Launch[] {
  return name === "tmux" ? inTmux(args) : inScreen(args);
}

function inTmux(args: readonly Field[]): Launch[] {
  const launches: Launch[] = [];
  let rest = readArgs(args, TMUX_VALUED).operands.length > 0 ? args : [];
  while (rest.length > 0) {
    const end = rest.findIndex((word) => word.text === ";");
    const part = end < 0 ? rest : rest.slice(0, end);
    rest = end < 0 ? [] : rest.slice(end + 1);
    const [verb, ...words] = readArgs(part, TMUX_VALUED).operands;
    if (!verb || !TMUX_RUNS.test(verb.text)) continue;
    const isTyped = verb.text.startsWith("send");
    const typed = isTyped
      ? typedText(words)
      : words.length > 1 && words.every((word) => !word.text.includes(" "))
        ? [joinWords(words)]
        : words;
    launches.push(...typed.map((script) => ({ script })));
  }
  return launches;
}

/** What is typed until a key ends the line. */
function typedText(words: readonly Field[]): Field[] {
  const lines: Field[] = [];
  let line: Field | undefined;
  for (const word of words) {
    if (/^(?:Enter|C-m|C-j|KPEnter)$/.test(word.text)) {
      if (line) lines.push(line);
      line = undefined;
    } else {
      const text = word.text === "Space" ? " " : KEY.test(word.text) ? "" : word.text;
      line = line ? { ...line, text: line.text + text } : { ...word, text };
    }
  }
  return line ? [...lines, line] : lines;
}

function inScreen(args: readonly Field[]): Launch[] {
  const at = args.findIndex((word) => /^-[A-Za-z]*X$/.test(word.text));
  if (at >= 0) {
    const verb = args[at + 1]?.text ?? "";
    const typed = args.slice(at + 2);
    if (/^(?:stuff|exec|screen)$/.test(verb) && typed.length > 0)
      return [{ script: unescape(joinWords(typed)) }];
    return [];
  }
  // The words behind the options are a command.
  const { operands } = readArgs(args, ["-S", "-t", "-c", "-e", "-h", "-p", "-s", "-T", "-L"]);
  const first = operands[0] ? args.indexOf(operands[0]) : -1;
  return first < 0 ? [] : [{ words: args.slice(first) }];
}

const unescape = <T extends { readonly text: string }>(value: T): T => ({
  ...value,
  text: value.text.replace(/\\n|\\r|\^M|\r/g, "\n").replace(/\\\\/g, "\\"),
});
