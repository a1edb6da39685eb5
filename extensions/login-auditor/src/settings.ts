import { dirname, parse, resolve } from "node:path";
import { ExtensionError, type ConfigOf } from "@synaps/sdk";
import type { FailureBounds } from "./failures.js";

export const CONFIG = {
  path: { type: "string", default: "data/logins.jsonl" },
  max_bytes: { type: "number", min: 1_024, default: 10 * 1024 * 1024 },
  max_files: { type: "number", min: 0, default: 10 },
  log: { type: "string", enum: ["none", "failures", "all"], default: "none" },
  failures: { type: "number", min: 2, max: 100, default: 5 },
  window_seconds: { type: "number", min: 1, max: 86_400, default: 300 },
  max_keys: { type: "number", min: 1, max: 100_000, default: 10_000 },
} as const;

/** The configuration with everything checked. */
export interface Settings {
  /** Folder of the files, absolute, and beginning and ending of their names. */
  readonly files: { readonly folder: string; readonly name: string; readonly ending: string };
  readonly maxFileBytes: number;
  readonly keptFiles: number;
  readonly logs: (success: boolean) => boolean;
  readonly bounds: FailureBounds;
}

/** Names of files that the command for audits finds again. */
const NAME = /^[A-Za-z0-9][\w-]{0,63}$/;
const ENDING = /^\.[A-Za-z0-9]{1,16}$/;

/** Throws an ExtensionError that names the key and what it may be. */
export function readSettings(config: ConfigOf<typeof CONFIG>, root: string): Settings {
  return {
    files: filesOf(config.path, root),
    maxFileBytes: whole("max_bytes", config.max_bytes),
    keptFiles: whole("max_files", config.max_files),
    logs: (success) => config.log === "all" || (config.log === "failures" && !success),
    bounds: {
      most: whole("failures", config.failures),
      windowMs: config.window_seconds * 1_000,
      maxKeys: whole("max_keys", config.max_keys),
    },
  };
}

function filesOf(text: string, root: string): Settings["files"] {
  const path = resolve(root, text.trim());
  const { name, ext: ending } = parse(path);
  if (text.trim() === "" || text.includes("\0") || !NAME.test(name) || !ENDING.test(ending))
    throw new ExtensionError(
      "config key 'path' must be a file's path that ends with a name and an ending, as logins.jsonl",
    );
  return { folder: dirname(path), name, ending };
}

function whole(key: string, value: number): number {
  if (Number.isSafeInteger(value)) return value;
  throw new ExtensionError(`config key '${key}' must be a whole number, not ${value}`);
}
