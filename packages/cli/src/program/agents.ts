import { Argument } from "commander";
import type { AgentsAction, AgentsFlags } from "../commands/agents.js";
import { HELP } from "../help.js";
import { baseDir, command, filled, json, type ProgramParts } from "./options.js";

/** The command about coding agents whose hooks ask the service. */
export function addAgentCommands({ program, io, done }: ProgramParts): void {
  command(program, "agents", "wire coding agents to the service, or look at them", HELP.agents)
    .addArgument(new Argument("<action>", "what to do").choices(["list", "wire", "unwire", "test"]))
    .argument("[agent]", "for all but list: claude-code, codex, gemini, cursor or copilot")
    .option("--project", "the configuration of the project in the working folder, not the user's")
    .option("--closed", "wire: refuse tool calls that cannot be checked, instead of letting them pass")
    .option("--http", "wire claude-code: hooks over HTTP, which start no process")
    .option("--token-env <name>", "with --http: variable from which the agent takes the token", filled)
    .option("--all-events", "wire: also events that come many times in a turn")
    .option("--dry-run", "wire: only show what would be written")
    .addOption(baseDir())
    .addOption(json())
    .action((action: AgentsAction, agent: string | undefined, flags: AgentsFlags) =>
      done(import("../commands/agents.js").then(({ agents }) => agents(io, action, agent, flags))),
    );
}
