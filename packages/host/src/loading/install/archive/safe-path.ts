import { ArchiveRefusal } from "./entry.js";

const MAX_PATH_BYTES = 1_024;
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u001f\u007f]/;

/**
 * Splits a path of an archive into its parts below the folder of the archive. Throws for paths that could mean another
 * place: absolute paths, drives, `..`, backslashes, control characters. An empty list is the folder itself.
 */
export function safeParts(path: string): string[] {
  const shown = JSON.stringify(path.slice(0, 80));
  if (Buffer.byteLength(path) > MAX_PATH_BYTES)
    throw new ArchiveRefusal(`a path in it is too long: ${shown}`);
  if (CONTROL.test(path) || path.includes("\\") || path.startsWith("/") || /^[a-z]:/i.test(path))
    throw new ArchiveRefusal(`a path in it is not allowed: ${shown}`);
  const parts = path.split("/").filter((part) => part !== "" && part !== ".");
  if (parts.includes("..")) throw new ArchiveRefusal(`a path in it leads outside: ${shown}`);
  return parts;
}

/** Throws for a link whose target is not below the same folder, as far as the names say. */
export function checkTarget(parts: readonly string[], target: string): void {
  const shown = JSON.stringify(target.slice(0, 80));
  const refused = new ArchiveRefusal(`a link in it leads outside: ${parts.join("/")} to ${shown}`);
  if (target === "" || CONTROL.test(target) || target.includes("\\")) throw refused;
  if (target.startsWith("/") || /^[a-z]:/i.test(target)) throw refused;
  let depth = parts.length - 1;
  for (const part of target.split("/")) {
    if (part === "..") depth -= 1;
    else if (part !== "" && part !== ".") depth += 1;
    if (depth < 0) throw refused;
  }
}
