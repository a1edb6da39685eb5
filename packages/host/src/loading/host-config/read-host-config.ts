import { HostError } from "../../errors.js";
import { environmentLayer } from "./environment-layer.js";
import { fileLayer } from "./file-layer.js";
import type { HostConfig, HostConfigProblem, Origin } from "./host-config.js";
import type { Layer } from "./layers.js";
import { configOf, overlaid } from "./merge.js";
import { shownKey } from "./names.js";
import { optionsLayer, type ConfigurableOptions } from "./options-layer.js";
import { clashesIn, settle, type Clash } from "./settle.js";
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
  /** Things that keep no host from starting: variables that change nothing, and unexpected readings. One sentence each. */
  readonly warnings: readonly string[];
}

/** A configuration with all that is wrong with it. */
export interface HostConfigInspection extends HostConfigReading {
  /** Mistakes of the file, values that exclude each other, and variables that change nothing, in this order. */
  readonly problems: readonly HostConfigProblem[];
}

/**
 * Reads the configuration of a host: defaults, over them the file, the environment and the options of the program. Reads one
 * file and starts nothing. Throws a HostError `HOST_CONFIG_INVALID` for a file that is wrong in any way and for values that
 * exclude each other; its `data` has the path of the file and all mistakes. A variable that is unknown or unusable is a warning.
 */
export function readHostConfig(place: HostConfigPlace): HostConfigReading {
  const { problems, ...reading } = inspectHostConfig(place);
  const errors = problems.filter(({ severity }) => severity === "error");
  const [first] = errors;
  if (first === undefined) return reading;
  const more = errors.length - 1;
  const others =
    more === 0 ? "" : ` There ${more === 1 ? "is 1 more mistake" : `are ${more} more mistakes`}.`;
  throw new HostError("HOST_CONFIG_INVALID", `The host's configuration is wrong: ${problemText(first)}`, {
    hint: `${first.hint}${others} \`synaps-ext host-config check\` lists everything.`,
    data: { file: reading.file, problems: errors },
  });
}

/** Does the same, and returns the mistakes instead of throwing: `config` is what the rest says. */
export function inspectHostConfig({ baseDir, env, options = {} }: HostConfigPlace): HostConfigInspection {
  const source = baseDir === null ? undefined : readSource(baseDir);
  const file: Layer = { settings: new Map(), problems: [] };
  if (source !== undefined && "places" in source) Object.assign(file, fileLayer(source));
  else if (source !== undefined) file.problems.push(source);
  const environment = environmentLayer(env, file.settings.get("hooks.defaults")?.value);
  const { settings, clashes, notes } = settle(
    overlaid([file.settings, environment.settings, optionsLayer(options)]),
  );
  const { config, origins } = configOf(settings);
  const path = source?.file ?? null;
  const hasKey = typeof options.audit === "object" && options.audit?.key !== undefined;
  const errors = [...clashes, ...clashesIn(config, settings, { env, hasKey })].map((clash) =>
    clashProblem(clash, path),
  );
  return {
    config,
    file: path,
    origins,
    warnings: [...environment.problems.map((one) => `${problemText(one)}. ${one.hint}`), ...notes],
    problems: [...file.problems, ...errors, ...environment.problems],
  };
}

function clashProblem({ setting, message, hint }: Clash, file: string | null): HostConfigProblem {
  const { line, variable, from } = setting.origin;
  const place = { file: from === "file" ? file : null, line, column: null, variable };
  return { severity: "error", key: shownKey(setting.path), ...place, message, hint };
}

/** A problem as a clause: its place, and what is wrong there. */
export function problemText({ file, line, column, variable, key, message }: HostConfigProblem): string {
  const place = [variable ?? file, line, column].filter((part) => part !== null).join(":");
  return `${place === "" ? "" : `${place}: `}${key === "" ? "" : `'${key}' `}${message}`;
}
