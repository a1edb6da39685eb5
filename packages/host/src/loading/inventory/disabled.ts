import { HostError } from "../../errors.js";
import { globalConfigPath, parseConfigText, textOf } from "../config/config-file.js";
import { withKey } from "../config/edit.js";
import { CONFIG_WORDS, withinBounds } from "../config/store.js";
import { changeFile } from "../records/change-file.js";

const KEY = "disabled_plugins";

/** Reads the names in a list as `a, b` or `["a", "b"]`. */
export function disabledNames(value: string): string[] {
  return itemsOf(value)
    .map(nameOf)
    .filter((name) => name !== "");
}

/**
 * Adds an extension to the user's list of disabled ones, or removes it. All else in the user's configuration stays as it
 * is. Returns the path of the file, and false when there was nothing to change. Throws a HostError for a file that
 * cannot be read or written, and for an id that cannot stand in the list.
 */
export async function setDisabled(
  baseDir: string,
  id: string,
  isDisabled: boolean,
): Promise<{ path: string; changed: boolean }> {
  const path = globalConfigPath(baseDir);
  if (isDisabled && disabledNames(id).join() !== id)
    throw new HostError("CONFIG_INVALID", `The id '${id}' cannot stand in the list '${KEY}'`, {
      hint: `Rename its folder, or end the folder's name in .disabled.`,
    });
  let changed = false;
  const file = { baseDir, path, words: CONFIG_WORDS };
  await changeFile(file, (bytes) => {
    const text = bytes === undefined ? "" : textOf(bytes);
    if (text === undefined)
      throw new HostError("CONFIG_UNREADABLE", `The configuration file '${path}' is not text`, {
        hint: "Correct it, or move it away.",
      });
    const value = parseConfigText(text).get(KEY) ?? "";
    if (disabledNames(value).includes(id) === isDisabled) return undefined;
    changed = true;
    const others = itemsOf(value).filter((item) => nameOf(item) !== id && nameOf(item) !== "");
    const items = isDisabled ? [...others, id] : others;
    const list = value.startsWith("[") ? `[${items.join(", ")}]` : items.join(", ");
    return withinBounds(path, text, withKey(text, KEY, items.length === 0 ? undefined : list));
  });
  return { path, changed };
}

function itemsOf(value: string): string[] {
  return value
    .replace(/^\[|\]$/g, "")
    .split(",")
    .map((item) => item.trim());
}

function nameOf(item: string): string {
  return item.replace(/^["']|["']$/g, "");
}
