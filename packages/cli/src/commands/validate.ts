import { readFile, stat } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import { collectInventory, discoverExtensions, settingsOf, type Candidate } from "@synaps/host/tooling";
import { evidenceOfProblem, parseManifest, type ManifestProblem } from "@synaps/sdk/manifest";
import { synapsCatalog, type Catalog, type JsonValue } from "@synaps/sdk/protocol";
import { allCatalogs, withOptionalCatalogs, type CatalogFlags } from "../catalogs.js";
import { commandFindings, sidecarFindings } from "../command-check.js";
import { findingJson, findingText, shortPath, type Finding } from "../diagnostics.js";
import { EXIT } from "../exit-codes.js";
import type { Io, Output } from "../io.js";
import { portabilityOf } from "../portability.js";
import { errors } from "../present-error.js";
import { schemaFindings } from "../schema-check.js";
import { count, jsonDocument, plain } from "../text.js";

export interface ValidateFlags extends CatalogFlags {
  portable?: boolean;
  /** Warnings fail, too. */
  strict?: boolean;
  start?: boolean;
  /** Longest silence of an extension that is started, in seconds. */
  timeout?: number;
  json?: boolean;
}

const DEFAULT_SILENCE_S = 30;

interface Checked {
  candidate: Candidate;
  findings: Finding[];
}

/** Checks manifests and what they name. Starts extensions only when that is asked for. */
export async function validate(io: Io, path: string, flags: ValidateFlags): Promise<number> {
  const checked: Checked[] = [];
  const catalogs = await allCatalogs(flags);
  for (const candidate of await candidatesAt(path)) {
    checked.push({ candidate, findings: await findingsFor(candidate, flags, io, catalogs) });
  }
  const signal = flags.start
    ? await addStartFindings(checked, flags.timeout ?? DEFAULT_SILENCE_S, io, catalogs)
    : undefined;
  const failed = checked.some(({ findings }) => findings.some(isError));
  if (flags.json) {
    const extensions = checked.map(({ candidate, findings }) => ({
      id: candidate.id,
      file: candidate.manifestPath,
      valid: !findings.some(isError),
      diagnostics: findings.map(findingJson),
    }));
    await io.stdout.write(jsonDocument({ schemaVersion: 1, valid: !failed, extensions }));
  } else {
    await io.stdout.write(checked.map((one) => checkedText(one, io.stdout)).join(""));
  }
  const faulty = failed || (flags.strict && checked.some(({ findings }) => findings.length > 0));
  return signal ?? (faulty ? EXIT.failed : EXIT.ok);
}

/** Starts what may be started, and adds what that shows. Returns the exit code of a signal that ended it. */
async function addStartFindings(
  checked: readonly Checked[],
  timeout: number,
  io: Io,
  catalogs: readonly Catalog[],
): Promise<number | undefined> {
  const sound = checked.filter(({ findings }) => !findings.some(isError) && !findings.some(isEmpty));
  if (sound.length === 0) return undefined;
  // The whole host: only what is to be started needs it.
  const { startCheck } = await import("../start-check.js");
  const { findings, exitCode } = await startCheck(
    sound.map(({ candidate }) => candidate),
    timeout * 1_000,
    io,
    catalogs,
  );
  for (const one of sound) {
    const known = new Set(one.findings.map(({ message }) => message));
    const shown = findings.get(one.candidate.manifestPath) ?? [];
    one.findings.push(...shown.filter(({ message }) => !known.has(message)));
  }
  return exitCode;
}

/** True for the finding that there is nothing to start. */
function isEmpty({ code }: Finding): boolean {
  return code === "NO_EXTENSION";
}

/** The extensions that a path stands for: a folder of one or of several, or a manifest. */
async function candidatesAt(path: string): Promise<Candidate[]> {
  const absolute = resolve(path);
  const stats = await stat(absolute).catch(() => undefined);
  if (!stats) throw errors.pathNotFound(path);
  if (stats.isDirectory()) {
    // Inside an extension, its own folder is meant.
    const folder = basename(absolute) === ".synaps-plugin" ? dirname(absolute) : absolute;
    const found = await discoverExtensions(folder, "named", false);
    if (found.length === 0) throw errors.manifestNotFound(path);
    return found;
  }
  const parent = dirname(absolute);
  const root = basename(parent) === ".synaps-plugin" ? dirname(parent) : parent;
  return [{ id: basename(root), root, manifestPath: absolute, origin: "named" }];
}

