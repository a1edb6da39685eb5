import type { JsonValue } from "@synaps/sdk/protocol";
import type { HookConfig, HookDefaults, HostConfig, Origin } from "./host-config.js";
import type { Setting } from "./layers.js";
import { keyText } from "./names.js";
import { FIXED_KEYS, HOOK_DEFAULTS, HOOK_KEYS } from "./tables.js";

/** Settings by the text of their key. */
export type Settings = ReadonlyMap<string, Setting>;

const DEFAULT: Origin = Object.freeze({ from: "default", line: null, variable: null });
const DEFAULTS_KEY = "hooks.defaults";

/** Lays the layers over each other: the last one that sets a key counts. */
export function overlaid(layers: readonly Settings[]): Map<string, Setting> {
  return new Map(layers.flatMap((layer) => [...layer]));
}

/** Fills in the defaults, those of another hook system included. The result is frozen. */
export function configOf(settings: Settings): { config: HostConfig; origins: ReadonlyMap<string, Origin> } {
  const system = (settings.get(DEFAULTS_KEY)?.value ?? "host") as HookDefaults;
  const origins = new Map<string, Origin>();
  const tables: Record<string, Record<string, unknown>> = {};
  for (const { table, name, path, text, initial } of FIXED_KEYS) {
    const setting = settings.get(text);
    const value = setting ? setting.value : (HOOK_DEFAULTS[system][text] ?? initial);
    (tables[table] ??= {})[name] = value;
    origins.set(keyText(path), setting?.origin ?? DEFAULT);
  }
  (tables["hooks"] ??= {})["of"] = hooksOf(settings, origins);
  return { config: frozen(tables) as unknown as HostConfig, origins };
}

function hooksOf(settings: Settings, origins: Map<string, Origin>): Record<string, HookConfig> {
  // Ids come from a file: none of them may meet a member of a prototype.
  const hooks = Object.create(null) as Record<string, Record<string, JsonValue>>;
  for (const { path, value, origin } of settings.values()) {
    const [, , id, key] = path;
    if (id === undefined || key === undefined) continue;
    hooks[id] ??= Object.fromEntries(HOOK_KEYS.map((one) => [one.name, one.initial]));
    const name = HOOK_KEYS.find((one) => one.key === key)?.name;
    if (name !== undefined) hooks[id][name] = value;
    origins.set(keyText(path), origin);
  }
  return hooks as unknown as Record<string, HookConfig>;
}

function frozen<T extends object>(value: T): T {
  for (const member of Object.values(value) as unknown[])
    if (typeof member === "object" && member !== null) frozen(member);
  return Object.freeze(value);
}
