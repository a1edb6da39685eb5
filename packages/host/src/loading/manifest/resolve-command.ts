import { realpathSync } from "node:fs";
import { isAbsolute, join, sep } from "node:path";

/** Absolute stays, a bare name is left for PATH, and a relative path belongs to the extension's folder. */
export function resolveCommand(command: string, root: string): string {
  const trimmed = command.trim();
  if (isAbsolute(trimmed)) return trimmed;
  const hasSeparator = trimmed.includes("/") || (process.platform === "win32" && trimmed.includes("\\"));
  return hasSeparator ? join(root, trimmed) : trimmed;
}

/** An argument that names something inside the extension's folder becomes its real path; others stay as they are. */
export function resolveArg(arg: string, root: string): string {
  if (arg === "" || arg.includes("\0")) return arg;
  try {
    const realRoot = realpathSync(root);
    const real = realpathSync(join(root, arg));
    return real === realRoot || real.startsWith(realRoot + sep) ? real : arg;
  } catch {
    return arg;
  }
}
