import { readFileSync, realpathSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { isJsonObject } from "../protocol/json.js";
import { topicPermission } from "../protocol/topics.js";

/** Largest manifest that is read. A host reads no larger one either. */
const MAX_BYTES = 256 * 1024;

const NAME = ".synaps-plugin/plugin.json";

/** The parts of the extension's own manifest that the code has to fit. */
export interface OwnManifest {
  /** Kinds that the manifest subscribes, in its order. */
  hooks: readonly string[];
  /** Globs of the topics whose events the manifest may be told of. */
  topics: readonly string[];
  /** `command` and `args` as paths, in so far as they are some. */
  program: readonly string[];
}

/** Reads the manifest in an extension's folder. Returns a problem in words when there is none that can be read. */
export function readOwnManifest(folder: string): OwnManifest | { problem: string } {
  const path = join(folder, NAME);
  try {
    const { size } = statSync(path);
    if (size > MAX_BYTES) return { problem: `${NAME} is larger than ${MAX_BYTES} bytes` };
    const manifest: unknown = JSON.parse(readFileSync(path, "utf8").replace(/^\uFEFF/, ""));
    const section = isJsonObject(manifest) ? manifest["extension"] : undefined;
    if (!isJsonObject(section)) return { problem: `${NAME} has no section 'extension'` };
    const { hooks = [], permissions, command, args = [] } = section;
    if (!Array.isArray(hooks)) return { problem: `${NAME}: /extension/hooks is not a list` };
    const kinds = hooks.map((hook) => (isJsonObject(hook) ? hook["hook"] : undefined));
    return {
      hooks: kinds.filter((kind) => typeof kind === "string"),
      topics: (Array.isArray(permissions) ? permissions : []).flatMap((one) => {
        const topics = typeof one === "string" ? topicPermission(one) : undefined;
        return topics?.verb === "subscribe" ? [topics.glob] : [];
      }),
      program: [command, ...(Array.isArray(args) ? args : [])].filter((part) => typeof part === "string"),
    };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // The text of an error of JSON would repeat parts of the file.
    return { problem: code === undefined ? `${NAME} is not JSON` : `${NAME} cannot be read (${code})` };
  }
}

/**
 * True if the manifest of the working directory starts the program that runs, as its command or as one of the arguments: a
 * host started it, or somebody in place of a host. A test or a tool that imports an extension's code is no such program.
 */
export function isExtensionProgram(): boolean {
  const file = process.argv[1];
  if (file === undefined) return false;
  const folder = process.cwd();
  const manifest = readOwnManifest(folder);
  if (!("program" in manifest)) return false;
  const own = realPath(file);
  return manifest.program.some((part) => realPath(resolve(folder, part)) === own);
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
