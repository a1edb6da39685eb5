import { dirname, join } from "node:path";
import type { JsonObject } from "@synaps/sdk/protocol";
import { messageOf } from "../server/error-fields.js";
import { AGENT_FACTS, type AgentFile } from "./agent-files.js";
import { isObject } from "./entries.js";
import { libertiesOf, parseJson, UnclearJson, valueOf } from "./json-text.js";
import { readSettings, type SettingsFile } from "./settings-file.js";
import { switchesHooksOff } from "./toml-entries.js";

/** Resolves to reasons for which the agent does not run the entries of a file, although they stand there. */
export async function cautionsOf(file: AgentFile, settings: SettingsFile): Promise<string[]> {
  const { agent, form, path } = file;
  if (form === "toml") return switchesHooksOff(settings.text) ? [CODEX_OFF] : [];
  const own = cautionsOfJson(file, settings);
  if (agent !== "codex") return own;
  try {
    const beside = await readSettings(join(dirname(path), "config.toml"));
    return switchesHooksOff(beside.text) ? [...own, CODEX_OFF] : own;
  } catch (error) {
    return [...own, `nobody can tell if config.toml switches hooks off: ${messageOf(error)}`];
  }
}

const CODEX_OFF = off("'hooks' under 'features' is false in config.toml");

function cautionsOfJson(file: AgentFile, settings: SettingsFile): string[] {
  if (settings.bytes === undefined || settings.text.trim() === "") return [];
  try {
    const json = parseJson(settings.text);
    const { comments, trailingCommas, bom } = AGENT_FACTS[file.agent].reads;
    const has = libertiesOf(json);
    const odd = [
      ...(has.comments && !comments ? ["comments"] : []),
      ...(has.trailingCommas && !trailingCommas ? ["commas behind the last member"] : []),
      ...(settings.bom && !bom ? ["a byte order mark"] : []),
    ];
    const unread = odd.map(
      (what) =>
        `The file has ${what}. The agent does not read such a file: no hook in it runs until you take that out`,
    );
    return [...unread, ...switchedOff(valueOf(json.root) as JsonObject)];
  } catch (error) {
    if (error instanceof UnclearJson) return [`The agent cannot read the file: ${error.message}`];
    throw error;
  }
}

function switchedOff(settings: JsonObject): string[] {
  const { disableAllHooks, hooksConfig } = settings;
  const config = isObject(hooksConfig ?? null) ? (hooksConfig as JsonObject) : {};
  return [
    ...(disableAllHooks === true ? [off("'disableAllHooks' is true")] : []),
    ...(config["enabled"] === false ? [off("'hooksConfig.enabled' is false")] : []),
    ...(Array.isArray(config["disabled"]) && config["disabled"].includes("synaps")
      ? [off("'hooksConfig.disabled' names synaps")]
      : []),
  ];
}

function off(why: string): string {
  return `Hooks are switched off: ${why}`;
}

/** Throws nothing: true if the settings let HTTP hooks go to the URL, by their list of allowed patterns if there is one. */
export function allowsUrl({ text }: SettingsFile, url: string): boolean {
  if (text.trim() === "") return true;
  const { allowedHttpHookUrls: allowed } = valueOf(parseJson(text).root) as JsonObject;
  if (!Array.isArray(allowed)) return true;
  return allowed.some((pattern) => typeof pattern === "string" && matches(pattern, url));
}

function matches(pattern: string, url: string): boolean {
  const parts = pattern.split("*").map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`).test(url);
}
