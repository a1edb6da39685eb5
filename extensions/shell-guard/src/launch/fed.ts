import { EMPTY, itemField, joinWords, literal, sourcesOfAll, type Field, type Value } from "../model.js";
import type { Walk } from "../walk.js";
import { readCarrier, type Carrier } from "./carrier.js";
import { withItem } from "./find.js";
import type { Launch } from "./launch.js";

/** Words of standard input that are looked at, and runs of the command. More of them are a question. */
const MAX_ITEMS = 64;
const MAX_RUNS = 8;

const XARGS: Carrier = {
  short: "aEIJLnPsdR",
  long: [
    "--max-args",
    "--max-procs",
    "--max-lines",
    "--max-chars",
    "--delimiter",
    "--arg-file",
    "--process-slot-var",
  ],
};

/** `xargs`: the words come from standard input, unknown ones as a name in the folder. */
export function xargs(args: readonly Field[], walk: Walk): Launch[] {
  const carried = readCarrier(args, XARGS);
  if (!carried) return [];
  const { values, flags } = carried;
  const words = carried.words.length > 0 ? carried.words : [literal("echo")];
  const given = values.find(([flag]) => flag === "-I" || flag === "-J" || flag === "--replace")?.[1].text;
  const mark = given ?? (flags.has("-i") || flags.has("--replace") ? "{}" : undefined);
  const isByLine =
    mark !== undefined || values.some(([flag]) => flag === "-d" || flag === "--delimiter") || flags.has("-0");
  const items = itemsOf(walk.input, isByLine, walk);
  const isReplaced = mark !== undefined && words.some((word) => word.text.includes(mark));
  if (!isReplaced) return [{ words: given === undefined ? withEach(words, items) : words }];
  if (items.length > MAX_RUNS) walk.report.exhausted = true;
  return items.slice(0, MAX_RUNS).map((item) => ({ words: replaced(words, item, mark) }));
}

function withEach(words: readonly Field[], items: readonly Field[]): readonly Field[] {
  // A change of everything listed is one of everything below.
  const [only] = items;
  return items.length === 1 && only?.dynamic
    ? withItem([...words, literal("{}")], only.text).map((word) =>
        word.text.includes(only.text) ? { ...word, ...sourcesOfAll([word, only]) } : word,
      )
    : [...words, ...items];
}

function replaced(words: readonly Field[], item: Field, mark: string): readonly Field[] {
  return words.map((word) =>
    word.text === mark
      ? item
      : word.text.includes(mark)
        ? { ...item, text: word.text.replaceAll(mark, item.text), glob: word.glob || item.glob }
        : word,
  );
}

/** What standard input holds, as words or as lines. */
function itemsOf(input: Value, isByLine: boolean, walk: Walk): Field[] {
  if (input.items) return input.items.map(itemField);
  const known = input.text.split(isByLine ? /[\n\0]+/ : /\s+/).filter((word) => word !== "");
  if (known.length === 0 || input.text.startsWith("$"))
    return [{ ...itemField("./$item"), origin: input.origin, ...sourcesOfAll([input]) }];
  if (known.length > MAX_ITEMS) walk.report.exhausted = true;
  return known.slice(0, MAX_ITEMS).map((text) => ({ ...input, text: text.trim(), glob: /[*?]/.test(text) }));
}

const PARALLEL: Carrier = {
  short: "aCdEIjJLnNPsSTU",
  long: ["--jobs", "--max-procs", "--delay", "--timeout", "--joblog", "--results", "--colsep", "--arg-file", "--delimiter", "--sshlogin", "--retries", "--halt", "--load", "--memfree", "--tmpdir", "--workdir", "--wd", "--env", "--tagstring", "--block", "--recstart", "--recend", "--max-args", "--basefile", "--return"],
}; // prettier-ignore

/** `parallel`: its words are a text for a shell, run with each argument behind `:::` or each line of standard input. */
export function parallel(args: readonly Field[], walk: Walk): Launch[] {
  const carried = readCarrier(args, PARALLEL);
  if (!carried || carried.flags.has("--dry-run") || carried.flags.has("--dryrun")) return [];
  const cut = carried.words.findIndex((word) => /^::::?\+?$/.test(word.text));
  const command = cut < 0 ? carried.words : carried.words.slice(0, cut);
  const given = cut < 0 ? undefined : carried.words.slice(cut).filter((word) => !word.text.startsWith(":::"));
  const isFile = cut >= 0 && carried.words[cut]?.text.startsWith("::::");
  const items = given && !isFile ? given : itemsOf(isFile ? EMPTY : walk.input, true, walk);
  const text = joinWords(command).text;
  if (text !== "" && !/\{[^{}\s]*\}/.test(text)) {
    const [first] = items;
    if (items.length === 1 && first?.dynamic && command.length > 1)
      return [{ words: withEach(command, items) }];
  }
  if (items.length > MAX_RUNS) walk.report.exhausted = walk.report.exhausted || items.length > MAX_ITEMS;
  return pick(items).flatMap((item) => [
    { script: script(text, item) },
    ...(command.length > 1 ? [{ words: replaced(command, item, "{}") }] : []),
  ]);
}

function script(text: string, item: Field): Value {
  if (text === "") return item;
  // `{}`, `{1}`, `{.}` and their like. The item stands unquoted, so that its pattern still counts as one.
  const filled = text.replace(/\{(?:[-\d]+|[./#%]*|[-\d]+[./]+)\}/g, () => item.text);
  return { ...item, text: filled === text ? `${text} ${item.text}` : filled };
}

/** A few of many items, those that lead far away first. */
function pick(items: readonly Field[]): readonly Field[] {
  if (items.length <= MAX_RUNS) return items;
  const far = items.filter((item) => /^(?:[/~]|\.\.)/.test(item.text));
  return [...far, ...items].slice(0, MAX_RUNS);
}
