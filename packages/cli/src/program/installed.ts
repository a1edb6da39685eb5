import type { ApproveFlags } from "../commands/approve.js";
import type { DiffFlags } from "../commands/diff.js";
import type { DisableFlags } from "../commands/disable.js";
import type { HooksFlags } from "../commands/hooks.js";
import type { InstallFlags } from "../commands/install.js";
import type { ListFlags } from "../commands/list.js";
import type { SetupFlags } from "../commands/setup.js";
import type { UninstallFlags } from "../commands/uninstall.js";
import type { ValidateFlags } from "../commands/validate.js";
import { HELP } from "../help.js";
import { baseDir, catalog, command, extensionsDir, json, seconds, type ProgramParts } from "./options.js";

/** Commands about what stands on the disk. They start no extension. */
export function addInstalledCommands({ program, io, done }: ProgramParts): void {
  command(program, "list", "show which extensions there are and whether they may run", HELP.list)
    .addOption(extensionsDir())
    .addOption(baseDir())
    .addOption(catalog())
    .addOption(json())
    .action((flags: ListFlags) => done(import("../commands/list.js").then(({ list }) => list(io, flags))));

  command(program, "hooks", "show where extensions can be asked, and what they may answer", HELP.hooks)
    .addOption(catalog())
    .addOption(json())
    .action((flags: HooksFlags) =>
      done(import("../commands/hooks.js").then(({ hooks }) => hooks(io, flags))),
    );

  command(program, "validate", "check an extension", HELP.validate)
    .argument("<path>", "folder of one or several extensions, or a plugin.json")
    .option("--portable", "also find what the public ecosystem's host refuses (errors) or ignores (warnings)")
    .option("--strict", "end with 1 for warnings, too")
    .option("--start", "also start each extension, shake hands with it and stop it")
    .option("--timeout <seconds>", "with --start: longest silence of an extension", seconds, 30)
    .addOption(catalog())
    .addOption(json())
    .action((path: string, flags: ValidateFlags) =>
      done(import("../commands/validate.js").then(({ validate }) => validate(io, path, flags))),
    );

  command(program, "approve", "let an extension run that waits for your consent", HELP.approve)
    .argument("<id>", "the extension's id: the name of its folder")
    .addOption(baseDir())
    .option("--yes", "do not ask")
    .addOption(catalog())
    .addOption(json())
    .action((id: string, flags: ApproveFlags) =>
      done(import("../commands/approve.js").then(({ approve }) => approve(io, id, flags))),
    );

  command(program, "diff", "show what changed of an extension, file by file", HELP.diff)
    .argument("<id>", "the extension's id: the name of its folder")
    .addOption(baseDir())
    .addOption(catalog())
    .addOption(json())
    .action((id: string, flags: DiffFlags) =>
      done(import("../commands/diff.js").then(({ diff }) => diff(io, id, flags))),
    );

  command(program, "install", "copy an extension into your folder, after asking", HELP.install)
    .argument("<source>", "an extension's folder, or the name of one that comes along")
    .addOption(baseDir())
    .option("--yes", "do not ask")
    .option("--force", "do not ask, and install once more what is there already")
    .addOption(catalog())
    .addOption(json())
    .action((source: string, flags: InstallFlags) =>
      done(import("../commands/install.js").then(({ install }) => install(io, source, flags))),
    );

  command(program, "uninstall", "remove an extension from your folder, after asking", HELP.uninstall)
    .argument("<id>", "the extension's id: the name of its folder")
    .addOption(baseDir())
    .option("--yes", "do not ask")
    .addOption(json())
    .action((id: string, flags: UninstallFlags) =>
      done(import("../commands/uninstall.js").then(({ uninstall }) => uninstall(io, id, flags))),
    );

  for (const name of ["enable", "disable"] as const) {
    const summary = name === "enable" ? "switch an extension on again" : "switch an extension off";
    command(program, name, summary, HELP[name])
      .argument("<id>", "the extension's id: the name of its folder")
      .addOption(baseDir())
      .addOption(json())
      .action((id: string, flags: DisableFlags) =>
        done(import("../commands/disable.js").then((commands) => commands[name](io, id, flags))),
      );
  }

  command(program, "setup", "prepare an extension that needs it: unpack or build what it runs", HELP.setup)
    .argument("<id>", "the extension's id: the name of its folder")
    .addOption(baseDir())
    .option("--yes", "do not ask")
    .addOption(catalog())
    .addOption(json())
    .action((id: string, flags: SetupFlags) =>
      done(import("../commands/setup.js").then(({ setup }) => setup(io, id, flags))),
    );
}