/** Everything that is wrong with one extension. Starts nothing. */
export async function findingsFor(
  candidate: Candidate,
  { portable }: ValidateFlags,
  { env }: Io,
  catalogs: readonly Catalog[] = [synapsCatalog],
): Promise<Finding[]> {
  const { id, root, manifestPath: file } = candidate;
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    const message = `the manifest cannot be read: ${error instanceof Error ? error.message : String(error)}`;
    const hint = "Check its rights.";
    return [
      { severity: "error", code: "MANIFEST_UNREADABLE", extension: id, file, pointer: "", message, hint },
    ];
  }
  const own = { extension: id, file };
  const parsed = parseManifest(text, { id, catalogs: withOptionalCatalogs(text, catalogs) });
  const elsewhere = portable ? portabilityFindings(text, own) : [];
  switch (parsed.kind) {
    case "no_extension": {
      const message = "the manifest has no 'extension': there is nothing to start";
      return [{ severity: "warning", code: "NO_EXTENSION", ...own, pointer: "", message, hint: undefined }];
    }
    case "invalid":
      return [...parsed.problems.map((problem) => manifestFinding(text, problem, own)), ...elsewhere];
    case "sidecar_only":
      return [
        ...parsed.warnings.map((problem) => manifestFinding(text, problem, own)),
        ...sidecarFindings(candidate, parsed.manifest),
        ...elsewhere,
      ];
    case "extension":
      return [
        ...parsed.warnings.map((problem) => manifestFinding(text, problem, own)),
        ...commandFindings(candidate, parsed.extension, env),
        ...schemaFindings(candidate, parsed.extension),
        ...sidecarFindings(candidate, parsed.manifest),
        ...(await configFindings(root, file)),
        ...elsewhere,
      ];
  }
}

function manifestFinding(
  text: string,
  { severity, code, pointer, message, hint, ...rest }: ManifestProblem,
  own: Pick<Finding, "extension" | "file">,
): Finding {
  const evidence = evidenceOfProblem(text, { severity, code, pointer, message, ...rest });
  return { severity, code, ...own, pointer, message, hint, ...(evidence === undefined ? {} : { evidence }) };
}

function portabilityFindings(text: string, own: Pick<Finding, "extension" | "file">): Finding[] {
  let json: JsonValue;
  try {
    json = JSON.parse(text.replace(/^\uFEFF/, "")) as JsonValue;
  } catch {
    return []; // Already an error.
  }
  return portabilityOf(json).map(({ effect, ...finding }) =>
    effect === "refused"
      ? { severity: "error", code: "NOT_PORTABLE", ...own, ...finding }
      : { severity: "warning", code: "IGNORED_ELSEWHERE", ...own, ...finding },
  );
}

/** What the host would miss at a start. Only a warning: the author's machine need not be configured. */
async function configFindings(root: string, file: string): Promise<Finding[]> {
  const entries = await collectInventory({ ...settingsOf({ folders: [root] }), nowMs: Date.now() });
  return entries
    .filter(({ manifestPath }) => manifestPath === file)
    .flatMap(({ diagnostics }) => diagnostics)
    .filter(({ code }) => code.startsWith("CONFIG_"))
    .map((diagnostic) => ({ ...diagnostic, severity: "warning" }));
}

function checkedText({ candidate, findings }: Checked, out: Output): string {
  const errorCount = findings.filter(isError).length;
  const warnings = findings.length - errorCount;
  const verdict = errorCount > 0 ? out.paint("red", count(errorCount, "error")) : out.paint("green", "ok");
  const more = warnings > 0 ? `, ${count(warnings, "warning")}` : "";
  const place = plain(shortPath(candidate.root));
  return `${findings.map((finding) => findingText(finding, out)).join("")}${place}: ${verdict}${more}\n`;
}

export function isError({ severity }: Finding): boolean {
  return severity === "error";
}
