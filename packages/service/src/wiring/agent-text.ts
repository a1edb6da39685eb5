import type { AgentFile } from "./agent-files.js";
import { mayBeOurs, type EntryPlan, type FoundEntry } from "./entries.js";
import { jsonEntries, withEntries, withoutEntries, type WithoutEntries } from "./json-entries.js";
import { UnclearJson } from "./json-text.js";
import { refusals } from "./refusals.js";
import type { SettingsFile } from "./settings-file.js";
import { tomlEntries, withTomlEntries, withoutTomlEntries } from "./toml-entries.js";

/** The entries of ours in a file. A file in which nothing looks like ours is not parsed. Throws a HostError for an unclear one. */
export function entriesIn(file: AgentFile, { path, text }: SettingsFile): FoundEntry[] {
  if (!mayBeOurs({ command: text, url: text })) return [];
  return clear(path, () => (file.form === "toml" ? tomlEntries(text) : jsonEntries(file, text)));
}

/** The text with entries added. Throws a HostError for a text that is not understood. */
export function textWith(file: AgentFile, text: string, plans: readonly EntryPlan[]): string {
  return clear(file.path, () =>
    file.form === "toml" ? withTomlEntries(text, plans) : withEntries(file, text, plans),
  );
}

/** The text without our entries; `original` is the text before they came. Throws a HostError for a text that is not understood. */
export function textWithout(file: AgentFile, text: string, original: string): WithoutEntries {
  if (!mayBeOurs({ command: text, url: text })) return { text, removed: 0, edited: [] };
  return clear(file.path, () =>
    file.form === "toml" ? withoutTomlEntries(text, original) : withoutEntries(file, text, original),
  );
}

function clear<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof UnclearJson) throw refusals.notUnderstood(path, error.message);
    throw error;
  }
}
