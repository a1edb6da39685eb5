import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { HostError, messageOf, systemCode } from "../errors.js";

/** Reads `key = value` lines. Blank lines and lines that start with `#` are comments; the last of two keys wins. */
export function parseConfigText(text: string): Map<string, string> {
  const values = new Map<string, string>();
  for (const raw of text.replace(/^\uFEFF/, "").split(/\r?\n/)) {
    const line = raw.trim();
    const equals = line.indexOf("=");
    if (line === "" || line.startsWith("#") || equals <= 0) continue;
    values.set(line.slice(0, equals).trim(), line.slice(equals + 1).trim());
  }
  return values;
}

/** The values of a file that may be absent. Throws a HostError when it is there and cannot be read. */
export async function readConfigFile(path: string): Promise<Map<string, string>> {
  try {
    return parseConfigText(await readFile(path, "utf8"));
  } catch (error) {
    const code = systemCode(error);
    if (code === "ENOENT" || code === "ENOTDIR") return new Map();
    throw new HostError(
      "CONFIG_UNREADABLE",
      `The configuration file '${path}' cannot be read: ${messageOf(error)}`,
      {
        hint: "Check its rights, or remove it to use the defaults.",
        cause: error,
      },
    );
  }
}

export function globalConfigPath(baseDir: string): string {
  return join(baseDir, "config");
}

/** Where a user configures one extension, wherever its code stands. */
export function extensionConfigPath(baseDir: string, id: string): string {
  return join(baseDir, "plugins", id, "config");
}
