import { isDeepStrictEqual } from "node:util";
import type { JsonValue } from "@synaps/sdk/protocol";
import type { HookConfig, HostConfig, HostConfigDifference } from "./host-config.js";
import { keyText } from "./names.js";
import { FIXED_KEYS, HOOK_KEYS } from "./tables.js";

/**
 * Returns the values in which two configurations differ: the fixed keys in the order of their tables, then those of single
 * hooks in the order of the ids. A hook that only one of the two names counts as a hook without changes in the other.
 */
export function differences(before: HostConfig, after: HostConfig): readonly HostConfigDifference[] {
  const found: HostConfigDifference[] = [];
  const compare = (key: string, was: unknown, is: unknown, live: boolean): void => {
    if (isDeepStrictEqual(was, is)) return;
    found.push({ key, before: was as JsonValue, after: is as JsonValue, live });
  };
  for (const { table, name, text, live } of FIXED_KEYS)
    compare(text, Reflect.get(before[table], name), Reflect.get(after[table], name), live);
  const ids = new Set([...Object.keys(before.hooks.of), ...Object.keys(after.hooks.of)]);
  for (const id of [...ids].sort())
    for (const { name, key, live } of HOOK_KEYS)
      compare(
        keyText(["hooks", "of", id, key]),
        hookValue(before, id, name),
        hookValue(after, id, name),
        live,
      );
  return found;
}

function hookValue(config: HostConfig, id: string, name: keyof HookConfig): unknown {
  return config.hooks.of[id]?.[name] ?? null;
}
