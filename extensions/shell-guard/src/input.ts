import { isAbsolute, join } from "node:path";
import type { JsonObject, JsonValue } from "@synaps/sdk";
import type { ToolKind } from "./tools.js";

/** The command line of a tool call, and the folder it asks to run in. */
export interface ToolCommand {
  readonly command: string;
  readonly cwd: string | undefined;
  /** Code of another language, by the name of the tool or by what the input says. */
  readonly isCode?: boolean;
  /** The input is nested too deep to be read whole. */
  readonly isCut?: boolean;
}

/** How the input is to be read. */
export interface InputKind {
  readonly kind?: ToolKind;
  /** The folder of the event has a relative `dir_path` in it already. */
  readonly isOfAgent?: boolean;
}

/** Keys that hold a command in the input of any tool. */
const CLEAR_KEYS = [
  "command", "cmd", "commands", "script", "shell_command", "bash_command", "command_line", "commandLine", "shellCommand", "bash",
]; // prettier-ignore
const KEYS: Readonly<Record<ToolKind, readonly string[]>> = {
  shell: [...CLEAR_KEYS, "code", "input", "argv", "text", "content", "query"],
  typed: ["chars", "text", "data", "keys", "input", "command", "content", "value", "stdin"],
  code: ["code", "source", "script", "command", "input", "content", "cell", "expression"],
  other: CLEAR_KEYS,
  patch: [],
};
const FOLDER_KEYS = ["cwd", "workdir", "working_directory", "workingDirectory", "directory", "working_dir"];
/** Texts about a command that are none. */
const REMARK =
  /^(?:description|explanation|reason|justification|purpose|title|id|.*_id|name|type|language|lang|timeout|shell)$/i;
const OTHER_LANGUAGE = /^(?:python\d*|py|javascript|js|typescript|ts|node|ruby|rb|perl|php|lua|r|java)$/i;

/** Levels of an input that are read, and texts of one that a shell tool gives under unknown keys. */
const MAX_DEPTH = 6;
const MAX_TEXTS = 64;

/**
 * Finds the command in the input of a tool, whatever the tool calls it. Undefined when there is none. A tool that is known to
 * run a shell has one under any key; another tool only under a key that can mean nothing else.
 */
export function readToolInput(
  input: JsonValue,
  { kind = "shell", isOfAgent = false }: InputKind = {},
): ToolCommand | undefined {
  if (kind === "patch") return undefined;
  const isClear = kind !== "other";
  const reader = new Reader();
  if (typeof input === "string")
    return isClear ? { command: input, cwd: undefined, ...codeOf(kind, {}) } : undefined;
  if (Array.isArray(input))
    return isClear ? finish(reader.words(input), undefined, reader, kind, {}) : undefined;
  if (typeof input !== "object" || input === null) return undefined;
  const cwd =
    FOLDER_KEYS.map((key) => input[key]).find(isFolder) ?? directoryPath(input["dir_path"], isOfAgent);
  const found = reader.find(input, KEYS[kind], 0) ?? (kind === "shell" ? reader.texts(input) : undefined);
  if (found) return finish(found.text, cwd ?? found.cwd, reader, kind, input);
  return reader.isCut ? { command: "", cwd, isCut: true } : undefined;
}

function finish(
  command: string,
  cwd: string | undefined,
  { isCut }: Reader,
  kind: ToolKind,
  input: JsonObject,
): ToolCommand {
  return { command, cwd, ...codeOf(kind, input), ...(isCut ? { isCut } : {}) };
}

function codeOf(kind: ToolKind, input: JsonObject): { isCode?: true } {
  const language = input["language"] ?? input["lang"];
  if (typeof language === "string") return OTHER_LANGUAGE.test(language) ? { isCode: true } : {};
  return kind === "code" ? { isCode: true } : {};
}

interface Found {
  readonly text: string;
  readonly cwd?: string | undefined;
}

/** Reads nested inputs down to a bounded depth. */
class Reader {
  isCut = false;

