import { isJsonObject, type JsonObject, type JsonValue } from "@synaps/sdk/protocol";
import { guessedPaths } from "./guess.js";
import { globBase, namesOfGlob } from "./glob-base.js";
import * as keys from "./input-keys.js";
import { changes, type Access, type Call, type Operation, type ToolKind } from "./model.js";
import { holdsPatch, patchedFiles } from "./patch.js";

/** Paths of one call that are looked at. */
export const MAX_PATHS = 200;
const MAX_DEPTH = 8;
const MAX_VALUES = 5_000;

/** Words of an editor's `command` that change nothing. */
const VIEWS = /^(?:view|read|show|open|cat)$/i;

/**
 * Finds the paths in the input of a tool. With no kind, the tool is unknown: then only keys that hold nothing but a path count,
 * and undefined stands for an input without any. What cannot be read makes the call unclear, never empty; an input without any path
 * does so with `isFileTool`, for tools that do nothing but handle files of this machine.
 */
export function readCall(
  kind: ToolKind | undefined,
  input: JsonValue,
  isFileTool = kind !== undefined,
): Call | undefined {
  const object = objectOf(input);
  const patch = patchIn(kind, input, object);
  if (patch !== undefined) return patchCall(patch, kind);
  const certain = kind ?? kindByShape(object);
  if (certain === undefined) return undefined;
  if (object === undefined) {
    if (typeof input === "string" && input !== "")
      return limited([{ operation: operationOf(certain), text: input }]);
    return certain === "list" || certain === "search" ? NOTHING : unclear("its input is no object");
  }
  return new InputReader(certain, object).read(isFileTool);
}

const NOTHING: Call = { accesses: [], unclear: undefined };
const unclear = (why: string): Call => ({ accesses: [], unclear: why });

