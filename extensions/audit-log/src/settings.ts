import { homedir } from "node:os";
import { dirname, join, parse, resolve } from "node:path";
import type { AuditFormat } from "@synaps/audit";
import type { ConfigOf } from "@synaps/sdk";

/** How much of inputs, outputs and messages a record holds. */
export type Content = "none" | "summary" | "full";

export interface Settings {
  /** Folder of the files, absolute. */
  folder: string;
  /** Beginning and ending of the names of all files. */
  name: string;
  ending: string;
  format: AuditFormat;
  maxFileBytes: number;
  /** Full files that are kept; 0: all. */
  files: number;
  content: Content;
  chain: boolean;
  /** Secret of the digests, and of the chain; undefined: no digests. */
  key: string | undefined;
  /** True if each record is forced to the disk before its event is answered. */
  fsync: boolean;
}

export const CONFIG = {
  path: { type: "string", default: "data/audit.jsonl" },
  format: { type: "string", default: "json" },
  max_bytes: { type: "number", default: 50 * 1024 * 1024 },
  max_files: { type: "number", default: 0 },
  content: { type: "string", default: "summary" },
  chain: { type: "string", default: "off" },
  fsync: { type: "string", default: "never" },
  key: { type: "string", default: "" },
} as const;

/** Below this a file would hold only a few records, and a new file would cost more than writing. */
const MIN_BYTES = 1024;

/** Checks every value. Throws an error that names the key and what it may be. */
export function readSettings(config: ConfigOf<typeof CONFIG>, root: string): Settings {
  return {
    ...usablePath(config.path, root),
    format: oneOf("format", config.format, ["json", "text"]),
    maxFileBytes: wholeNumber("max_bytes", config.max_bytes, MIN_BYTES),
    files: wholeNumber("max_files", config.max_files, 0),
    content: oneOf("content", config.content, ["none", "summary", "full"]),
    key: config.key === "" ? undefined : config.key,
    chain: oneOf("chain", config.chain, ["off", "on"]) === "on",
    fsync: oneOf("fsync", config.fsync, ["never", "always"]) === "always",
  };
}

/** Names of files that a log may have, so that the command finds them again. */
const NAME = /^[A-Za-z0-9][\w-]{0,63}$/;
const ENDING = /^\.[A-Za-z0-9]{1,16}$/;

function usablePath(value: string, root: string): Pick<Settings, "folder" | "name" | "ending"> {
  const path = resolve(root, withHome(value.trim()));
  const { name, ext } = parse(path);
  if (value.trim() !== "" && !value.includes("\0") && NAME.test(name) && ENDING.test(ext))
    return { folder: dirname(path), name, ending: ext };
  throw new Error(
    "config key 'path' must be a file's path that ends with a name and an ending, as audit.jsonl",
  );
}

/** `~/audit/a.jsonl` as a shell takes it. No shell reads this file, so that only the own home can be meant. */
function withHome(path: string): string {
  if (!path.startsWith("~")) return path;
  if (/^~[\\/]/.test(path)) return join(homedir(), path.slice(2));
  throw new Error("config key 'path' may begin with ~/ for your own home folder, not with another name");
}

function wholeNumber(key: string, value: number, least: number): number {
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw new Error(`config key '${key}' must be a whole number of at least ${least}, not ${value}`);
}

function oneOf<const T extends string>(key: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((word) => word === value.trim().toLowerCase());
  if (found !== undefined) return found;
  throw new Error(`config key '${key}' must be ${allowed.join(" or ")}, not '${value.slice(0, 40)}'`);
}
