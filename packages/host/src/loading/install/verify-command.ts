import { accessSync, constants, statSync } from "node:fs";
import { isAbsolute } from "node:path";
import { HostError } from "../../errors.js";
import type { LoadedExtension } from "../manifest/loaded.js";

/**
 * Returns the reason why an installed extension cannot be started; undefined for a good command. The check is stricter
 * than a start: an installed extension brings its program along or leaves it to PATH, so that an absolute command and
 * a command with `..` are refused. A bare name is not looked for. A plugin that only has a sidecar has no command.
 */
export function verifyCommand({
  id,
  activation,
  section,
  command: path,
}: LoadedExtension): HostError | undefined {
  if (activation === "none") return undefined;
  const command = section.command.trim();
  const refuse = (why: string, hint: string): HostError =>
    new HostError("SETUP_COMMAND_UNUSABLE", `The command of extension '${id}' ${why}: ${command}`, { hint });
  if (isAbsolute(command) || /^[a-z]:/i.test(command))
    return refuse("is an absolute path", "Name a program inside the extension's folder, or one on PATH.");
  const parts = command.split(/[/\\]/);
  if (parts.includes("..")) return refuse("leads outside", "Name a program inside the extension's folder.");
  if (parts.length === 1) return undefined;
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) return refuse("does not exist", "Its setup should have made it: read what the setup printed.");
  if (found.isDirectory()) return refuse("is a folder", "Name the program inside of it.");
  try {
    accessSync(path, constants.X_OK);
    return undefined;
  } catch {
    return refuse("may not be executed", `Make it executable: chmod +x ${command}`);
  }
}
