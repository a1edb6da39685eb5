import { readFileSync, statSync } from "node:fs";
import { ExtensionError, type ConfigOf } from "@synaps/sdk";

export const CONFIG = {
  files: {
    type: "string",
    default: "~/.claude/settings.json; .claude/settings.json; .claude/settings.local.json",
  },
  approved: { type: "string", default: "" },
  on_failure: { type: "string", enum: ["open", "closed"], default: "open" },
  own_agent: { type: "string", enum: ["skip", "run"], default: "skip" },
  env_file: { type: "string" },
  project_root: { type: "string" },
} as const;

/** The configuration with everything checked. */
export interface Settings {
  readonly files: readonly string[];
  readonly approved: ReadonlySet<string>;
  readonly isClosed: boolean;
  readonly skipsOwner: boolean;
  /** Variables for hooks beside those of this process. */
  readonly variables: Readonly<Record<string, string>>;
  readonly projectRoot: string | undefined;
}

const MAX_FILES = 64;
const MAX_ENV_BYTES = 256 * 1024;
const DIGEST = /^sha256:[0-9a-f]{64}$/;

/** Throws an ExtensionError that names the key and what it may be. No value of `env_file` is ever repeated. */
export function readSettings(config: ConfigOf<typeof CONFIG>, home: string): Settings {
  const files = config.files
    .split(";")
    .map((path) => path.trim())
    .filter((path) => path !== "");
  if (files.length > MAX_FILES) throw wrong("files", `names more than ${MAX_FILES} files`);
  const file = config.env_file?.trim();
  return {
    files,
    approved: new Set(digestsIn(config.approved)),
    isClosed: config.on_failure === "closed",
    skipsOwner: config.own_agent === "skip",
    variables: file === undefined || file === "" ? {} : readVariables(file.replace(/^~(?=\/)/, home)),
    projectRoot: config.project_root,
  };
}

/** The digests that the key `approved` holds; anything else in it counts for nothing. */
export function digestsIn(text: string): string[] {
  return text.split(/[\s,;]+/).filter((word) => DIGEST.test(word));
}

function readVariables(path: string): Record<string, string> {
  let text: string;
  try {
    const { mode, size } = statSync(path);
    if ((mode & 0o077) !== 0) throw wrong("env_file", "names a file that others may read: chmod 600 helps");
    if (size > MAX_ENV_BYTES)
      throw wrong("env_file", `names a file of more than ${MAX_ENV_BYTES / 1024} KiB`);
    text = readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof ExtensionError) throw error;
    throw wrong("env_file", `names a file that cannot be read: ${(error as NodeJS.ErrnoException).code}`);
  }
  const lines = text.split("\n").filter((line) => line.trim() !== "" && !line.trimStart().startsWith("#"));
  return Object.fromEntries(
    lines.map((line, index) => {
      const [, name, value] = /^\s*(?:export\s+)?([A-Za-z_]\w*)=(.*?)\r?$/.exec(line) ?? [];
      if (name === undefined || value === undefined)
        throw wrong("env_file", `names a file whose entry ${index + 1} is not NAME=value`);
      return [name, value];
    }),
  );
}

function wrong(key: string, problem: string): ExtensionError {
  return new ExtensionError(`config key '${key}' ${problem}`);
}
