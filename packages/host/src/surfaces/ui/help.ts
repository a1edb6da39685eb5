import type { ManifestHelpEntry } from "@synaps/sdk/manifest";
import { blockOf, lineOf } from "../../text-bounds.js";

/** A help entry. Texts are free of control characters. */
export interface HelpEntry {
  id: string;
  command: string;
  title: string;
  summary: string;
  category: string;
  topic: "Branch" | "Command";
  /** True if nobody may replace the entry. Only entries of the program can be protected. */
  protected: boolean;
  common: boolean;
  keywords: readonly string[];
  usage: string | undefined;
  examples: readonly { command: string; description: string }[];
  related: readonly string[];
}

/** An entry of an extension also has the name `<extension>:<id>`; an entry of the program has no extension. */
export type IndexedHelp = HelpEntry & { extension: string | undefined };

/** An entry that is not shown, and the extension that has its place; undefined for the program. */
export interface RejectedHelp {
  extension: string;
  id: string;
  takenBy: string | undefined;
}

export interface DeclaredHelp {
  extension: string;
  entries: readonly ManifestHelpEntry[];
}

const MAX_LINE_BYTES = 512;
const MAX_BLOCK_BYTES = 8 * 1024;

/**
 * The help of the program and of its extensions. An extension can add entries and replace unprotected ones of the
 * program, but takes neither the id nor the command of a protected one. Of two extensions the first keeps its place.
 */
export class HelpIndex {
  readonly entries: readonly IndexedHelp[];
  readonly rejected: readonly RejectedHelp[];

  constructor(builtIn: readonly HelpEntry[], declared: readonly DeclaredHelp[]) {
    const entries = new Map<string, IndexedHelp>(
      builtIn.map((entry) => [entry.id, { ...entry, extension: undefined }]),
    );
    const guarded = new Set(
      builtIn.filter((one) => one.protected).map(({ command }) => commandName(command)),
    );
    const rejected: RejectedHelp[] = [];
    for (const { extension, entries: own } of declared) {
      for (const raw of own) {
        const entry = cleaned(raw);
        const before = entries.get(entry.id);
        const isTaken = before !== undefined && (before.protected || before.extension !== undefined);
        if (isTaken || guarded.has(commandName(entry.command))) {
          rejected.push({ extension, id: entry.id, takenBy: before?.extension });
        } else entries.set(entry.id, { ...entry, extension });
      }
    }
    this.entries = [...entries.values()];
    this.rejected = rejected;
  }

  /** One entry: by id, by `<extension>:<id>`, or by its command with or without a slash. */
  topic(name: string): IndexedHelp | undefined {
    const wanted = name.trim();
    return (
      this.entries.find(({ id, extension }) => id === wanted || `${extension}:${id}` === wanted) ??
      this.entries.find(({ command }) => commandName(command) === commandName(wanted))
    );
  }

  /** Entries in which each word of the query occurs, the best first. An empty query finds all. */
  find(query: string): IndexedHelp[] {
    const words = query
      .toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== "");
    return this.entries
      .map((entry, at) => ({ entry, at, score: scoreOf(entry, words) }))
      .filter(({ score }) => score !== undefined)
      .sort((a, b) => (a.score ?? 0) - (b.score ?? 0) || a.at - b.at)
      .map(({ entry }) => entry);
  }
}

/** Lower is better: the place of the first field in which the worst placed word occurs; undefined when one is nowhere. */
function scoreOf(entry: IndexedHelp, words: readonly string[]): number | undefined {
  const fields = [
    [commandName(entry.command), entry.id],
    [entry.title, ...entry.keywords],
    [entry.summary, entry.category, entry.extension ?? "", ...entry.examples.map(({ command }) => command)],
    [entry.usage ?? "", ...entry.examples.map(({ description }) => description)],
  ].map((texts) => texts.join("\n").toLowerCase());
  let worst = 0;
  for (const word of words) {
    const found = fields.findIndex((text) => text.includes(word));
    if (found === -1) return undefined;
    worst = Math.max(worst, found);
  }
  return worst;
}

function cleaned(entry: ManifestHelpEntry): HelpEntry {
  const line = (text: string): string => lineOf(text, MAX_LINE_BYTES);
  return {
    id: line(entry.id),
    command: line(entry.command),
    title: line(entry.title),
    summary: line(entry.summary),
    category: line(entry.category),
    topic: entry.topic,
    protected: false,
    common: entry.common,
    keywords: entry.keywords.map(line),
    usage: entry.usage == null ? undefined : blockOf(entry.usage, MAX_BLOCK_BYTES),
    examples: entry.examples.map(({ command, description }) => ({
      command: line(command),
      description: line(description),
    })),
    related: entry.related.map(line),
  };
}

function commandName(command: string): string {
  return command.trim().replace(/^\//, "").toLowerCase();
}
