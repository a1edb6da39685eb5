import { isAbsolute, resolve } from "node:path";
import { ExtensionError, type ConfigOf } from "@synaps/sdk";
import { addressRange, AddressSet } from "@synaps/sdk/values";
import { readListFile } from "./list-file.js";

export const CONFIG = {
  addresses: { type: "string" },
  file: { type: "string" },
} as const;

/** Where the list stands. */
export interface Sources {
  readonly addresses: string;
  /** Absolute path; undefined without a file. */
  readonly file: string | undefined;
}

/** Addresses that may come in. */
export interface AllowedAddresses {
  readonly set: AddressSet;
  /** Addresses and ranges that were listed. */
  readonly entries: number;
}

/** An address or range as it stands in the list, and the place in words. */
interface Entry {
  readonly text: string;
  readonly place: string;
}

/** Most addresses and ranges of one list. */
const MAX_ENTRIES = 100_000;
/** Wrong entries that one error names. */
const MAX_NAMED = 5;
/** Longest wrong text that an error repeats, in characters. */
const MAX_SHOWN = 64;

/** Reads where the list stands. `root` is where relative paths begin. */
export function sourcesOf(config: ConfigOf<typeof CONFIG>, root: string | null): Sources {
  const file = config.file?.trim() ?? "";
  if (file === "") return { addresses: config.addresses ?? "", file: undefined };
  if (root === null && !isAbsolute(file))
    throw new ExtensionError("config key 'file' must be an absolute path under this host");
  return { addresses: config.addresses ?? "", file: resolve(root ?? "/", file) };
}

/**
 * Reads the list from both sources. Rejects with an ExtensionError that names wrong entries with their places, and for a list
 * without a single entry: an empty list is more often a mistake than a wish.
 */
export async function readList({ addresses, file }: Sources): Promise<AllowedAddresses> {
  const entries = [...entriesOfText(addresses), ...(file === undefined ? [] : await entriesOfFile(file))];
  if (entries.length === 0)
    throw new ExtensionError(
      file === undefined
        ? "there is no address: set the config key 'addresses', 'file' or both"
        : `there is no address: neither 'addresses' nor the file '${file}' has one`,
    );
  if (entries.length > MAX_ENTRIES)
    throw new ExtensionError(`${entries.length} addresses and ranges, at most ${MAX_ENTRIES} are allowed`);
  const set = AddressSet.of(entries.map(({ text }) => text));
  if (set instanceof AddressSet) return { set, entries: entries.length };
  throw new ExtensionError(faultsIn(entries));
}

function faultsIn(entries: readonly Entry[]): string {
  const faults = entries.flatMap(({ text, place }) => {
    const problem = addressRange(text);
    return typeof problem === "string" ? [`${place}, '${shown(text)}': ${shown(problem, Infinity)}`] : [];
  });
  const more = faults.length > MAX_NAMED ? `; and ${faults.length - MAX_NAMED} more` : "";
  return `${faults.slice(0, MAX_NAMED).join("; ")}${more}`;
}

function entriesOfText(text: string): Entry[] {
  const texts = text.split(/[\s,;]+/).filter((one) => one !== "");
  return texts.map((one, at) => ({ text: one, place: `config key 'addresses', entry ${at + 1}` }));
}

async function entriesOfFile(path: string): Promise<Entry[]> {
  const lines = (await readListFile(path)).split("\n");
  return lines.flatMap((line, at) => {
    const [before = ""] = line.split("#");
    const text = before.trim();
    return text === "" ? [] : [{ text, place: `line ${at + 1} of '${path}'` }];
  });
}

/** Control characters of a damaged file do not reach a terminal. */
function shown(text: string, most = MAX_SHOWN): string {
  return text.slice(0, most).replaceAll(/[\p{Cc}\p{Cf}]/gu, "?");
}
