import type { JsonValue } from "@synaps/sdk/protocol";
import type { HostConfig } from "./host-config.js";
import { keyText } from "./names.js";
import { FIXED_KEYS, HOOK_KEYS } from "./tables.js";

/** One value as a file has it. */
export interface WrittenValue {
  /** The tables, then the key: `["hooks", "of", "shell-guard", "enabled"]`. */
  readonly path: readonly string[];
  /** The same as a text, as `origins` has it. */
  readonly key: string;
  /** Null where nothing is set: there is no way to write that down but to leave the key out. */
  readonly value: JsonValue;
}

/**
 * A whole configuration as a file would set it, table by table. Of single hooks only what is set. A file with all of these
 * values makes the same configuration.
 */
export function writtenValues(config: HostConfig): readonly WrittenValue[] {
  const fixed = FIXED_KEYS.map(({ table, name, path, text, rule }): WrittenValue => {
    const value = Reflect.get(config[table], name) as JsonValue;
    return { path, key: text, value: rule.write?.(value) ?? value };
  });
  const hooks = Object.entries(config.hooks.of).flatMap(([id, hook]) =>
    HOOK_KEYS.flatMap(({ name, key, rule }): WrittenValue[] => {
      const value = hook[name] as JsonValue;
      const path = ["hooks", "of", id, key];
      return value === null ? [] : [{ path, key: keyText(path), value: rule.write?.(value) ?? value }];
    }),
  );
  const last = fixed.findLastIndex(({ path }) => path[0] === "hooks");
  return [...fixed.slice(0, last + 1), ...hooks, ...fixed.slice(last + 1)];
}
