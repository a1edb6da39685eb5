import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  inspectHostConfig,
  type HostConfigInspection,
  type HostConfigPlace,
} from "../../../../packages/host/src/loading/host-config/read-host-config.js";
import { tempDir } from "../../../helpers/temp.js";

type Rest = Partial<Omit<HostConfigPlace, "baseDir">>;

/** A base folder with the files of a configuration, each by its ending. */
export function baseWith(files: Readonly<Record<string, string | Buffer>>): string {
  const base = tempDir();
  mkdirSync(join(base, "extensions"));
  for (const [ending, content] of Object.entries(files))
    writeFileSync(join(base, "extensions", `host.${ending}`), content);
  return base;
}

/** The configuration that a TOML text makes. */
export function fromToml(toml: string, rest: Rest = {}): HostConfigInspection {
  return inspectHostConfig({ baseDir: baseWith({ toml }), env: {}, ...rest });
}

/** Text and place of each mistake of a TOML text: `3:1 'hooks.x' is no key of the configuration`. */
export function mistakesIn(toml: string, rest: Rest = {}): string[] {
  return fromToml(toml, rest).problems.map(
    ({ line, column, variable, key, message }) =>
      `${variable ?? `${line}:${column}`} ${key === "" ? "" : `'${key}' `}${message}`,
  );
}
