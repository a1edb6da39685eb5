import type { z } from "zod";
import { isJsonObject, type JsonValue } from "../protocol/json.js";
import { inexactNumbers } from "../protocol/inexact-numbers.js";
import { jsonErrorOffset } from "./json-offset.js";
import { didYouMean } from "../protocol/did-you-mean.js";
import { writtenFor } from "./missing-key.js";
import { pointerOf, wrongEntry, type ManifestProblem } from "./problem.js";
import { checkRules, type RuleContext } from "./rules.js";
import { surfaceShape } from "./surface-schema.js";
import { checkSurfaces } from "./surface-rules.js";
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
  | { kind: "extension"; manifest: Manifest; extension: ExtensionSection; warnings: ManifestProblem[] }
  /** A valid plugin manifest without an `extension` section: skills or themes only. */
  | { kind: "no_extension" }
  | { kind: "invalid"; problems: ManifestProblem[] };

/**
 * Reads the text of a `plugin.json`. Never throws and touches nothing outside its arguments: whether the command
 * exists and whether required configuration is there, the host finds out later.
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
  const parsed = manifestSchema.safeParse(json, { reportInput: true });
  if (!parsed.success) {
    const issues = parsed.error.issues.filter((issue) => concerns(issue, json));
    return issues.length === 0
      ? { kind: "no_extension" }
      : { kind: "invalid", problems: issues.map((issue) => problemOf(issue, json)) };
  }
  const manifest = parsed.data;
  if (manifest.extension == null) return { kind: "no_extension" };
  const problems = [
    ...checkRules(manifest.extension, context),
    ...checkSurfaces(manifest),
    ...unknownKeys(manifest),
    ...inexactNumbers(source, INEXACT_LOOKED_AT).filter(isHandedOn).map(inexact),
  ];
  if (problems.some(({ severity }) => severity === "error")) return { kind: "invalid", problems };
  return { kind: "extension", manifest, extension: manifest.extension, warnings: problems };
}

/** True for numbers that an extension gets or that are compared with its events: the others have limits of their own. */
function isHandedOn(pointer: string): boolean {
  return /^\/extension\/(config|hooks)\//.test(pointer);
}

function inexact(pointer: string): ManifestProblem {
  const message = "the number has more digits than JSON numbers keep";
  return wrongEntry(pointer, message, "Write it as a string, or a smaller one.");
}

/** What a plugin without an extension offers is not ours to check: its commands may be made for another program. */
function concerns({ path }: z.core.$ZodIssue, json: unknown): boolean {
  const hasExtension = isJsonObject(json) && json["extension"] != null;
  return hasExtension || !Object.hasOwn(surfaceShape, path[0] ?? "");
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

/** Level by level, because a function that calls itself is just what deep nesting breaks. */
function isNestedDeeper(value: unknown, levels: number): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > levels) return true;
    level = level.flatMap((one): unknown[] =>
      typeof one === "object" && one !== null ? Object.values(one) : [],
    );
  }
  return false;
}

function problemOf(given: z.core.$ZodIssue, json: unknown): ManifestProblem {
  const issue = closestIssue(given);
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

/** Where nothing of several shapes fits: what is wrong with the one that has all its keys, else the issue itself. */
function closestIssue(issue: z.core.$ZodIssue): z.core.$ZodIssue {
  if (issue.code !== "invalid_union") return issue;
  const meant = issue.errors.find(([first, ...more]) => first && more.length === 0 && isOfGivenKey(first));
  const [inner] = meant ?? [];
  return inner ? { ...inner, path: [...issue.path, ...inner.path] } : issue;
}

function isOfGivenKey({ path, input }: z.core.$ZodIssue): boolean {
  return path.length > 0 && input !== undefined;
}

function hintFor(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "unrecognized_keys": {
      const known = ["input_contains", "input_equals"];
      const meant = didYouMean(issue.keys[0] ?? "", known);
      return meant === undefined ? `Known keys: ${known.join(", ")}.` : `Did you mean '${meant}'?`;
    }
    case "invalid_type":
      return `Write a value of type ${issue.expected} here.`;
    case "invalid_value":
      return `Write one of: ${issue.values.map(String).join(", ")}.`;
    default:
      return "Correct the value at this place.";
  }
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
    const meant = didYouMean(key, known);
    if (meant === undefined) return [];
    return [
      {
        severity: "warning" as const,
        code: "MANIFEST_UNKNOWN_KEY" as const,
        pointer: at + pointerOf([key]),
        message: `unknown key '${key}' is ignored`,
        hint: `Did you mean '${meant}'?`,
      },
    ];
  });
}