/** Some agents write the input as JSON in a text. */
function objectOf(input: JsonValue): JsonObject | undefined {
  if (isJsonObject(input)) return input;
  if (typeof input !== "string" || !/^\s*\{/.test(input)) return undefined;
  try {
    const value = JSON.parse(input) as JsonValue;
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The text of a patch: of a patch tool, or where a shell command brings one along. */
function patchIn(
  kind: ToolKind | undefined,
  input: JsonValue,
  object: JsonObject | undefined,
): string | undefined {
  if (kind !== undefined && kind !== "patch") return undefined;
  const texts = object
    ? entriesOf(object).filter(([key]) => keys.PATCH_KEYS.has(key))
    : [["", input] as const];
  for (const [, value] of texts) {
    const text = Array.isArray(value) ? value.filter((part) => typeof part === "string").join("\n") : value;
    if (typeof text === "string" && (kind === "patch" || holdsPatch(text))) return text;
  }
  return undefined;
}

function patchCall(text: string, kind: ToolKind | undefined): Call {
  const accesses = patchedFiles(text);
  if (accesses.length === 0 && kind === "patch") return unclear("no file can be told from its patch");
  return limited(accesses);
}

function limited(accesses: readonly Access[], why?: string): Call {
  const many = accesses.length > MAX_PATHS ? `it names more than ${MAX_PATHS} paths` : undefined;
  return { accesses: accesses.slice(0, MAX_PATHS), unclear: why ?? many };
}

/**
 * Adds what the input may name beside the paths that its keys tell. `call` is undefined for a tool that is not known to handle
 * files: its input is looked at in the same way, as by a tool of the kind.
 */
export function withGuesses(call: Call | undefined, kind: ToolKind, input: JsonValue): Call | undefined {
  const operation = changes(operationOf(kind)) ? "write" : operationOf(kind);
  if (operation === "list") return call;
  const known = new Set(call?.accesses.map(({ text }) => text));
  const { texts, isWhole } = guessedPaths(input);
  const guesses = texts
    .filter((text) => !known.has(text))
    .map((text) => ({ operation, text, isGuess: true }));
  if (call === undefined && guesses.length === 0 && isWhole) return undefined;
  const why = isWhole ? undefined : "its input has too much that may be a path";
  return { accesses: [...(call?.accesses ?? []), ...guesses], unclear: call?.unclear ?? why };
}

function kindByShape(object: JsonObject | undefined): ToolKind | undefined {
  if (object === undefined) return undefined;
  const names = entriesOf(object).map(([key]) => key);
  if (!names.some((name) => keys.CERTAIN_KEYS.has(name))) return undefined;
  return names.some((name) => keys.WRITTEN_KEYS.has(name)) ? "write" : "read";
}

const entriesOf = (object: JsonObject): [string, JsonValue][] =>
  Object.entries(object).map(([name, value]) => [keys.plainKey(name), value]);

const operationOf = (kind: ToolKind): Operation => {
  if (kind === "move") return "delete";
  if (kind === "copy") return "read";
  return kind === "edit" || kind === "patch" ? "write" : kind;
};

/** Reads the input of one call, whatever the depth its paths stand in. */
class InputReader {
  readonly #kind: ToolKind;
  readonly #operation: Operation;
  readonly #input: JsonObject;
  readonly #found: Access[] = [];
  readonly #globs: string[] = [];
  #values = 0;
  #unclear: string | undefined;

  constructor(kind: ToolKind, input: JsonObject) {
    this.#kind = kind;
    this.#input = input;
    const command = input["command"];
    const isView = kind === "edit" && typeof command === "string" && VIEWS.test(command);
    this.#operation = isView ? "read" : operationOf(kind);
  }

  /** `isNamed`: the tool is known by its name, so that an input without any path is not to be passed over. */
  read(isNamed: boolean): Call {
    this.#object(this.#input, 0);
    this.#resolveGlobs();
    const isLooking = this.#operation === "list" || this.#operation === "search";
    if (this.#found.length === 0 && isLooking) this.#found.push({ operation: this.#operation, text: "." });
    if (this.#found.length === 0 && isNamed) this.#unclear ??= "no path can be told from its input";
    return limited(this.#found, this.#unclear);
  }

  #object(object: JsonObject, depth: number): void {
    for (const [key, value] of entriesOf(object)) {
      if (keys.CONTENT_KEYS.has(key) || this.#isRange(key, value)) continue;
      if (keys.SOURCE_KEYS.has(key)) this.#paths(value, this.#sourceOperation(), depth);
      else if (keys.DESTINATION_KEYS.has(key)) this.#paths(value, this.#targetOperation(), depth);
      else if (keys.GLOB_KEYS.has(key) || (key === keys.PATTERN_KEY && this.#kind === "list"))
        this.#glob(value);
      else if (keys.PATH_KEYS.has(key)) this.#paths(value, this.#operation, depth);
      else this.#inner(value, depth);
    }
  }

  /** True for `from` and `to` of lines, as tools that neither move nor copy have them. */
  #isRange(key: string, value: JsonValue): boolean {
    if (this.#kind === "move" || this.#kind === "copy" || typeof value !== "number") return false;
    return keys.SOURCE_KEYS.has(key) || keys.DESTINATION_KEYS.has(key);
  }

  /** Lists and objects under other keys, such as `edits[].file_path`. */
  #inner(value: JsonValue, depth: number): void {
    if (typeof value !== "object" || value === null || !this.#counts(depth)) return;
    if (!Array.isArray(value)) return this.#object(value, depth + 1);
    for (const one of value) {
      this.#inner(one, depth + 1);
      if (this.#unclear !== undefined) return;
    }
  }

  #paths(value: JsonValue, operation: Operation, depth: number): void {
    if (value === null || value === "" || value === false || !this.#counts(depth)) return;
    if (typeof value === "string") {
      this.#found.push({ operation, text: value });
      // Some tools take globs where others take paths.
      if (operation === "read" && /[*?]/.test(value)) this.#globs.push(value);
    } else if (Array.isArray(value)) {
      for (const one of value) {
        this.#paths(one, operation, depth + 1);
        if (this.#unclear !== undefined) return;
      }
    } else if (isJsonObject(value)) this.#object(value, depth + 1);
    else this.#unclear ??= "a path in its input is no text";
  }

  #glob(value: JsonValue): void {
    const globs = Array.isArray(value) ? value : [value];
    for (const glob of globs) if (typeof glob === "string" && glob !== "") this.#globs.push(glob);
  }

  /** A glob starts in the folder that the input names, or in the one that it names itself. */
  #resolveGlobs(): void {
    if (this.#globs.length > MAX_PATHS) this.#unclear ??= `it names more than ${MAX_PATHS} globs`;
    const operation = this.#operation === "read" || changes(this.#operation) ? "search" : this.#operation;
    const named = this.#found.map(({ text }) => text).filter((text) => !this.#globs.includes(text));
    const folders = named.length > 0 ? named : ["."];
    for (const glob of this.#globs.slice(0, MAX_PATHS)) {
      const base = globBase(glob);
      const isOwn = /^(?:[/~]|file:|[A-Za-z]:)/.test(glob);
      for (const folder of folders.slice(0, 4)) {
        const at = (path: string): string => (isOwn ? path : `${folder}/${path}`);
        this.#found.push({ operation: base === glob ? this.#operation : operation, text: at(base) });
        if (operation === "list") continue;
        for (const name of base === glob ? [] : namesOfGlob(glob))
          this.#found.push({ operation: "read", text: at(`${base === "." ? "" : base}${name}`) });
      }
    }
  }

  #sourceOperation(): Operation {
    return this.#kind === "copy" || this.#kind === "read"
      ? "read"
      : this.#kind === "move"
        ? "delete"
        : this.#operation;
  }

  #targetOperation(): Operation {
    return this.#kind === "move" || this.#kind === "copy" ? "write" : this.#operation;
  }

  #counts(depth: number): boolean {
    this.#values += 1;
    if (depth > MAX_DEPTH) this.#unclear ??= `its input has more than ${MAX_DEPTH} levels`;
    else if (this.#values > MAX_VALUES) this.#unclear ??= `its input has more than ${MAX_VALUES} values`;
    else if (this.#found.length > MAX_PATHS) this.#unclear ??= `it names more than ${MAX_PATHS} paths`;
    return this.#unclear === undefined;
  }
}
