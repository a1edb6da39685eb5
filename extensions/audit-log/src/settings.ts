import { statSync } from "node:fs";
import { resolve } from "node:path";
import type { ConfigOf } from "@synaps/sdk";

/** How much of inputs, outputs and messages a record holds. */
export type Content = "none" | "summary" | "full";

export interface Settings {
  /** Absolute. */
  path: string;
  maxBytes: number;
  /** Full files kept beside the current one; 0: all. */
  maxFiles: number;
  content: Content;
  /** Whether each record is forced to the disk before its event is answered. */
  fsync: boolean;
}

export const CONFIG = {
  path: { type: "string", default: "data/audit.jsonl" },
  max_bytes: { type: "number", default: 50 * 1024 * 1024 },
  max_files: { type: "number", default: 5 },
  content: { type: "string", default: "summary" },
  fsync: { type: "string", default: "never" },
} as const;

/** Below this a file would hold only a few records, and rotating would cost more than writing. */
const MIN_BYTES = 1024;

/** Checks every value. Throws an error that names the key and what it may be. */
export function readSettings(config: ConfigOf<typeof CONFIG>, root: string): Settings {
  return {
    path: usablePath(config.path, root),
    maxBytes: wholeNumber("max_bytes", config.max_bytes, MIN_BYTES),
    maxFiles: wholeNumber("max_files", config.max_files, 0),
    content: oneOf("content", config.content, ["none", "summary", "full"]),
    fsync: oneOf("fsync", config.fsync, ["never", "always"]) === "always",
  };
}

function usablePath(value: string, root: string): string {
  if (value.trim() === "" || value.includes("\0")) throw new Error("config key 'path' must be a file's path");
  const path = resolve(root, value.trim());
  // A pipe would block this process at opening, and a folder can never be written.
  if (isUnwritableKind(path))
    throw new Error(`config key 'path' must be a file, and ${path} is something else`);
  return path;
}

function isUnwritableKind(path: string): boolean {
  try {
    const stat = statSync(path, { throwIfNoEntry: false });
    return stat !== undefined && !stat.isFile() && !stat.isCharacterDevice();
  } catch {
    // Not reachable now; opening it reports why.
    return false;
  }
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
