import { HostError } from "../../errors.js";
import { environmentLayer } from "./environment-layer.js";
import { fileLayer } from "./file-layer.js";
import type { HostConfig, HostConfigProblem, Origin } from "./host-config.js";
import type { Layer } from "./layers.js";
import { configOf, overlaid } from "./merge.js";
import { optionsLayer, type ConfigurableOptions } from "./options-layer.js";
import { readSource } from "./source.js";

/** Where a configuration is read from. */
export interface HostConfigPlace {
  /** The base folder; the file stands in `extensions` below it. Null: no file is read. */
  readonly baseDir: string | null;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Options of the program, checked. They count more than everything else. */
  readonly options?: ConfigurableOptions;
}

/** A configuration and where it comes from. */
export interface HostConfigReading {
  readonly config: HostConfig;
  /** Path of the file; null when there is none. */
  readonly file: string | null;
  /** Origin of each value, by the text of its key, as `hooks.timeout_ms`. Single hooks: only of keys that are set. */
  readonly origins: ReadonlyMap<string, Origin>;
  /** Things that do not keep the host from starting: variables of the environment that change nothing. One sentence each. */
  readonly warnings: readonly string[];
}

/** A configuration with all that is wrong with it. */
export interface HostConfigInspection extends HostConfigReading {
  /** Mistakes of the file, then those of the environment. With one of the file, `config` is what the rest of it says. */
  readonly problems: readonly HostConfigProblem[];
}

/**
 * Reads the configuration of a host: defaults, over them the file, the environment and the options of the program. Reads one
 * file and starts nothing. Throws a HostError `HOST_CONFIG_INVALID` for a file that is wrong in any way; its `data` has the
 * path of the file and all mistakes. Mistakes of the environment are warnings.
 */
export function readHostConfig(place: HostConfigPlace): HostConfigReading {
  const { problems, ...reading } = inspectHostConfig(place);
  const ofFile = problems.filter(({ file }) => file !== null);
  const [first] = ofFile;
  if (first === undefined) return reading;
  const more = ofFile.length - 1;
  const others =
    more === 0 ? "" : ` There ${more === 1 ? "is 1 more mistake" : `are ${more} more mistakes`}.`;
  throw new HostError("HOST_CONFIG_INVALID", `The host's configuration is wrong: ${problemText(first)}`, {
    hint: `${first.hint}${others} \`synaps-ext host-config check\` lists everything.`,
    data: { file: first.file, problems: ofFile },
  });
}

/** Does the same, and returns the mistakes instead of throwing. */
export function inspectHostConfig({ baseDir, env, options = {} }: HostConfigPlace): HostConfigInspection {
  const source = baseDir === null ? undefined : readSource(baseDir);
  const file: Layer = { settings: new Map(), problems: [] };
  if (source !== undefined && "places" in source) Object.assign(file, fileLayer(source));
  else if (source !== undefined) file.problems.push(source);
  const environment = environmentLayer(env);
  const settings = overlaid([file.settings, environment.settings, optionsLayer(options)]);
  const { config, origins } = configOf(settings);
  return {
    config,
    file: source?.file ?? null,
    origins,
    warnings: environment.problems.map((one) => `${problemText(one)}. ${one.hint}`),
    problems: [...file.problems, ...environment.problems],
  };
}

/** A problem as a clause: its place, and what is wrong there. */
export function problemText({ file, line, column, variable, key, message }: HostConfigProblem): string {
  const place = [variable ?? file, line, column].filter((part) => part !== null).join(":");
  return `${place}: ${key === "" ? "" : `'${key}' `}${message}`;
}
