import { extensionConfigPath } from "../config/config-file.js";
import type { LiveConfig } from "../config/live-config.js";
import { reportConfig, type ConfigEntryReport } from "../config/report.js";
import { HostError } from "../../errors.js";
import { readManifest } from "../manifest/load.js";
import { configWith, readConfig } from "../manifest/load-config.js";
import { contextFor, findCandidates, loadContext, type CollectOptions } from "./collect.js";
import { readEcosystemState } from "./ecosystem-state.js";

/** The configuration of an extension, which may be unfit to run. */
export interface ConfigView {
  id: string;
  /** Absolute path of the folder that holds the file. */
  baseDir: string;
  /** The extension's own file, whether it exists or not. */
  path: string;
  live: LiveConfig;
  entries: ConfigEntryReport[];
}

/**
 * Reads the configuration of an extension on the disk. Starts nothing, asks for no approval and writes nothing. Of two
 * extensions with the id, the user's counts. With `unread`, the extension's own file counts as empty: for a caller who
 * writes the file whatever its content is. Throws a HostError for an unknown id and for files that cannot be read.
 */
export async function inspectConfig(
  options: CollectOptions,
  id: string,
  unread = false,
): Promise<ConfigView> {
  const candidates = await findCandidates(options);
  const candidate = candidates.find((one) => one.id === id);
  if (!candidate) {
    const known = [...new Set(candidates.map((one) => one.id))];
    throw new HostError("EXTENSION_NOT_FOUND", `There is no extension '${id}'`, {
      hint: known.length > 0 ? `There are: ${known.join(", ")}.` : "Run: synaps-ext list",
    });
  }
  const ids = candidates.map((one) => one.id);
  const context = contextFor(id, ids, loadContext(options, await readEcosystemState(options.baseDir)));
  const read = await readManifest(candidate, context);
  if ("kind" in read) {
    const [wrong] = read.kind === "invalid" ? read.diagnostics : [];
    const hint = `Run: synaps-ext validate ${candidate.root}`;
    throw new HostError(
      wrong?.code ?? "MANIFEST_NOT_FOUND",
      wrong?.message ?? `'${id}' is not an extension`,
      { hint },
    );
  }
  const live = unread
    ? configWith(id, read.extension, context, new Map())
    : await readConfig(id, read.extension, context);
  const path = extensionConfigPath(options.baseDir, id);
  return { id, baseDir: options.baseDir, path, live, entries: reportConfig(live) };
}
