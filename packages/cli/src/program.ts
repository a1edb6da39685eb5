import { Command } from "commander";
import type { RunFlags } from "./commands/run.js";
import { HELP } from "./help.js";
import { HELP_FORM, helpWidth } from "./help-text.js";
import type { Io } from "./io.js";
import { cliVersion } from "./package-version.js";
import { addAgentCommands } from "./program/agents.js";
import { addInstalledCommands } from "./program/installed.js";
import {
  catalog,
  around,
  baseDir,
  chain,
  command,
  concurrency,
  confirm,
  extensionsDir,
  filled,
  json,
  required,
} from "./program/options.js";
import { addOfferedCommands } from "./program/offered.js";
import { addRunningCommands } from "./program/running.js";
import { addServiceCommands } from "./program/service.js";
import { addStoredCommands } from "./program/stored.js";

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
    .configureHelp(HELP_FORM)
    .exitOverride()
    // Errors are worded in one place: present-error.
    .configureOutput({
      writeOut: output.out,
      writeErr: () => {},
      getOutHelpWidth: () => helpWidth(io.stdout),
    });
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
    .addOption(catalog())
    .option("--control", "let status, logs, resume and reload of the same user reach this host while it runs")
    .option(
      "--audit [folder]",
      "write down each decision (default: to extensions/audit in the user's folder)",
      filled,
    )
    .option("--strict", "end with 1 when a line was no event")
    .addOption(required())
    .option("--quiet", "no start table, no lines of extensions and no end report")
    .action((flags: RunFlags) => done(import("./commands/run.js").then(({ run }) => run(io, flags))));

  const parts = { program, io, done };
  addInstalledCommands(parts);
  addOfferedCommands(parts);
  addStoredCommands(parts);
  addRunningCommands(parts);
  addServiceCommands(parts);
  addAgentCommands(parts);

  command(program, "version", "show versions and all paths in use", HELP.version)
    .addOption(baseDir())
    .addOption(json())
    .action((flags: { json?: boolean; baseDir?: string }) =>
      done(import("./commands/version.js").then(({ version }) => version(io, flags))),
    );
  for (const one of [program, ...program.commands]) one.option("--no-color", "no colours");
  return program;
}
