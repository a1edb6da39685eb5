import { parseKey, RESERVED_KEYS } from "./key-grammar.js";
import { unusedEntry, type ManifestProblem } from "./problem.js";
import { leavesFolder, type ReadEntries } from "./read-commands.js";
import type { ManifestKeybind } from "./surface-schema.js";

/** What pressing a key does. */
export type KeybindAction =
  | { type: "slash_command"; command: string }
  | { type: "load_skill"; skill: string }
  | { type: "inject_prompt"; prompt: string }
  /** `script` is a path inside the extension's folder. */
  | { type: "run_script"; script: string };

/** A keybind of a manifest that can be used. A host still decides who gets the key. */
export interface KeybindDeclaration {
  /** In its one spelling. */
  key: string;
  action: KeybindAction;
  description: string | undefined;
}

/** Checks keybinds. One that is wrong is skipped with a warning: it is no reason not to load the extension. */
export function readKeybinds(keybinds: readonly ManifestKeybind[]): ReadEntries<KeybindDeclaration> {
  const entries = new Map<string, KeybindDeclaration>();
  const problems: ManifestProblem[] = [];
  keybinds.forEach((raw, index) => {
    const at = `/keybinds/${index}`;
    const key = parseKey(raw.key);
    const action = actionOf(raw);
    if (key === undefined) problems.push(unusedEntry(`${at}/key`, `'${raw.key}' is no key combination`));
    else if (RESERVED_KEYS.includes(key))
      problems.push(unusedEntry(`${at}/key`, `the key ${key} is reserved`));
    else if (entries.has(key)) problems.push(unusedEntry(`${at}/key`, `the key ${key} is bound twice`));
    else if (typeof action === "string") problems.push(unusedEntry(`${at}/action`, action));
    else entries.set(key, { key, action, description: raw.description ?? undefined });
  });
  return { entries: [...entries.values()], problems };
}

function actionOf(raw: ManifestKeybind): KeybindAction | string {
  const missing = (field: string): string => `the action '${raw.action}' needs '${field}'`;
  switch (raw.action) {
    case "slash_command": {
      const command = (raw.command ?? "").trim().replace(/^\//, "");
      return command === "" ? missing("command") : { type: "slash_command", command };
    }
    case "load_skill":
      return raw.skill?.trim() ? { type: "load_skill", skill: raw.skill.trim() } : missing("skill");
    case "inject_prompt":
      return raw.prompt?.trim() ? { type: "inject_prompt", prompt: raw.prompt } : missing("prompt");
    case "run_script": {
      const script = raw.script?.trim() ?? "";
      if (script === "") return missing("script");
      return leavesFolder(script)
        ? `the script '${script}' is outside of the extension's folder`
        : { type: "run_script", script };
    }
  }
}
