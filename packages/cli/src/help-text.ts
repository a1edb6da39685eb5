import type { Argument, HelpConfiguration } from "commander";
import type { Help } from "./help.js";
import type { Output } from "./io.js";

/** Width of help that is read by a program or kept in a file. */
const USUAL_WIDTH = 80;
/** Longer lines are hard to read, however wide the terminal is. */
const MOST_WIDTH = 100;

export function helpWidth({ isTerminal, columns }: Pick<Output, "isTerminal" | "columns">): number {
  return isTerminal ? Math.min(columns, MOST_WIDTH) : USUAL_WIDTH;
}

/** Settings of commander: every command has flags, so that its list need not say so, and narrow columns are wrapped. */
export const HELP_FORM: HelpConfiguration = {
  minWidthToWrap: 20,
  subcommandTerm: (command) =>
    [command.name(), ...command.registeredArguments.map((argument) => termOf(argument))].join(" "),
};

function termOf(argument: Argument): string {
  const name = `${argument.name()}${argument.variadic ? "..." : ""}`;
  return argument.required ? `<${name}>` : `[${name}]`;
}

/** Text above the flags: examples first, because they are what most people look for. */
export function helpBefore({ examples }: Help, width: number): string {
  return `Examples:\n${indented(examples, width, "  ")}\n`;
}

/** Text below the flags. */
export function helpAfter({ notes = [], exitCodes }: Help, width: number): string {
  const shown = notes.map((note) => wrapped(note, width, "  "));
  return `${shown.length > 0 ? `\n${shown.join("\n")}\n` : ""}\nExit codes:\n${indented(exitCodes, width, "     ")}`;
}

function indented(lines: readonly string[], width: number, hanging: string): string {
  return lines.map((line) => wrapped(`  ${line}`, width, hanging)).join("\n");
}

/**
 * Breaks a line behind spaces and commas, so that no part is longer than the width; a word without either stays whole.
 * Parts after the first one begin with the indentation of the line and with `hanging`.
 */
export function wrapped(line: string, width: number, hanging: string): string {
  const indent = /^ */.exec(line)?.[0] ?? "";
  const parts = line.slice(indent.length).match(/[^ ,]+(?:,+| +|$)|[ ,]+/g) ?? [];
  const lines: string[] = [];
  let current = indent;
  for (const part of parts) {
    if ((current + part).trimEnd().length > width && current.trim() !== "") {
      lines.push(current.trimEnd());
      current = indent + hanging + part.trimStart();
    } else current += part;
  }
  return [...lines, current.trimEnd()].join("\n");
}
