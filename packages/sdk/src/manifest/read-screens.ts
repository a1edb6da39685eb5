import { unusedEntry, type ManifestProblem } from "./problem.js";
import type { ReadEntries } from "./read-commands.js";
import type { Manifest } from "./schema.js";
import type { ManifestHelpEntry, ManifestSettingsCategory } from "./surface-schema.js";

const BAD_KEY = /[./\\\s]/;

/** Help entries under either of their names. One without id or command, or with an id used before, is skipped. */
export function readHelp(manifest: Manifest): ReadEntries<ManifestHelpEntry> {
  const problems: ManifestProblem[] = [];
  const entries = new Map<string, ManifestHelpEntry>();
  const take = (list: readonly ManifestHelpEntry[] | undefined, name: string): void => {
    list?.forEach((entry, index) => {
      const at = `/${name}/${index}`;
      const id = entry.id.trim();
      if (id === "") problems.push(unusedEntry(`${at}/id`, "a help entry has an empty id"));
      else if (entry.command.trim() === "")
        problems.push(unusedEntry(`${at}/command`, `the help entry '${id}' has an empty command`));
      else if (entries.has(id))
        problems.push(unusedEntry(`${at}/id`, `the help entry '${id}' is there twice`));
      else entries.set(id, { ...entry, id });
    });
  };
  take(manifest.help_entries, "help_entries");
  take(manifest.help, "help");
  return { entries: [...entries.values()], problems };
}

/** Categories of settings under either name; categories and fields that cannot be used are left out. */
export function readSettings(manifest: Manifest): ReadEntries<ManifestSettingsCategory> {
  const problems: ManifestProblem[] = [];
  const entries = new Map<string, ManifestSettingsCategory>();
  const take = (list: readonly ManifestSettingsCategory[] | undefined, name: string): void => {
    list?.forEach((category, index) => {
      const at = `/settings/${name}/${index}`;
      const id = category.id.trim();
      if (id === "") problems.push(unusedEntry(`${at}/id`, "a settings category has an empty id"));
      else if (entries.has(id))
        problems.push(unusedEntry(`${at}/id`, `the settings category '${id}' is there twice`));
      else entries.set(id, { ...category, id, fields: usableFields(category, at, problems) });
    });
  };
  take(manifest.settings?.categories, "categories");
  take(manifest.settings?.category, "category");
  return { entries: [...entries.values()], problems };
}

function usableFields(
  { fields }: ManifestSettingsCategory,
  at: string,
  problems: ManifestProblem[],
): ManifestSettingsCategory["fields"] {
  const seen = new Set<string>();
  return fields.filter(({ key }, index) => {
    const where = `${at}/fields/${index}/key`;
    if (key === "" || BAD_KEY.test(key)) {
      const message = `settings key '${key}' must be non-empty, without dot, slash or white space`;
      problems.push(unusedEntry(where, message));
      return false;
    }
    if (seen.has(key)) problems.push(unusedEntry(where, `the settings key '${key}' is there twice`));
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew;
  });
}
