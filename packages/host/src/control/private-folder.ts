import { lstatSync, mkdirSync } from "node:fs";
import { HostError } from "../errors.js";

/**
 * Makes sure that a folder exists that only this user may enter. Throws a HostError for one that belongs to somebody
 * else, that others may enter, or that is a link: whoever made it could put a socket of their own there.
 */
export function ensurePrivateFolder(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  if (process.platform === "win32") return;
  const stat = lstatSync(path);
  const wrong = !stat.isDirectory()
    ? "it is not a folder"
    : stat.uid !== process.getuid?.()
      ? "it belongs to another user"
      : (stat.mode & 0o077) !== 0
        ? "others may enter it"
        : undefined;
  if (wrong === undefined) return;
  throw new HostError(
    "CONTROL_UNAVAILABLE",
    `The folder for the control socket '${path}' is not safe: ${wrong}`,
    {
      hint: "Remove it; it is made again with the right permissions.",
    },
  );
}
