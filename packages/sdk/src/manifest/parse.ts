import type * as z from "zod";
import { isJsonObject, type JsonObject, type JsonValue } from "../protocol/json.js";
import { inexactNumbers } from "../protocol/inexact-numbers.js";
import { jsonErrorOffset } from "./json-offset.js";
import { didYouMean } from "../protocol/did-you-mean.js";
import { writtenFor } from "./missing-key.js";
import { pointerOf } from "../protocol/pointer.js";
import { wrongEntry, type ManifestProblem } from "./problem.js";
import type { RuleContext } from "./find-kind.js";
import { closestIssue, hintFor } from "./issue-text.js";
import { settleOptionalCatalogs } from "./optional-catalogs.js";
import { isOwnKey, ownKeysMayGo, settleOwnKeys } from "./own-keys.js";
import { checkRules } from "./rules.js";
import { placeOfSafetyKey, safetyKeyMeant } from "./safety-keys.js";
import { salvage } from "./salvage.js";
import { settleSurfaces } from "./surface-rules.js";
import {
  configEntrySchema,
  extensionSchema,
  hookSchema,
  manifestSchema,
  type ExtensionSection,
  type Manifest,
} from "./schema.js";

/** The reference's JSON parser stops here; walking something much deeper overflows the stack. */
const MAX_NESTING = 128;
/** Places of inexact numbers that are looked through: enough to get past those that do not matter. */
const INEXACT_LOOKED_AT = 1_000;

/** The result of reading a manifest. `warnings` do not keep the extension from loading; any of `problems` does. */
export type ParsedManifest =
  | {
      /** `sidecar_only`: a plugin without an `extension` section. Its `extension` names no program, hook or permission. */
      kind: "extension" | "sidecar_only";
      manifest: Manifest;
      extension: ExtensionSection;
      warnings: ManifestProblem[];
    }
  /** A valid plugin manifest without an `extension` section and without a sidecar: skills or themes only. */
  | { kind: "no_extension" }
  | { kind: "invalid"; problems: ManifestProblem[] };

/**
 * Reads the text of a `plugin.json`. Never throws and touches nothing outside its arguments: whether the command
 * exists and whether required configuration is there, the host finds out later. A fault beside `extension` costs the entry or
 * the section that it stands in, and under protocols 1 and 2 a fault of a key that only this host knows costs that key: such
 * parts are absent from the result and named in its warnings.
 */
export function parseManifest(text: string, context: RuleContext): ParsedManifest {
  const source = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  let json: unknown;
  try {
    json = JSON.parse(source);
  } catch {
    return { kind: "invalid", problems: [notJson(source)] };
  }
  if (isNestedDeeper(json, MAX_NESTING)) return { kind: "invalid", problems: [tooDeep()] };
  const issues = (manifestSchema.safeParse(json, { reportInput: true }).error?.issues ?? []).map(
    closestIssue,
  );
  if (!isJsonObject(json))
    return { kind: "invalid", problems: issues.map((issue) => problemOf(issue, json)) };
  const offersSidecar = isJsonObject(json["provides"]) && json["provides"]["sidecar"] != null;
  if (json["extension"] == null && !offersSidecar) return { kind: "no_extension" };
  const { warnings, left, inFile } = salvage(json, issues);
  if (left.length > 0) {
    return { kind: "invalid", problems: [...left.map((issue) => problemOf(issue, json)), ...warnings] };
  }
  const manifest = manifestSchema.parse(json);
  const beside = [...warnings, ...settleSurfaces(manifest)].map((problem) => ({
    ...problem,
    pointer: warnings.includes(problem) ? problem.pointer : inFile(problem.pointer),
  }));
  if (manifest.extension == null) return sidecarOnly(manifest, beside);
  const problems = [
    ...settleOwnKeys(manifest.extension, context),
    ...checkRules(manifest.extension, context),
    ...beside,
    ...unknownKeys(manifest),
    ...inexactNumbers(source, INEXACT_LOOKED_AT)
      .filter(isHandedOn)
      .map((pointer) => inexact(pointer, json)),
    ...settleOptionalCatalogs(manifest.extension, context),
  ];
  if (problems.some(({ severity }) => severity === "error")) return { kind: "invalid", problems };
  return { kind: "extension", manifest, extension: manifest.extension, warnings: problems };
}

/** A plugin without an `extension` section is worth loading for its sidecar: without a usable one, nothing is left. */
function sidecarOnly(manifest: Manifest, warnings: ManifestProblem[]): ParsedManifest {
  if (manifest.provides?.sidecar) {
    const extension = extensionSchema.parse({ runtime: "process", command: "" });
    return { kind: "sidecar_only", manifest, extension, warnings };
  }
  const problems = warnings.map((warning): ManifestProblem =>
    warning.pointer.startsWith("/provides")
      ? { ...warning, severity: "error", code: "MANIFEST_INVALID" }
      : warning,
  );
  return { kind: "invalid", problems };
}

