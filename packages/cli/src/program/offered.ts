import type { CallFlags } from "../commands/call.js";
import type { InfoFlags } from "../commands/info.js";
import type { InvokeFlags } from "../commands/invoke.js";
import type { SidecarFlags } from "../commands/sidecar.js";
import type { ToolsFlags } from "../commands/tools.js";
import { HELP } from "../help.js";
import {
  baseDir,
  catalog,
  chain,
  command,
  confirm,
  extensionsDir,
  filled,
  json,
  type ProgramParts,
} from "./options.js";

/** Commands that use what extensions offer. They start all of them, and end them again. */
export function addOfferedCommands({ program, io, done }: ProgramParts): void {
  command(program, "tools", "show the tools that extensions offer", HELP.tools)
    .addOption(extensionsDir())
    .addOption(baseDir())
    .addOption(json())
    .action((flags: ToolsFlags) =>
      done(import("../commands/tools.js").then(({ tools }) => tools(io, flags))),
    );

  command(program, "call", "call a tool of an extension", HELP.call)
    .argument("<tool>", "its name, <extension>:<tool> or <extension>_<tool>")
    .option("--input <json>", "its input; - reads it from standard input", filled, "{}")
    .addOption(extensionsDir())
    .addOption(baseDir())
    .option("--session <id>", "session id that the hooks and the tool see", filled)
    .addOption(chain())
    .addOption(confirm())
    .option("--quiet", "do not show the progress that the tool reports")
    .addOption(json())
    .action((tool: string, flags: CallFlags) =>
      done(import("../commands/call.js").then(({ call }) => call(io, tool, flags))),
    );

  command(program, "invoke", "run a command that an extension offers", HELP.invoke)
    .argument("<command>", "its name, or <extension>:<name>")
    .argument("[args...]", "what is typed behind it; after -- also what looks like a flag")
    .addOption(extensionsDir())
    .addOption(baseDir())
    .addOption(json("print one JSON object per line; errors are JSON too"))
    .action((name: string, args: string[], flags: InvokeFlags) =>
      done(import("../commands/invoke.js").then(({ invoke }) => invoke(io, name, args, flags))),
    );

  command(program, "sidecar", "start the sidecar of an extension and show what it says", HELP.sidecar)
    .argument("<id>", "the extension's id: the name of its folder")
    .addOption(extensionsDir())
    .addOption(baseDir())
    .option("--press", "press at once")
    .addOption(json("print one JSON object per line; errors are JSON too"))
    .action((id: string, flags: SidecarFlags) =>
      done(import("../commands/sidecar.js").then(({ sidecar }) => sidecar(io, id, flags))),
    );

  command(
    program,
    "info",
    "show everything about an extension: manifest, tools, commands, keys and more",
    HELP.info,
  )
    .argument("<id>", "the extension's id: the name of its folder")
    .addOption(extensionsDir())
    .addOption(baseDir())
    .addOption(catalog())
    .addOption(json())
    .action((id: string, flags: InfoFlags) =>
      done(import("../commands/info.js").then(({ info }) => info(io, id, flags))),
    );
}
