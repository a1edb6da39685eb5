import { homedir } from "node:os";
import { ExtensionError, block, confirm, defineExtension, proceed } from "@synaps/sdk";
import { decide } from "./decide.js";
import { readToolInput, startFolder } from "./input.js";
import { describe } from "./message.js";
import { originOf, Projects, type Origin } from "@synaps/guards/paths";
import { readSettings, type Settings, type SettingTexts } from "./settings.js";

const config = {
  mode: { type: "string", enum: ["enforce", "ask", "log"], default: "enforce" },
  allow: { type: "string" },
  block: { type: "string" },
  confirm: { type: "string" },
  protected_paths: { type: "string" },
  off_rules: { type: "string" },
  project_root: { type: "string" },
} as const;

/** Reading is cheap next to parsing a command, so nothing is kept between events. */
function settingsOf(texts: SettingTexts): Settings {
  try {
    return readSettings(texts, homedir());
  } catch (error) {
    throw new ExtensionError(error instanceof Error ? error.message : String(error));
  }
}

const projects = new Projects(homedir());

/** The project of this process says nothing about an event that comes from elsewhere. */
function settingsFor(origin: Origin | undefined, settings: Settings): Settings {
  if (origin === undefined) return settings;
  return { ...settings, project: origin.folder === undefined ? null : projects.rootOf(origin.folder) };
}

export const shellGuard = defineExtension({
  config,
  start(context) {
    settingsOf(context.config);
  },
  hooks: {
    before_tool_call(event, context) {
      const origin = originOf(event.data);
      const call = readToolInput(event.tool_input, origin?.isOfAgent);
      if (!call) return proceed();
      const settings = settingsFor(origin, settingsOf(context.config));
      const start = startFolder(call.cwd, origin?.folder, settings.project);
      const decision = decide(call.command, settings, start);
      const [first] = decision.findings;
      if (first && decision.verdict === "continue")
        context.log(`mode log: rule ${first.rule} would ${first.severity}`);
      if (decision.verdict === "block") return block(describe(decision));
      return decision.verdict === "confirm" ? confirm(describe(decision)) : proceed();
    },
  },
});
