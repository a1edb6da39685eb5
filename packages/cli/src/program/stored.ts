import { Argument, InvalidArgumentError } from "commander";
import type { ConfigAction, ConfigFlags } from "../commands/config.js";
import type { MemoryFlags } from "../commands/memory.js";
import type { ProvidersAction, ProvidersFlags } from "../commands/providers.js";
import { STORED_HELP } from "../help-stored.js";
import { baseDir, command, extensionsDir, filled, json, noteCount, type ProgramParts } from "./options.js";

/** Commands about what is kept for extensions. They start none. */
export function addStoredCommands({ program, io, done }: ProgramParts): void {
  command(program, "config", "show or change the configuration of an extension", STORED_HELP.config)
    .addArgument(new Argument("<action>", "what to do").choices(["list", "get", "set", "unset"]))
    .argument("<id>", "the extension's id: the name of its folder")
    .argument("[key]", "for get, set and unset")
    .argument("[value]", "for set; - takes one line of standard input")
    .option("--show", "print values as they are; otherwise only their last characters")
    .addOption(extensionsDir())
    .addOption(baseDir())
    .addOption(json())
    .action(
      (
        action: ConfigAction,
        id: string,
        key: string | undefined,
        value: string | undefined,
        flags: ConfigFlags,
      ) =>
        done(
          import("../commands/config.js").then(({ config }) => config(io, action, { id, key, value }, flags)),
        ),
    );

  command(
    program,
    "providers",
    "show providers of completions, or switch one off or on",
    STORED_HELP.providers,
  )
    .addArgument(new Argument("<action>", "what to do").choices(["list", "enable", "disable"]))
    .argument("[id]", "for enable and disable: <extension>:<provider>")
    .option("--reason <text>", "for disable: why, for whoever meets it", filled)
    .addOption(extensionsDir())
    .addOption(baseDir())
    .addOption(json())
    .action((action: ProvidersAction, id: string | undefined, flags: ProvidersFlags) =>
      done(import("../commands/providers.js").then(({ providers }) => providers(io, action, id, flags))),
    );

  command(program, "memory", "show what an extension has stored", STORED_HELP.memory)
    .addArgument(new Argument("<action>", "what to do").choices(["query"]))
    .argument("<namespace>", "the extension's id")
    .option("--contains <text>", "only notes whose content has this text, in any case")
    .option("--tag <prefix>", "only notes with a tag that begins so")
    .option("--since <time>", "not older: 2026-01-31, 2026-01-31T12:00Z, or milliseconds since 1970", moment)
    .option("--until <time>", "not newer", moment)
    .option("--limit <n>", "how many, the newest ones", noteCount, 50)
    .addOption(baseDir())
    .addOption(json())
    .action((_: string, namespace: string, flags: MemoryFlags) =>
      done(import("../commands/memory.js").then(({ memoryQuery }) => memoryQuery(io, namespace, flags))),
    );
}

function moment(value: string): number {
  const ms = /^-?\d+$/.test(value) ? Number(value) : Date.parse(value);
  if (Number.isSafeInteger(ms)) return ms;
  throw new InvalidArgumentError("It must be a date as 2026-01-31, or milliseconds since 1970.");
}