/** True for numbers that an extension gets or that are compared with its events: the others have limits of their own. */
function isHandedOn(pointer: string): boolean {
  return /^\/extension\/(config|hooks)\//.test(pointer);
}

function inexact(pointer: string, json: JsonObject): ManifestProblem {
  const message = "the number has more digits than JSON numbers keep";
  const problem = wrongEntry(pointer, message, "Write it as a string, or a smaller one.");
  const mayStay = isOwnKey(pointer.slice(1).split("/")) && ownKeysMayGo(json["extension"]);
  return mayStay ? { ...problem, severity: "warning", code: "MANIFEST_ENTRY_UNUSED" } : problem;
}

function notJson(text: string): ManifestProblem {
  const before = text.slice(0, jsonErrorOffset(text));
  const line = before.split("\n").length;
  const column = before.length - before.lastIndexOf("\n");
  return {
    severity: "error",
    code: "MANIFEST_NOT_JSON",
    pointer: "",
    message: `Invalid plugin manifest JSON: it stops making sense at line ${line}, column ${column}`,
    hint: "Look for a missing comma, quote or bracket there; JSON allows no comments.",
  };
}

function tooDeep(): ManifestProblem {
  return {
    severity: "error",
    code: "MANIFEST_NOT_JSON",
    pointer: "",
    message: `Invalid plugin manifest JSON: it is nested deeper than ${MAX_NESTING} levels`,
    hint: "Flatten it.",
  };
}

/** True if lists and objects stand in each other deeper than so many levels. Takes any parsed JSON, however deep. */
export function isNestedDeeper(value: unknown, levels: number): boolean {
  // Level by level, because a function that calls itself is just what deep nesting breaks.
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > levels) return true;
    level = level.flatMap((one): unknown[] =>
      typeof one === "object" && one !== null ? Object.values(one) : [],
    );
  }
  return false;
}

function problemOf(issue: z.core.$ZodIssue, json: unknown): ManifestProblem {
  const misspelt = misspeltKey(issue, json);
  if (misspelt) return misspelt;
  const unrecognised = issue.code === "unrecognized_keys" ? issue.keys[0] : undefined;
  const path = unrecognised === undefined ? issue.path : [...issue.path, unrecognised];
  return {
    severity: "error",
    code: "MANIFEST_INVALID",
    pointer: pointerOf(path),
    message: `Failed to parse extension manifest: ${issue.message}`,
    hint: hintFor(issue),
  };
}

/** A required key that is missing beside an unknown key which was probably meant to be it. */
function misspeltKey({ code, path, input }: z.core.$ZodIssue, json: unknown): ManifestProblem | undefined {
  const missing = path.at(-1);
  if (code === "invalid_union" || input !== undefined || typeof missing !== "string") return undefined;
  let parent = json;
  for (const part of path.slice(0, -1)) parent = (parent as Record<PropertyKey, unknown> | undefined)?.[part];
  const known = [extensionSchema, hookSchema, configEntrySchema].find(({ shape }) => missing in shape);
  const key = writtenFor(missing, parent as JsonValue | undefined, Object.keys(known?.shape ?? {}));
  if (key === undefined) return undefined;
  const pointer = pointerOf(path);
  const message = `'${missing}' is missing, and the key '${key}' is unknown`;
  return { ...wrongEntry(pointer, message, `Rename '${key}' to '${missing}'.`), key };
}

/** Unknown keys are allowed, as everywhere in the ecosystem; one that looks like a slip of the pen is pointed out. */
function unknownKeys(manifest: Manifest): ManifestProblem[] {
  const { extension } = manifest;
  return [
    ...slips(manifest, Object.keys(manifestSchema.shape), ""),
    ...slips(extension ?? {}, Object.keys(extensionSchema.shape), "/extension"),
    ...(extension?.hooks ?? []).flatMap((hook, index) =>
      slips(hook, Object.keys(hookSchema.shape), `/extension/hooks/${index}`),
    ),
    ...(extension?.config ?? []).flatMap((entry, index) =>
      slips(entry, Object.keys(configEntrySchema.shape), `/extension/config/${index}`),
    ),
  ];
}

function slips(value: object, known: readonly string[], at: string): ManifestProblem[] {
  return Object.keys(value).flatMap((key) => {
    if (known.includes(key)) return [];
    const safety = safetyKeyMeant(key);
    const near = safety === undefined ? didYouMean(key, known) : undefined;
    if (near === undefined && safety === undefined) return [];
    const hint =
      safety === undefined || known.includes(safety)
        ? `Did you mean '${near ?? safety ?? ""}'?`
        : `It looks like a safety setting and has no effect here: '${safety}' stands ${placeOfSafetyKey(safety)}.`;
    return [
      {
        severity: "warning" as const,
        code: "MANIFEST_UNKNOWN_KEY" as const,
        pointer: at + pointerOf([key]),
        message: `unknown key '${key}' is ignored`,
        hint,
      },
    ];
  });
}
