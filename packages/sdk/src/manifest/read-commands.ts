import type { JsonValue } from "../protocol/json.js";
import { unusedEntry, type ManifestProblem } from "./problem.js";
import type { ManifestCommand } from "./surface-schema.js";

interface Named {
  name: string;
  description: string | undefined;
}

/** A command of an extension, by what running it means. */
export type CommandDeclaration = Named &
  (
    | { shape: "shell"; command: string; args: readonly string[] }
    | { shape: "tool"; tool: string; input: JsonValue }
    | { shape: "skill"; skill: string; prompt: string }
    | { shape: "interactive"; subcommands: readonly string[] }
  );

/** Entries of a section beside `extension`, with a warning for each entry that is left out. */
export interface ReadEntries<T> {
  /** Those that can be used, in the manifest's order. */
  entries: T[];
  problems: ManifestProblem[];
}

// White space would end it where it is typed, and a colon stands between an extension's id and its command.
const BAD_NAME = /[\s:/\p{Cc}]/u;

/** Sorts commands by shape and checks them. Of two with one name the first is used. */
export function readCommands(commands: readonly ManifestCommand[]): ReadEntries<CommandDeclaration> {
  const entries = new Map<string, CommandDeclaration>();
  const problems: ManifestProblem[] = [];
  commands.forEach((raw, index) => {
    const at = `/commands/${index}`;
    const command = declarationOf(raw);
    const wrong = problemWith(command, at);
    if (wrong) problems.push(wrong);
    else if (entries.has(command.name)) {
      problems.push(unusedEntry(`${at}/name`, `the command '${command.name}' is declared twice`));
    } else entries.set(command.name, command);
  });
  return { entries: [...entries.values()], problems };
}

// The parser took the first shape that fits; its key tells which that was.
function declarationOf(raw: ManifestCommand): CommandDeclaration {
  const named: Named = { name: raw.name, description: raw.description ?? undefined };
  if ("command" in raw && typeof raw.command === "string") {
    return { ...named, shape: "shell", command: raw.command.trim(), args: stringsOf(raw["args"]) };
  }
  if ("tool" in raw && typeof raw.tool === "string") {
    return { ...named, shape: "tool", tool: raw.tool, input: (raw["input"] ?? {}) as JsonValue };
  }
  if ("skill" in raw && typeof raw.skill === "string") {
    const prompt = raw["prompt"];
    return { ...named, shape: "skill", skill: raw.skill, prompt: typeof prompt === "string" ? prompt : "" };
  }
  return { ...named, shape: "interactive", subcommands: stringsOf(raw["subcommands"]) };
}

function stringsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}

function problemWith(command: CommandDeclaration, at: string): ManifestProblem | undefined {
  const { name } = command;
  if (name === "" || BAD_NAME.test(name)) {
    const message = `command name '${shown(name)}' must be non-empty, without white space, colon or slash`;
    return unusedEntry(`${at}/name`, message);
  }
  switch (command.shape) {
    case "shell":
      return problemWithProgram(command.command, name, at);
    case "tool":
      return command.tool.trim() === ""
        ? unusedEntry(`${at}/tool`, `command '${name}' names no tool`)
        : undefined;
    case "skill":
      return command.skill.trim() === ""
        ? unusedEntry(`${at}/skill`, `command '${name}' names no skill`)
        : undefined;
    case "interactive":
      return undefined;
  }
}

function problemWithProgram(program: string, name: string, at: string): ManifestProblem | undefined {
  if (program === "") return unusedEntry(`${at}/command`, `command '${name}' has an empty program`);
  if (!leavesFolder(program)) return undefined;
  const message = `command '${name}' starts '${shown(program)}', which is outside of the extension's folder`;
  const hint = "It is left out: name a program in the extension's folder, or one that is found on PATH.";
  return { ...unusedEntry(`${at}/command`, message), hint };
}

/** Whether a path is absolute or climbs with `..`, by the rules of POSIX and of Windows alike. */
export function leavesFolder(path: string): boolean {
  return /^[\\/]|^[A-Za-z]:/.test(path) || path.split(/[\\/]/).includes("..");
}

function shown(text: string): string {
  return text.replace(/\p{Cc}/gu, "?").slice(0, 80);
}
