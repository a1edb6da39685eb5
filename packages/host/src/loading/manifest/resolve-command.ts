import { realpathSync } from "node:fs";
import { isAbsolute, join, sep } from "node:path";

/** Resolves a relative path below the extension's folder. An absolute path and a bare name (for PATH) stay as they are. */
export function resolveCommand(command: string, root: string): string {
  const trimmed = command.trim();
  if (isAbsolute(trimmed)) return trimmed;
  const hasSeparator = trimmed.includes("/") || (process.platform === "win32" && trimmed.includes("\\"));
  return hasSeparator ? join(root, trimmed) : trimmed;
}

/** Path of a sidecar's program: absolute, or below the extension's folder. A bare name is never one for PATH. */
export function resolveSidecar(command: string, root: string): string {
  const trimmed = command.trim();
  return isAbsolute(trimmed) ? trimmed : join(root, trimmed);
}

/** Replaces an argument that names a file inside the extension's folder by its real path. Other arguments stay. */
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
