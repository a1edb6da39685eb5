import { isAbsolute, join } from "node:path";
import type { JsonValue } from "@synaps/sdk";

/** The command line of a tool call, and the folder it asks to run in. */
export interface ToolCommand {
  readonly command: string;
  readonly cwd: string | undefined;
}

const COMMAND_KEYS = ["command", "cmd", "script", "commands", "code", "input", "argv"];
const FOLDER_KEYS = ["cwd", "workdir", "working_directory", "workingDirectory", "directory"];

/**
 * Finds the command in the input of a shell tool, whatever the tool calls it. Undefined when there is none. `isOfAgent`: the
 * folder of the event has a relative `dir_path` in it already.
 */
export function readToolInput(input: JsonValue, isOfAgent = false): ToolCommand | undefined {
  if (typeof input === "string") return { command: input, cwd: undefined };
  if (Array.isArray(input)) return { command: quoteAll(input), cwd: undefined };
  if (typeof input !== "object" || input === null) return undefined;
  const cwd =
    FOLDER_KEYS.map((key) => input[key]).find(isFolder) ?? directoryPath(input["dir_path"], isOfAgent);
  const value = COMMAND_KEYS.map((key) => input[key]).find(
    (found) => typeof found === "string" || Array.isArray(found),
  );
  const args = Array.isArray(input["args"]) ? input["args"] : [];
  if (value === undefined && args.length === 0) return undefined;
  const command = Array.isArray(value) ? quoteAll(value) : typeof value === "string" ? value : "";
  return {
    command: [command, ...(args.length > 0 ? [quoteAll(args)] : [])].filter((part) => part !== "").join(" "),
    cwd,
  };
}

const isFolder = (value: JsonValue | undefined): value is string => typeof value === "string" && value !== "";

function directoryPath(value: JsonValue | undefined, isOfAgent: boolean): string | undefined {
  return isFolder(value) && (isAbsolute(value) || !isOfAgent) ? value : undefined;
}

/** An argv list back to shell text; its words are quoted, because no shell would expand them. */
const quoteAll = (words: readonly JsonValue[]): string =>
  words.map((word) => quoteWord(typeof word === "string" ? word : JSON.stringify(word))).join(" ");

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
