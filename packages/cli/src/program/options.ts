import { type Command, InvalidArgumentError, Option } from "commander";
import type { Help } from "../help.js";
import { helpAfter, helpBefore } from "../help-text.js";
import type { Io } from "../io.js";

const MAX_CONCURRENCY = 1024;
/** More than a host keeps. */
const MAX_LOG_LINES = 10_000;
/** Most notes that are shown at a time. */
const MAX_NOTES = 10_000;
/** Most lines of an audit that are shown at a time. */
const MAX_AUDIT_LINES = 1_000_000;
const MAX_SECONDS = 600;
/** A week. */
const MAX_MINUTES = 10_080;
const MAX_PID = 2 ** 31 - 1;

/** What a group of commands needs to be added to the program. */
export interface ProgramParts {
  program: Command;
  io: Io;
  /** Hands the exit code of a command on. */
  done(code: Promise<number>): Promise<void>;
}

export function command(program: Command, name: string, summary: string, help: Help): Command {
  return around(program.command(name).summary(summary).description(sentence(summary)), help);
}

export function around(one: Command, help: Help): Command {
  const width = (): number => one.configureOutput().getOutHelpWidth?.() ?? 80;
  return one
    .addHelpText("before", () => helpBefore(help, width()))
    .addHelpText("after", () => helpAfter(help, width()));
}

function sentence(summary: string): string {
  return `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`;
}

export function extensionsDir(): Option {
  return new Option(
    "--extensions-dir <dir>",
    "folder of extensions, or one extension; may be repeated (default: the user's and the project's folders)",
  ).argParser((dir: string, before: string[] | undefined) => [...(before ?? []), filled(dir)]);
}

export function catalog(): Option {
  return new Option(
    "--catalog <name|file>",
    "hook kinds of another catalog: gateway, messaging, proxy, agent or a JSON file; may be repeated",
  ).argParser((name: string, before: string[] | undefined) => [...(before ?? []), filled(name)]);
}

export function required(): Option {
  return new Option(
    "--require <id>",
    "end with 1 when this extension does not run, or abstained; may be repeated",
  ).argParser((id: string, before: string[] | undefined) => [...(before ?? []), filled(id)]);
}

export function baseDir(): Option {
  return new Option(
    "--base-dir <dir>",
    "the user's folder (default: SYNAPS_BASE_DIR or ~/.synaps-cli)",
  ).argParser(filled);
}

export function pid(): Option {
  return new Option(
    "--pid <pid>",
    "process id of the host, where several run on the same base folder",
  ).argParser((value: string) => wholeNumber(value, 1, MAX_PID));
}

export function json(description = "print one JSON document; errors are JSON too"): Option {
  return new Option("--json", description);
}

export function chain(): Option {
  return new Option("--chain <policy>", "how several answers become one")
    .choices(["first_decision", "rewrite_then_veto"])
    .default("rewrite_then_veto");
}

export function confirm(): Option {
  return new Option("--confirm <how>", "ask on the terminal when an extension wants confirmation, or block")
    .choices(["ask", "block"])
    .default("block");
}

/** An empty value is a variable that the caller's script forgot to set, and no wish for the working folder. */
export function filled(value: string): string {
  if (value.trim() !== "") return value;
  throw new InvalidArgumentError("It must not be empty.");
}

export function concurrency(value: string): number {
  return wholeNumber(value, 1, MAX_CONCURRENCY);
}

export function noteCount(value: string): number {
  return wholeNumber(value, 1, MAX_NOTES);
}

export function auditCount(value: string): number {
  return wholeNumber(value, 1, MAX_AUDIT_LINES);
}

/** One more label that a line of an audit must have. */
export function auditLabel(value: string, before: Record<string, string> = {}): Record<string, string> {
  const [, name, wanted] = /^([^=]+)=(.*)$/s.exec(value) ?? [];
  if (name !== undefined && wanted !== undefined) return { ...before, [name]: wanted };
  throw new InvalidArgumentError("It must be a name, '=' and a value, as agent=codex.");
}

/** A moment as milliseconds since the epoch. */
export function moment(value: string): number {
  const ms = /^-?\d+$/.test(value) ? Number(value) : Date.parse(value);
  if (Number.isSafeInteger(ms)) return ms;
  throw new InvalidArgumentError("It must be a date as 2026-01-31, or milliseconds since 1970.");
}

export function lineCount(value: string): number {
  return wholeNumber(value, 0, MAX_LOG_LINES);
}

export function minutes(value: string): number {
  return wholeNumber(value, 1, MAX_MINUTES);
}

export function seconds(value: string): number {
  return wholeNumber(value, 1, MAX_SECONDS);
}

function wholeNumber(value: string, least: number, most: number): number {
  const number = Number(value);
  if (/^\d+$/.test(value) && number >= least && number <= most) return number;
  throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
}
