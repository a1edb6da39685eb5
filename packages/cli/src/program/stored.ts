import { Argument } from "commander";
import type { AuditAction, AuditFlags } from "../commands/audit.js";
import type { ConfigAction, ConfigFlags } from "../commands/config.js";
import type { HostConfigAction, HostConfigFlags } from "../commands/host-config.js";
import type { MemoryFlags } from "../commands/memory.js";
import type { ProvidersAction, ProvidersFlags } from "../commands/providers.js";
import { AUDIT_HELP } from "../help-audit.js";
import { HOST_CONFIG_HELP } from "../help-host-config.js";
import { STORED_HELP } from "../help-stored.js";
import {
  auditCount,
  auditLabel,
  baseDir,
  catalog,
  command,
  extensionsDir,
  filled,
  json,
  moment,
  noteCount,
  type ProgramParts,
} from "./options.js";

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
    "host-config",
    "check or show the configuration of hosts on this machine",
    HOST_CONFIG_HELP["host-config"],
  )
    .addArgument(new Argument("<action>", "what to do").choices(["check", "show"]))
    .option("--origin", "show: say where each value comes from")
    .addOption(extensionsDir())
    .addOption(baseDir())
    .addOption(catalog())
    .addOption(json())
    .action((action: HostConfigAction, flags: HostConfigFlags) =>
      done(import("../commands/host-config.js").then(({ hostConfig }) => hostConfig(io, action, flags))),
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

  command(program, "audit", "search or check what hosts wrote down of their decisions", AUDIT_HELP.audit)
    .addArgument(new Argument("<action>", "what to do").choices(["query", "verify"]))
    .option("--folder <dir>", "folder of the audit (default: extensions/audit in the user's folder)", filled)
    .option("--since <time>", "query: not older; 2026-01-31T12:00Z, or milliseconds since 1970", moment)
    .option("--until <time>", "query: not newer", moment)
    .option("--event <name>", "query: only these events; * and ? are allowed", filled)
    .option("--tool <name>", "query: only events of this tool; * and ? are allowed", filled)
    .option("--decision <action>", "query: only this decision, as block", filled)
    .option("--session <id>", "query: only this session", filled)
    .option("--label <name=value>", "query: only lines with this label; may be repeated", auditLabel)
    .option("--text <text>", "query: only lines with this text, in any case", filled)
    .option("--limit <n>", "query: how many, the newest ones", auditCount, 100)
    .option("--key-file <file>", "verify: file with the key of the chain", filled)
    .addOption(baseDir())
    .addOption(json())
    .action((action: AuditAction, flags: AuditFlags) =>
      done(import("../commands/audit.js").then(({ audit }) => audit(io, action, flags))),
    );
}
