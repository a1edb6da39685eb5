import type { LogsFlags } from "../commands/logs.js";
import type { ReloadFlags } from "../commands/reload.js";
import type { ResumeFlags } from "../commands/resume.js";
import { HELP } from "../help.js";
import type { StatusFlags } from "../status-output.js";
import { baseDir, command, json, lineCount, pid, type ProgramParts } from "./options.js";

/** Commands that talk to running hosts. */
export function addRunningCommands({ program, io, done }: ProgramParts): void {
  command(program, "status", "show how the extensions of running hosts are", HELP.status)
    .addOption(baseDir())
    .addOption(pid())
    .option("--check", "only say what is wrong, and end with 1 when something is")
    .option("--watch", "look each second until the hosts end")
    .addOption(json())
    .action((flags: StatusFlags) =>
      done(import("../commands/status.js").then(({ status }) => status(io, flags))),
    );

  command(program, "logs", "print what an extension of a running host wrote to standard error", HELP.logs)
    .argument("<id>", "the extension's id")
    .addOption(baseDir())
    .addOption(pid())
    .option("--follow", "go on with further lines as they come")
    .option("--lines <n>", "how many of the last lines", lineCount, 100)
    .addOption(json("print one JSON object per line; errors are JSON too"))
    .action((id: string, flags: LogsFlags) =>
      done(import("../commands/logs.js").then(({ logs }) => logs(io, id, flags))),
    );

  command(program, "resume", "give an extension that failed or is quarantined another try now", HELP.resume)
    .argument("<id>", "the extension's id")
    .addOption(baseDir())
    .addOption(pid())
    .addOption(json())
    .action((id: string, flags: ResumeFlags) =>
      done(import("../commands/resume.js").then(({ resume }) => resume(io, id, flags))),
    );

  command(program, "reload", "let a running host read an extension anew", HELP.reload)
    .argument("<id>", "the extension's id")
    .addOption(baseDir())
    .addOption(pid())
    .addOption(json())
    .action((id: string, flags: ReloadFlags) =>
      done(import("../commands/reload.js").then(({ reload }) => reload(io, id, flags))),
    );
}
