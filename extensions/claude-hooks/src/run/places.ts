import { createHash } from "node:crypto";
import { basename, join } from "node:path";

/** Folders that hooks of one configuration know by name. */
export interface Places {
  readonly projectDir: string;
  /** Null for a configuration that no plugin brings. */
  readonly pluginRoot: string | null;
  readonly pluginData: string | null;
}

/** Folder in which a plugin may keep data: below the data of this extension, apart from other plugins of the name. */
export function pluginData(root: string, pluginRoot: string): string {
  const apart = createHash("sha256").update(pluginRoot).digest("hex").slice(0, 8);
  return join(root, "data", "plugins", `${basename(pluginRoot)}-${apart}`);
}

/** The variables that say where things are. */
export function placeVariables({ projectDir, pluginRoot, pluginData: data }: Places): Record<string, string> {
  return {
    CLAUDE_PROJECT_DIR: projectDir,
    ...(pluginRoot === null ? {} : { CLAUDE_PLUGIN_ROOT: pluginRoot }),
    ...(data === null ? {} : { CLAUDE_PLUGIN_DATA: data }),
  };
}

/** Puts the folders in the place of `${CLAUDE_PROJECT_DIR}` and its like. */
export function fillPlaces(text: string, places: Places): string {
  return fill(text, places, () => true);
}

/**
 * The same for a line that a shell reads. A path with signs that mean something to a shell stays a variable, which the shell
 * expands by itself: a folder's name is never a command.
 */
export function fillShellPlaces(text: string, places: Places): string {
  return fill(text, places, (path) => /^[\w@%+=:,./-]+$/.test(path));
}

function fill(text: string, places: Places, mayFill: (path: string) => boolean): string {
  const variables = placeVariables(places);
  return text.replace(/\$\{(CLAUDE_\w+)\}/g, (whole, name: string) => {
    const path = variables[name];
    return path !== undefined && mayFill(path) ? path : whole;
  });
}
