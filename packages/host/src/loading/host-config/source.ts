import { lstatSync } from "node:fs";
import { join } from "node:path";
import { isNestedDeeper, jsonErrorOffset } from "@synaps/sdk/manifest";
import { parse as parseToml, TomlError } from "smol-toml";
import { messageOf, systemCode } from "../../errors.js";
import { textOf } from "../config/config-file.js";
import { readRegularFileSync } from "../regular-file.js";
import type { HostConfigProblem } from "./host-config.js";
import { shownKey } from "./names.js";
import { keyPlaces, placeOf, type KeyPlaces, type Place } from "./key-places.js";

/** Largest file: far above what people write, and small enough to be read whenever it changes. */
const MAX_BYTES = 1_024 * 1_024;
/** Deepest nesting of tables and lists in the file. The configuration itself needs four levels. */
const MAX_NESTING = 32;

/** A file of the configuration that was parsed. Its values are not checked yet. */
export interface Source {
  readonly file: string;
  readonly value: unknown;
  readonly places: KeyPlaces;
}

/** Paths at which the configuration may stand; at most one of them. */
export function hostConfigPaths(baseDir: string): readonly [toml: string, json: string] {
  const folder = join(baseDir, "extensions");
  return [join(folder, "host.toml"), join(folder, "host.json")];
}

/**
 * Reads the file of the configuration. Undefined when there is none; a problem when there are two, or when the one cannot be
 * read or parsed. Reads only plain files of at most 1 MiB.
 */
export function readSource(baseDir: string): Source | HostConfigProblem | undefined {
  const [toml, json] = hostConfigPaths(baseDir);
  const [hasToml, hasJson] = [isThere(toml), isThere(json)];
  if (hasToml instanceof Error) return unreadable(toml, hasToml);
  if (hasJson instanceof Error) return unreadable(json, hasJson);
  if (hasToml && hasJson) {
    const message = `there are two of them, '${toml}' and '${json}'`;
    return ofFile(toml, message, "Remove one of the two: they are never merged.");
  }
  if (!hasToml && !hasJson) return undefined;
  const file = hasToml ? toml : json;
  const text = readText(file);
  if (typeof text !== "string") return text;
  return hasToml ? readToml(file, text) : readJson(file, text);
}

/**
 * Anything counts, also a folder or a link that leads nowhere: whoever put it there believes that it has an effect. An error
 * where nobody can tell, as in a folder that may not be looked into.
 */
function isThere(path: string): boolean | Error {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    // The base folder may be a file, or not there at all.
    return systemCode(error) === "ENOTDIR" ? false : (error as Error);
  }
}

function unreadable(file: string, error: unknown): HostConfigProblem {
  const hint = "It is a readable file of at most 1 MiB. Correct it, or remove it to use the defaults.";
  return ofFile(file, `it cannot be read: ${messageOf(error)}`, hint);
}

function readText(file: string): string | HostConfigProblem {
  let bytes: Buffer;
  try {
    bytes = readRegularFileSync(file, MAX_BYTES);
  } catch (error) {
    return unreadable(file, error);
  }
  const text = textOf(bytes);
  return text === undefined
    ? ofFile(file, "it is no text in UTF-8", "Save it as UTF-8 without zero bytes.")
    : text.replace(/^\uFEFF/, "");
}

function readToml(file: string, text: string): Source | HostConfigProblem {
  try {
    const options = { maxDepth: MAX_NESTING, integersAsBigInt: "asNeeded" } as const;
    return { file, value: parseToml(text, options), places: keyPlaces(text, "=") };
  } catch (error) {
    // Behind the first line the parser quotes the file, which may hold a secret.
    const why = messageOf(error)
      .split("\n", 1)[0]
      ?.replace(/^Invalid TOML document: /, "");
    const place = error instanceof TomlError ? { line: error.line, column: error.column } : undefined;
    return ofFile(file, `it is no TOML: ${why}`, "Correct this place, and what stands before it.", place);
  }
}

function readJson(file: string, text: string): Source | HostConfigProblem {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    const hint = "Look for a missing comma, quote or bracket there; JSON allows no comments.";
    return ofFile(file, "it is no JSON", hint, placeOf(text, jsonErrorOffset(text)));
  }
  if (isNestedDeeper(value, MAX_NESTING))
    return ofFile(file, `it is nested deeper than ${MAX_NESTING} levels`, "Flatten it.");
  const places = keyPlaces(text, ":");
  const { twice } = places;
  if (twice === undefined) return { file, value, places };
  // The parser would take the last one without a word.
  return {
    ...ofFile(file, "the key stands there twice", "Remove one of the two.", twice.place),
    key: shownKey(twice.path),
  };
}

function ofFile(file: string, message: string, hint: string, place?: Place): HostConfigProblem {
  return {
    severity: "error",
    key: "",
    file,
    line: place?.line ?? null,
    column: place?.column ?? null,
    variable: null,
    message,
    hint,
  };
}
