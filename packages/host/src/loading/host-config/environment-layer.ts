import { didYouMean, type JsonValue } from "@synaps/sdk/protocol";
import type { HostConfigProblem, Origin } from "./host-config.js";
import type { Layer, Setting } from "./layers.js";
import { withoutUnseen } from "../../text-bounds.js";
import { asSwitch } from "./rules.js";
import { FIXED_KEYS, type FixedKey } from "./tables.js";

type Environment = Readonly<Record<string, string | undefined>>;

const PREFIX = "SYNAPS_HOST_";
/** Unknown variables that are told. */
const MOST_UNKNOWN = 20;
/** Longest name of a variable that a message repeats, in characters. */
const MAX_NAME_LENGTH = 128;

/** Variables of rs-llmspell, by the key that they set where its defaults stand: they are often set for that program. */
const OTHER_VARIABLES: Readonly<Record<string, string>> = {
  "hooks.enabled": "LLMSPELL_HOOKS_ENABLED",
  "hooks.rate_limit_per_minute": "LLMSPELL_HOOKS_RATE_LIMIT",
};

/** Switches of the ecosystem: on, they switch the key off; otherwise they say nothing. */
const SWITCHING_OFF: Readonly<Record<string, string>> = {
  "host.project_extensions": "SYNAPS_DISABLE_PROJECT_PLUGINS",
  "host.lazy": "SYNAPS_EXTENSIONS_EAGER",
};

/**
 * Reads the variables of the environment. A variable that is empty counts as not set. One that is unknown or unusable changes
 * nothing and is a problem. `defaults`: what a file says about whose defaults stand.
 */
export function environmentLayer(env: Environment, defaults?: JsonValue): Layer {
  const layer: Layer = { settings: new Map(), problems: [] };
  const own = env[`${PREFIX}HOOKS_DEFAULTS`] ?? "";
  const isLlmspell = (own.trim() === "" ? defaults : own.trim()) === "llmspell";
  for (const key of FIXED_KEYS) {
    const off = SWITCHING_OFF[key.text];
    if (off !== undefined && asSwitch(env[off] ?? "") === true) set(layer, key, false, off);
    const other = isLlmspell ? OTHER_VARIABLES[key.text] : undefined;
    if (other !== undefined) take(layer, key, env, other);
    take(layer, key, env, key.variable);
  }
  layer.problems.push(...unknownVariables(env));
  return layer;
}

function take(layer: Layer, key: FixedKey, env: Environment, variable: string): void {
  const text = env[variable];
  if (text === undefined || text.trim() === "") return;
  const reading = key.rule.read(key.rule.parse(text));
  if (reading.wrong === undefined) set(layer, key, reading.value, variable);
  else
    layer.problems.push(
      problem(key.text, variable, reading.wrong, reading.hint ?? "Correct it, or unset it."),
    );
}

function set({ settings }: Layer, { text, path }: FixedKey, value: Setting["value"], variable: string): void {
  const origin: Origin = { from: "environment", line: null, variable };
  settings.set(text, { path, value, origin });
}

function unknownVariables(env: Environment): HostConfigProblem[] {
  const known = FIXED_KEYS.map(({ variable }) => variable);
  return Object.keys(env)
    .filter((name) => name.startsWith(PREFIX) && !known.includes(name))
    .slice(0, MOST_UNKNOWN)
    .map((name) => problem("", name, "sets nothing: there is no such key", hintFor(name, known)));
}

function hintFor(name: string, known: readonly string[]): string {
  if (name === `${PREFIX}AUDIT_KEY`)
    return `Name the variable that holds the secret: ${PREFIX}AUDIT_KEY_ENV=NAME.`;
  if (name.startsWith(`${PREFIX}HOOKS_OF_`)) return "Single hooks are configured in the file only.";
  const meant = didYouMean(name, known);
  return meant === undefined ? "Names are SYNAPS_HOST_<TABLE>_<KEY>." : `Did you mean ${meant}?`;
}

function problem(key: string, variable: string, message: string, hint: string): HostConfigProblem {
  const name = withoutUnseen(variable.slice(0, MAX_NAME_LENGTH));
  return { severity: "warning", key, file: null, line: null, column: null, variable: name, message, hint };
}
