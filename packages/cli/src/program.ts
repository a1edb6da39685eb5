import { Command, InvalidArgumentError, Option } from "commander";
import type { ApproveFlags } from "./commands/approve.js";
import type { ListFlags } from "./commands/list.js";
import type { LogsFlags } from "./commands/logs.js";
import type { ResumeFlags } from "./commands/resume.js";
import type { RunFlags } from "./commands/run.js";
import type { ValidateFlags } from "./commands/validate.js";
import { HELP, helpAfter, helpBefore, type Help } from "./help.js";
import type { Io } from "./io.js";
import { cliVersion } from "./package-version.js";
import type { StatusFlags } from "./status-output.js";

const MAX_CONCURRENCY = 1024;
/** More than a host keeps. */
const MAX_LOG_LINES = 10_000;
const MAX_PID = 2 ** 31 - 1;

/** What commander would write itself; the caller does it. */
export interface ProgramOutput {
  out(text: string): void;
  exitCode(code: number): void;
}

/** The command line: names, flags and help. Each command's code is loaded when it is called. */
export function createProgram(io: Io, output: ProgramOutput): Command {
  const program = new Command("synaps-ext")
    .description("Run, inspect and check extensions, and look at running ones.")
    .version(cliVersion(), "--version", "print the version number")
    .helpOption("-h, --help", "show this")
    .helpCommand("help [command]", "show the help of a command")
    .exitOverride()
    // Errors are worded in one place: present-error.
    .configureOutput({ writeOut: output.out, writeErr: () => {}, getOutHelpWidth: () => 120 });
  around(program, HELP.root);
  const done = (code: Promise<number>): Promise<void> => code.then(output.exitCode);

  command(program, "run", "answer events from a file or a stream, one JSON line each", HELP.run)
    .addOption(extensionsDir())
    .option("--events <file>", "file with one JSON event per line; - is standard input", "-")
    .addOption(baseDir())
    .option("--session <id>", "session id for events that have none", filled)
    .addOption(chain())
    .option("--concurrency <n>", "events in flight at the same time", concurrency, 1)
    .addOption(confirm())
    .option("--control", "let status, logs and resume of the same user reach this host while it runs")
    .option("--quiet", "no start table and no end report")
    .action((flags: RunFlags) => done(import("./commands/run.js").then(({ run }) => run(io, flags))));

  command(program, "list", "show which extensions there are and whether they may run", HELP.list)
    .addOption(extensionsDir())
    .addOption(baseDir())
    .addOption(json())
    .action((flags: ListFlags) => done(import("./commands/list.js").then(({ list }) => list(io, flags))));

  command(program, "hooks", "show where extensions can be asked, and what they may answer", HELP.hooks)
    .addOption(json())
    .action((flags: { json?: boolean }) =>
      done(import("./commands/hooks.js").then(({ hooks }) => hooks(io, flags))),
    );

  command(program, "validate", "check an extension without starting it", HELP.validate)
    .argument("<path>", "folder of one or several extensions, or a plugin.json")
    .option("--portable", "also find what the public ecosystem's host refuses (errors) or ignores (warnings)")
    .addOption(json())
    .action((path: string, flags: ValidateFlags) =>
      done(import("./commands/validate.js").then(({ validate }) => validate(io, path, flags))),
    );

  command(program, "approve", "let an extension run that waits for your consent", HELP.approve)
    .argument("<id>", "the extension's id: the name of its folder")
    .addOption(baseDir())
    .option("--yes", "do not ask")
    .addOption(json())
    .action((id: string, flags: ApproveFlags) =>
      done(import("./commands/approve.js").then(({ approve }) => approve(io, id, flags))),
    );

  command(program, "status", "show how the extensions of running hosts are", HELP.status)
    .addOption(baseDir())
    .addOption(pid())
    .option("--check", "only say what is wrong, and end with 1 when something is")
    .option("--watch", "look each second until the hosts end")
    .addOption(json())
    .action((flags: StatusFlags) =>
      done(import("./commands/status.js").then(({ status }) => status(io, flags))),
    );

  command(program, "logs", "print what an extension of a running host wrote to standard error", HELP.logs)
    .argument("<id>", "the extension's id")
    .addOption(baseDir())
    .addOption(pid())
    .option("--follow", "go on with further lines as they come")
    .option("--lines <n>", "how many of the last lines", lineCount, 100)
    .addOption(json("print one JSON object per line; errors are JSON too"))
    .action((id: string, flags: LogsFlags) =>
      done(import("./commands/logs.js").then(({ logs }) => logs(io, id, flags))),
    );

  command(program, "resume", "give an extension that failed or is quarantined another try now", HELP.resume)
    .argument("<id>", "the extension's id")
    .addOption(baseDir())
    .addOption(pid())
    .addOption(json())
    .action((id: string, flags: ResumeFlags) =>
      done(import("./commands/resume.js").then(({ resume }) => resume(io, id, flags))),
    );

  command(program, "version", "show versions and all paths in use", HELP.version)
    .addOption(baseDir())
    .addOption(json())
    .action((flags: { json?: boolean; baseDir?: string }) =>
      done(import("./commands/version.js").then(({ version }) => version(io, flags))),
    );
  for (const one of [program, ...program.commands]) one.option("--no-color", "no colours");
  return program;
}

function command(program: Command, name: string, summary: string, help: Help): Command {
  return around(program.command(name).summary(summary).description(sentence(summary)), help);
}

function around(one: Command, help: Help): Command {
  return one.addHelpText("before", helpBefore(help)).addHelpText("after", helpAfter(help));
}

function sentence(summary: string): string {
  return `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`;
}

function extensionsDir(): Option {
  return new Option(
    "--extensions-dir <dir>",
    "folder of extensions, or one extension; may be repeated (default: the user's and the project's folders)",
  ).argParser((dir: string, before: string[] | undefined) => [...(before ?? []), filled(dir)]);
}

function baseDir(): Option {
  return new Option(
    "--base-dir <dir>",
    "the user's folder (default: SYNAPS_BASE_DIR or ~/.synaps-cli)",
  ).argParser(filled);
}

function pid(): Option {
  return new Option(
    "--pid <pid>",
    "process id of the host, where several run on the same base folder",
  ).argParser((value: string) => wholeNumber(value, 1, MAX_PID));
}

function json(description = "print one JSON document; errors are JSON too"): Option {
  return new Option("--json", description);
}

function chain(): Option {
  return new Option("--chain <policy>", "how several answers become one")
    .choices(["first_decision", "rewrite_then_veto"])
    .default("rewrite_then_veto");
}

function confirm(): Option {
  return new Option("--confirm <how>", "ask on the terminal when an extension wants confirmation, or block")
    .choices(["ask", "block"])
    .default("block");
}

/** An empty value is a variable that the caller's script forgot to set, and no wish for the working folder. */
function filled(value: string): string {
  if (value.trim() !== "") return value;
  throw new InvalidArgumentError("It must not be empty.");
}

function concurrency(value: string): number {
  return wholeNumber(value, 1, MAX_CONCURRENCY);
}

function lineCount(value: string): number {
  return wholeNumber(value, 0, MAX_LOG_LINES);
}

function wholeNumber(value: string, least: number, most: number): number {
  const number = Number(value);
  if (/^\d+$/.test(value) && number >= least && number <= most) return number;
  throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
}
