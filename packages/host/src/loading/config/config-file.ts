import { TextDecoder } from "node:util";
import { join } from "node:path";
import { readRegularFile } from "../regular-file.js";
import { HostError, messageOf, systemCode } from "../../errors.js";

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

/** Reads the values of a file that may be absent. Throws a HostError for a file that exists and cannot be read. */
export async function readConfigFile(path: string): Promise<Map<string, string>> {
  try {
    return parseConfigText((await readRegularFile(path)).toString("utf8"));
  } catch (error) {
    const code = systemCode(error);
    if (code === "ENOENT" || code === "ENOTDIR") return new Map();
    throw unreadable(path, error);
  }
}

/** Reads the values of an extension's own file. Throws as `readConfigFile` does, and for a file that is not text. */
export async function readOwnConfig(path: string): Promise<Map<string, string>> {
  const text = await readOwnText(path);
  if (text !== undefined) return parseConfigText(text);
  throw new HostError("CONFIG_UNREADABLE", `The configuration file '${path}' is not text`, {
    hint: "Move it away and set the values again.",
  });
}

/** Reads a file as text; an absent file is empty, and a file that is not text is undefined. */
async function readOwnText(path: string): Promise<string | undefined> {
  let bytes: Buffer;
  try {
    bytes = await readRegularFile(path);
  } catch (error) {
    const code = systemCode(error);
    if (code === "ENOENT" || code === "ENOTDIR") return "";
    throw unreadable(path, error);
  }
  return textOf(bytes);
}

/** Returns undefined for bytes that are not text. */
export function textOf(bytes: Buffer): string | undefined {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    return text.includes("\0") ? undefined : text;
  } catch {
    return undefined;
  }
}

function unreadable(path: string, cause: unknown): HostError {
  return new HostError(
    "CONFIG_UNREADABLE",
    `The configuration file '${path}' cannot be read: ${messageOf(cause)}`,
    {
      hint: "Check its rights, or remove it to use the defaults.",
      cause,
    },
  );
}

export function globalConfigPath(baseDir: string): string {
  return join(baseDir, "config");
}

/** Path of the user's configuration of one extension, wherever the code of the extension is. */
export function extensionConfigPath(baseDir: string, id: string): string {
  return join(baseDir, "plugins", id, "config");
}
