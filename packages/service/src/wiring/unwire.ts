import { rm } from "node:fs/promises";
import { dirname } from "node:path";
import type { AgentName } from "../agents/index.js";
import { servicePlaces, type ServicePlaces } from "../server/places.js";
import { agentFiles, type AgentFile, type Scope, type Surroundings } from "./agent-files.js";
import { textWithout } from "./agent-text.js";
import type { FoundEntry } from "./entries.js";
import { hookPath, nodeHookPath } from "./hook-script.js";
import { forgetHttpWay } from "./http-way.js";
import { contentHash, readRecord, readRecords, removeRecord, type WiringRecord } from "./record.js";
import { bytesOf, readSettings, removeFolders, writeSettings, type SettingsFile } from "./settings-file.js";
import { originalText } from "./wire.js";

/** The end of one file. */
export interface UnwiredFile {
  readonly path: string;
  /**
   * `restored`: byte for byte as before `wire`; `removed`: it was made by `wire`, and is gone; `cleaned`: somebody edited it since,
   * so that only our entries went; `untouched`: nothing of ours was there.
   */
  readonly how: "restored" | "removed" | "cleaned" | "untouched";
  /** Entries that somebody edited: they stay. */
  readonly edited: readonly FoundEntry[];
}

/** The result of `unwire`. */
export interface UnwireReport {
  readonly agent: AgentName;
  readonly scope: Scope;
  readonly files: readonly UnwiredFile[];
  /** Paths of other files, of this agent or others, that `wire` has written to and that still name the hook. */
  readonly stillWired: readonly string[];
}

/**
 * Takes our entries out of an agent's configuration: byte for byte as before where nobody edited the file since, else only our
 * entries. Removes the hook programs once no file names them. Rejects with a HostError where a file is not understood.
 */
export async function unwire(
  surroundings: Surroundings,
  agent: AgentName,
  scope: Scope,
): Promise<UnwireReport> {
  const services = servicePlaces(surroundings.baseDir);
  const agentsDir = dirname(services.httpFile);
  const files: UnwiredFile[] = [];
  for (const file of agentFiles(agent, scope, surroundings))
    files.push(await unwireFile(agentsDir, file, scope === "project" ? surroundings.project : undefined));
  const left = await readRecords(agentsDir);
  const isNamed = left.length > 0 || files.some(({ edited }) => edited.length > 0);
  if (!isNamed) await removePrograms(services, agentsDir);
  return { agent, scope, files, stillWired: left.map(({ path }) => path) };
}

async function unwireFile(
  agentsDir: string,
  file: AgentFile,
  within: string | undefined,
): Promise<UnwiredFile> {
  const { path } = file;
  const settings = await readSettings(path, within);
  const record = await readRecord(agentsDir, path);
  const { how, edited } = await changeBack(file, settings, record);
  if (record) await removeRecord(agentsDir, path);
  return { path, how, edited };
}

async function changeBack(
  file: AgentFile,
  settings: SettingsFile,
  record: WiringRecord | undefined,
): Promise<Pick<UnwiredFile, "how" | "edited">> {
  const { bytes } = settings;
  if (bytes === undefined) return { how: "untouched", edited: [] };
  // Rights that somebody set since are kept.
  const mode = record && settings.mode === record.writtenMode ? record.before?.mode : undefined;
  if (record && contentHash(bytes) === record.writtenHash) {
    await writeSettings(settings, { bytes: record.before?.bytes, mode });
    if (record.before === null) await removeFolders(record.folders);
    return { how: record.before === null ? "removed" : "restored", edited: [] };
  }
  const { text, removed, edited } = textWithout(file, settings.text, originalText(record));
  if (removed === 0) return { how: "untouched", edited };
  await writeSettings(settings, { bytes: bytesOf(settings, text), mode });
  return { how: "cleaned", edited };
}

async function removePrograms(services: ServicePlaces, agentsDir: string): Promise<void> {
  for (const program of [hookPath(agentsDir), nodeHookPath(agentsDir)]) await rm(program, { force: true });
  await forgetHttpWay(services);
}