  find(input: JsonObject, keys: readonly string[], depth: number): Found | undefined {
    const args = Array.isArray(input["args"]) ? input["args"] : [];
    const texts = keys.flatMap((key) => {
      const value = input[key];
      const text =
        typeof value === "string" ? value : Array.isArray(value) ? this.#list(key, value, keys, depth) : "";
      return text === "" ? [] : [text];
    });
    if (texts.length > 0 || (args.length > 0 && keys !== CLEAR_KEYS)) {
      const [first = "", ...others] = texts;
      const whole = [first, ...(args.length > 0 ? [this.words(args)] : [])]
        .filter((part) => part !== "")
        .join(" ");
      return { text: [whole, ...others].join("\n") };
    }
    return this.#below(input, keys, depth);
  }

  /** A command that stands in an object of its own, as in `{action: {command: [...]}}`. */
  #below(input: JsonObject, keys: readonly string[], depth: number): Found | undefined {
    for (const value of Object.values(input)) {
      if (typeof value !== "object" || value === null || Array.isArray(value)) continue;
      if (depth >= MAX_DEPTH) {
        this.isCut = true;
        return undefined;
      }
      const found = this.find(value, keys, depth + 1);
      if (!found) continue;
      return { ...found, cwd: found.cwd ?? FOLDER_KEYS.map((key) => value[key]).find(isFolder) };
    }
    return undefined;
  }

  /** A list is the words of one command; under `commands` it may as well be several. */
  #list(key: string, list: readonly JsonValue[], keys: readonly string[], depth: number): string {
    const objects = list.filter((one) => typeof one === "object" && one !== null && !Array.isArray(one));
    if (objects.length > 0 && depth < MAX_DEPTH)
      return objects.map((one) => this.find(one as JsonObject, keys, depth + 1)?.text ?? "").join("\n");
    const words = this.words(list);
    if (key !== "commands") return words;
    return [...list.filter((one) => typeof one === "string"), words].join("\n");
  }

  /** An argv list back to shell text; its words are quoted, because no shell would expand them. */
  words(list: readonly JsonValue[]): string {
    return list.flatMap((word) => this.#texts(word, 0).map(quoteWord)).join(" ");
  }

  #texts(value: JsonValue, depth: number): string[] {
    if (typeof value === "string") return [value];
    if (typeof value !== "object" || value === null) return [String(value)];
    if (depth >= MAX_DEPTH) {
      this.isCut = true;
      return [];
    }
    const values = Object.values(value);
    if (values.length > MAX_TEXTS) this.isCut = true;
    return values.slice(0, MAX_TEXTS).flatMap((one) => this.#texts(one, depth + 1));
  }

  /** All texts of an input whose keys are unknown. */
  texts(input: JsonObject): Found | undefined {
    const texts = Object.entries(input)
      .filter(([key]) => !REMARK.test(key) && !FOLDER_KEYS.includes(key) && key !== "dir_path")
      .flatMap(([, value]) => (typeof value === "string" ? [value] : []))
      .slice(0, MAX_TEXTS);
    return texts.length > 0 ? { text: texts.join("\n") } : undefined;
  }
}

const isFolder = (value: JsonValue | undefined): value is string => typeof value === "string" && value !== "";

function directoryPath(value: JsonValue | undefined, isOfAgent: boolean): string | undefined {
  return isFolder(value) && (isAbsolute(value) || !isOfAgent) ? value : undefined;
}

const quoteWord = (word: string): string =>
  /^[\w@%+=:,./~-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;

/** The folder that a command starts in: that of the tool's input, from the event's folder or else the project; undefined in doubt. */
export function startFolder(
  cwd: string | undefined,
  folder: string | undefined,
  project: string | null,
): string | undefined {
  if (cwd === undefined) return folder;
  const from = folder ?? project;
  return isAbsolute(cwd) || cwd.startsWith("~") || from === null ? cwd : join(from, cwd);
}
