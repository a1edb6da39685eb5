import { homedir } from "node:os";
import {
  defineExtension,
  type CallContext,
  type Extension,
  type ExtensionContext,
  type Verdict,
} from "@synaps/sdk";
import { agentCatalog } from "@synaps/sdk/catalogs";
import type { HookEvent } from "@synaps/sdk/protocol";
import { runCommand } from "./commands.js";
import { Sources } from "./config/sources.js";
import { Engine } from "./engine.js";
import { Commands } from "./run/command.js";
import { CONFIG, readSettings, type Settings } from "./settings.js";

/** Runs hook configurations of other agents on the events of a host. `home` is the folder that `~` means. */
export function createClaudeHooks(home = homedir()): Extension {
  const commands = new Commands();
  let settings: Settings | undefined;
  let sources = new Sources(home, process.cwd());
  let engine = new Engine(sources, commands);

  // Every kind is answered in the same way; what a kind allows is decided where the answer is made.
  const answer = (event: unknown, context: unknown): Promise<never> =>
    engine.answer(event as HookEvent, settings as Settings, context as CallContext) as Promise<
      Verdict | undefined
    > as Promise<never>;

  return defineExtension({
    config: CONFIG,
    catalogs: [agentCatalog],
    start({ config, root }) {
      settings = readSettings(config, home);
      sources = new Sources(home, root ?? process.cwd());
      engine = new Engine(sources, commands);
    },
    onConfigChange(_change, context) {
      settings = changed(context, home) ?? settings;
    },
    stop() {
      commands.end();
    },
    hooks: {
      before_tool_call: answer,
      after_tool_call: answer,
      before_message: answer,
      on_session_start: answer,
      on_session_end: answer,
      on_message_complete: answer,
      on_compaction: answer,
      "agent.custom": answer,
    },
    commands: {
      "claude-hooks": (args, context) => runCommand(args, sources, settings as Settings, context),
    },
  });
}

function changed({ config, log }: ExtensionContext<typeof CONFIG>, home: string): Settings | undefined {
  try {
    return readSettings(config, home);
  } catch (error) {
    log(
      `WARNING: the changed configuration is not used: ${error instanceof Error ? error.message : String(error)}`,
    );
    return undefined;
  }
}
