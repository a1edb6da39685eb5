import {
  activationClass,
  evidenceOfProblem,
  parseManifest,
  readDeferred,
  type DeferredDeclarations,
  type ExtensionSection,
  type ManifestProblem,
} from "@synaps/sdk/manifest";
import { isProtocolVersion, type Catalog } from "@synaps/sdk/protocol";
import { HostError, messageOf, systemCode } from "../../errors.js";
import { readRegularFile } from "../regular-file.js";
import type { Candidate } from "./discover.js";
import { compatibilityWarnings } from "./compatibility.js";
import { errorDiagnostic, type Diagnostic } from "./diagnostic.js";
import { loadConfig, type ConfigContext } from "./load-config.js";
import type { Activation, LoadedExtension } from "./loaded.js";
import { resolveArg, resolveCommand } from "./resolve-command.js";

export type LoadResult =
  | { kind: "loaded"; extension: LoadedExtension; warnings: Diagnostic[] }
  | { kind: "no_extension" }
  | {
      kind: "invalid";
      diagnostics: Diagnostic[];
      /** The declarations of the manifest, when only something else is wrong. */
      declared?: { section: ExtensionSection; version: string | null };
    };

export interface LoadContext extends ConfigContext {
  catalogs: readonly Catalog[];
  /** False starts every extension with the host, also a lazy one. Default true. */
  lazy?: boolean;
}

/** Largest manifest: far above what people write, and small enough to be read for every folder that is found. */
export const MAX_MANIFEST_BYTES = 1024 * 1024;

/** Reads and checks one candidate. Starts nothing, and never throws because of the content of the folder. */
export async function loadExtension(candidate: Candidate, context: LoadContext): Promise<LoadResult> {
  const { id, root, manifestPath } = candidate;
  const parsed = await readManifest(candidate, context);
  if ("kind" in parsed) return parsed;
  const { manifest, extension, warnings } = parsed;
  const { live, diagnostics } = await loadConfig(candidate, extension, context);
  const version = manifest.version ?? null;
  if (!live) return { kind: "invalid", diagnostics, declared: { section: extension, version } };
  const { protocol_version: protocol } = extension;
  if (!isProtocolVersion(protocol)) throw new Error("the rules let an unknown protocol version pass");
  const { declarations: deferred } = readDeferred(extension);
  return {
    kind: "loaded",
    warnings: [
      ...warnings,
      ...diagnostics,
      ...compatibilityWarnings(id, manifestPath, { manifest, protocol }),
    ],
    extension: {
      id,
      root,
      manifestPath,
      version,
      protocol,
      manifest,
      section: extension,
      deferred,
      activation: activationOf(parsed, context, deferred),
      permissions: new Set(extension.permissions),
      command: resolveCommand(extension.command, root),
      args: extension.args.map((arg) => resolveArg(arg, root)),
      liveConfig: live,
      get config() {
        return live.values;
      },
    },
  };
}

type Read = Extract<ReturnType<typeof parseManifest>, { extension: unknown }>;

function activationOf(
  { extension, hasProcess }: { extension: ExtensionSection; hasProcess: boolean },
  { lazy = true }: LoadContext,
  deferred: DeferredDeclarations | undefined,
): Activation {
  if (!hasProcess) return "none";
  return lazy ? activationClass(extension, deferred) : "eager";
}

/** Reads and checks the manifest without the configuration. */
export async function readManifest(
  { id, manifestPath, problem }: Candidate,
  { catalogs }: LoadContext,
): Promise<
  | Exclude<LoadResult, { kind: "loaded" }>
  | {
      manifest: Read["manifest"];
      extension: Read["extension"];
      warnings: Diagnostic[];
      /** False for a plugin that has a sidecar and no `extension` section. */
      hasProcess: boolean;
    }
> {
  let text: string;
  if (problem !== undefined) {
    const wrong = new HostError("MANIFEST_UNREADABLE", `Extension '${id}' cannot be loaded: ${problem}`, {
      hint: "Correct its rights or its link, or remove it.",
    });
    return { kind: "invalid", diagnostics: [errorDiagnostic(id, manifestPath, wrong)] };
  }
  try {
    text = (await readRegularFile(manifestPath, MAX_MANIFEST_BYTES)).toString("utf8");
  } catch (error) {
    const absent = systemCode(error) === "ENOENT" || systemCode(error) === "ENOTDIR";
    const message = absent
      ? `There is no manifest at '${manifestPath}'`
      : `The manifest of '${id}' cannot be read: ${messageOf(error)}`;
    const wrong = new HostError(absent ? "MANIFEST_NOT_FOUND" : "MANIFEST_UNREADABLE", message, {
      hint: absent
        ? "Name a folder that holds .synaps-plugin/plugin.json."
        : "A manifest is a readable file of at most 1 MiB.",
    });
    return { kind: "invalid", diagnostics: [errorDiagnostic(id, manifestPath, wrong)] };
  }
  const parsed = parseManifest(text, { id, catalogs });
  const diagnose = (problem: ManifestProblem): Diagnostic => ({
    severity: problem.severity,
    code: problem.code,
    extension: id,
    file: manifestPath,
    pointer: problem.pointer,
    message: problem.message,
    hint: problem.hint,
    ...evidence(text, problem),
  });
  switch (parsed.kind) {
    case "no_extension":
      return parsed;
    case "invalid":
      return { kind: "invalid", diagnostics: parsed.problems.map(diagnose) };
    case "extension":
    case "sidecar_only": {
      const { kind, manifest, extension } = parsed;
      const warnings = parsed.warnings.map(diagnose);
      return { manifest, extension, warnings, hasProcess: kind === "extension" };
    }
  }
}

function evidence(text: string, problem: ManifestProblem): { evidence?: string } {
  const found = evidenceOfProblem(text, problem);
  return found === undefined ? {} : { evidence: found };
}
