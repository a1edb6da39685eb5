import { resolve } from "node:path";
import { ExtensionError, type ConfigOf } from "@synaps/sdk";

export const CONFIG = {
  detail: { type: "string", enum: ["session", "chunk"], default: "session" },
  folder: { type: "string", default: "" },
  max_bytes: { type: "number", default: 50 * 1024 * 1024, min: 1024 },
  max_files: { type: "number", default: 10, min: 0 },
  content_bytes: { type: "number", default: 0, min: 0, max: 1024 },
} as const;

export interface Settings {
  /** True if each chunk has a line of its own. */
  chunks: boolean;
  /** Absolute; undefined for lines in the host's log. */
  folder: string | undefined;
  maxFileBytes: number;
  files: number;
  contentBytes: number;
}

/** Checks what the limits of the keys leave open. Throws an error that names the key, the value and what it may be. */
export function readSettings(config: ConfigOf<typeof CONFIG>, root: string): Settings {
  for (const key of ["max_bytes", "max_files", "content_bytes"] as const)
    if (!Number.isSafeInteger(config[key]))
      throw new ExtensionError(`config key '${key}' must be a whole number, not ${config[key]}`);
  if (config.folder.includes("\0"))
    throw new ExtensionError("config key 'folder' must be the path of a folder, or empty");
  if (config.content_bytes > 0 && config.detail === "session")
    throw new ExtensionError(
      `config key 'content_bytes' must be 0 with detail = session, not ${config.content_bytes}`,
    );
  return {
    chunks: config.detail === "chunk",
    folder: config.folder.trim() === "" ? undefined : resolve(root, config.folder.trim()),
    maxFileBytes: config.max_bytes,
    files: config.max_files,
    contentBytes: config.content_bytes,
  };
}
