import { Option } from "commander";
import type { ServeFlags } from "../commands/serve.js";
import { HELP } from "../help.js";
import { baseDir, command, json, minutes, type ProgramParts } from "./options.js";

/** The command that runs the resident service. */
export function addServiceCommands({ program, io, done }: ProgramParts): void {
  command(program, "serve", "run the extensions as a resident service for agents and programs", HELP.serve)
    .addOption(baseDir())
    .option("--detach", "start it in the background unless it runs, and end when it answers")
    .option("--idle <minutes>", "end after so many minutes without use (default: 30)", minutes)
    .option("--no-audit", "write no audit")
    .addOption(new Option("--background", "write to the log file").hideHelp())
    .addOption(json("with --detach: print one JSON document; errors are JSON too"))
    .action((flags: ServeFlags) =>
      done(import("../commands/serve.js").then(({ serve }) => serve(io, flags))),
    );
}
