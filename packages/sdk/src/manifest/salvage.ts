import type * as z from "zod";
import { isJsonObject, type JsonObject, type JsonValue } from "../protocol/json.js";
import { hintFor } from "./issue-text.js";
import { isOwnKey, ownKeysMayGo } from "./own-keys.js";
import { pointerOf } from "../protocol/pointer.js";
import { unusedEntry, type ManifestProblem } from "./problem.js";

type Path = readonly PropertyKey[];

/** The result of taking out of a manifest the parts that a fault of form costs. */
export interface Salvaged {
  /** One warning for each part that was taken out. */
  warnings: ManifestProblem[];
  /** Issues that cost the extension as a whole. */
  left: z.core.$ZodIssue[];
  /** Turns a pointer into the shortened manifest into a pointer into the file. */
  inFile(pointer: string): string;
}

/**
 * Takes out of a manifest, in place, each part that has not its form and that the extension can do without: an entry of a side
 * section, a side section, and under protocols 1 and 2 a key that only this host knows.
 */
export function salvage(json: JsonObject, issues: readonly z.core.$ZodIssue[]): Salvaged {
  const left: z.core.$ZodIssue[] = [];
  const warnings: ManifestProblem[] = [];
  const parts = new Map<string, Path>();
  for (const issue of issues) {
    const part = partOf(issue.path, json);
    if (part === undefined) {
      left.push(issue);
      continue;
    }
    const at = pointerOf(part);
    if (parts.has(at)) continue;
    parts.set(at, part);
    const hint = `${hintFor(issue)} Until then, ${at} is left out.`;
    warnings.push({ ...unusedEntry(pointerOf(issue.path), issue.message), hint });
  }
  const removed = remove(json, [...parts.values()]);
  return { warnings, left, inFile: (pointer) => withRemoved(pointer, removed) };
}

/** The part of a manifest that a fault at this place costs. Undefined for the extension as a whole. */
function partOf(path: Path, json: JsonObject): Path | undefined {
  const [section, second] = path;
  switch (section) {
    case undefined:
      return undefined;
    case "extension":
      if (!isOwnKey(path) || !ownKeysMayGo(json["extension"])) return undefined;
      return path.slice(0, second === "hooks" || second === "config" ? 4 : 2);
    case "commands":
    case "keybinds":
      return path.slice(0, path[2] === "description" ? 3 : 2);
    case "settings":
      return path.slice(0, path.length > 4 ? 5 : 3);
    case "provides":
      // A sidecar is of no use without its command; its other members have defaults.
      return path.slice(0, path[2] === "command" ? 2 : 3);
    case "help":
    case "help_entries":
    case "compatibility":
      return path.slice(0, 2);
    default:
      return path.slice(0, 1);
  }
}

/** Removes the parts, and returns the removed places of each list by the list's pointer, in rising order. */
function remove(json: JsonObject, parts: readonly Path[]): Map<string, number[]> {
  const places = new Map<string, number[]>();
  const lists = new Map<string, JsonValue[]>();
  for (const part of parts) {
    const parent = valueAt(json, part.slice(0, -1));
    const key = part.at(-1);
    if (Array.isArray(parent)) {
      const at = pointerOf(part.slice(0, -1));
      lists.set(at, parent);
      places.set(at, [...(places.get(at) ?? []), Number(key)]);
    } else if (isJsonObject(parent)) delete parent[String(key)];
  }
  for (const [at, list] of lists) {
    const gone = new Set(places.get(at));
    const kept = list.filter((_, index) => !gone.has(index));
    list.splice(0, list.length, ...kept);
    places.get(at)?.sort((a, b) => a - b);
  }
  return places;
}

function valueAt(json: JsonObject, path: Path): JsonValue | undefined {
  let value: JsonValue | undefined = json;
  for (const key of path) {
    if (Array.isArray(value)) value = value[Number(key)];
    else value = isJsonObject(value) ? value[String(key)] : undefined;
  }
  return value;
}

function withRemoved(pointer: string, removed: ReadonlyMap<string, readonly number[]>): string {
  let inFile = "";
  for (const part of pointer.split("/").slice(1)) {
    let key = part;
    for (const index of removed.get(inFile) ?? []) if (index <= Number(key)) key = String(Number(key) + 1);
    inFile += `/${key}`;
  }
  return inFile;
}
