import { existsSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { ManifestSidecar } from "@synaps/sdk/manifest";
import { HostError } from "../../errors.js";
import { resolveSidecar } from "../../loading/manifest/resolve-command.js";

const MODEL_PATH = "--model-path";

/**
 * Returns the file that a manifest's sidecar is started from: an absolute path, or one below the extension's folder, never a
 * program on PATH. Throws a HostError when there is no such file.
 */
export function sidecarProgram(id: string, command: string, root: string): string {
  const path = resolveSidecar(command, root);
  if (isFile(path)) return path;
  throw new HostError(
    "SPAWN_COMMAND_NOT_FOUND",
    `The sidecar of extension '${id}' is not a file: '${path}'`,
    {
      hint: "Name a file in the extension's folder, or an absolute path: a sidecar is not looked for on PATH.",
      data: { extension: id },
    },
  );
}

/** A path with a zero byte names no file. */
function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/**
 * Adds `--model-path` with the manifest's model to the arguments of a sidecar, unless they name a model or the manifest's does
 * not exist. A `~/` at the start of the path is the user's home.
 */
export function withModel(
  args: readonly string[],
  model: ManifestSidecar["model"],
  env: Readonly<Record<string, string | undefined>>,
): readonly string[] {
  const declared = model?.default_path ?? "";
  if (declared === "" || args.some((arg) => arg === MODEL_PATH || arg.startsWith(`${MODEL_PATH}=`)))
    return args;
  const path = declared.startsWith("~/") ? join(env["HOME"] || homedir(), declared.slice(2)) : declared;
  return existsSync(path) ? [...args, MODEL_PATH, path] : args;
}
