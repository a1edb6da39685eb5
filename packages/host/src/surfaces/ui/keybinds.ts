import { join } from "node:path";
import { parseKey, RESERVED_KEYS, type KeybindAction, type KeybindDeclaration } from "@synaps/sdk/manifest";

/** A key and its action. A script's path is absolute. */
export interface Keybind {
  key: string;
  action: KeybindAction | { type: "disabled" };
  description: string | undefined;
  /** The extension that binds it; undefined for the user's own. */
  extension: string | undefined;
}

/** A keybind that has no effect, because its key is taken. */
export interface KeybindCollision {
  key: string;
  extension: string;
  /** The extension that has the key; undefined for the user's configuration. */
  takenBy: string | undefined;
}

/** The keybinds of all extensions and of the user, one for each key at most, and those that have no effect. */
export interface KeybindTable {
  binds: Keybind[];
  collisions: KeybindCollision[];
  /** Lines of the user's configuration that name no key, or one of the core. */
  ignored: { line: string; reason: string }[];
}

export interface DeclaredKeybinds {
  extension: string;
  root: string;
  keybinds: readonly KeybindDeclaration[];
}

const PREFIX = "keybind.";

/**
 * Puts the keybinds of extensions, in load order, and of the user together. The user's keybinds win over all others; of two
 * extensions, the first wins. Nobody gets a reserved key.
 */
export function mergeKeybinds(
  declared: readonly DeclaredKeybinds[],
  userConfig: ReadonlyMap<string, string>,
): KeybindTable {
  const { binds, ignored } = userKeybinds(userConfig);
  const collisions: KeybindCollision[] = [];
  for (const { extension, root, keybinds } of declared) {
    for (const { key, action, description } of keybinds) {
      const taken = binds.get(key);
      if (taken) collisions.push({ key, extension, takenBy: taken.extension });
      else binds.set(key, { key, action: withPath(action, root), description, extension });
    }
  }
  return { binds: [...binds.values()], collisions, ignored };
}

function userKeybinds(config: ReadonlyMap<string, string>): {
  binds: Map<string, Keybind>;
  ignored: KeybindTable["ignored"];
} {
  const binds = new Map<string, Keybind>();
  const ignored: KeybindTable["ignored"] = [];
  for (const [name, value] of config) {
    if (!name.startsWith(PREFIX)) continue;
    const key = parseKey(name.slice(PREFIX.length));
    if (key === undefined) ignored.push({ line: name, reason: "it names no key" });
    else if (RESERVED_KEYS.includes(key)) ignored.push({ line: name, reason: `the key ${key} is reserved` });
    else binds.set(key, { key, action: userAction(value), description: undefined, extension: undefined });
  }
  return { binds, ignored };
}

function userAction(value: string): Keybind["action"] {
  if (value === "" || value.toLowerCase() === "disabled") return { type: "disabled" };
  if (value.startsWith("/")) return { type: "slash_command", command: value.slice(1) };
  return { type: "inject_prompt", prompt: value };
}

function withPath(action: KeybindAction, root: string): KeybindAction {
  return action.type === "run_script" ? { ...action, script: join(root, action.script) } : action;
}
