import { CONFIG, readSettings, type Config, type Settings } from "../../src/settings.js";

/** The configuration as the manifest has it, with some values changed. */
export function config(changes: Partial<Config> = {}): Config {
  const defaults = Object.entries(CONFIG).map(([key, field]) => [key, field.default]);
  return { ...(Object.fromEntries(defaults) as Config), ...changes };
}

export const settings = (changes: Partial<Config> = {}): Settings => readSettings(config(changes));
