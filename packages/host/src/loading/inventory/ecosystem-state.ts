import { join } from "node:path";
import { isJsonObject, type JsonValue } from "@synaps/sdk/protocol";
import { readRegularFile } from "../regular-file.js";
import { disabledNames } from "./disabled.js";
import { globalConfigPath, readConfigFile } from "../config/config-file.js";

/** Statements of the user's base folder about extensions in general. */
export interface EcosystemState {
  globalConfig: ReadonlyMap<string, string>;
  disabled: ReadonlySet<string>;
  /** Extensions whose setup failed. */
  setupFailed: ReadonlySet<string>;
  /** True if the user's own folder waits for approval, too. Any value of the key but `recorded` counts as `strict`. */
  consentStrict: boolean;
}

export async function readEcosystemState(baseDir: string): Promise<EcosystemState> {
  const globalConfig = await readConfigFile(globalConfigPath(baseDir));
  const disabled = disabledNames(globalConfig.get("disabled_plugins") ?? "");
  const consent = globalConfig.get("consent") ?? "";
  const consentStrict = consent !== "" && consent !== "recorded";
  return {
    globalConfig,
    disabled: new Set(disabled),
    setupFailed: await readSetupFailures(baseDir),
    consentStrict,
  };
}

/** The record of installed plugins is another program's file: if it is absent or strange, no failure is known. */
async function readSetupFailures(baseDir: string): Promise<Set<string>> {
  let state: unknown;
  try {
    state = JSON.parse((await readRegularFile(join(baseDir, "plugins.json"))).toString("utf8"));
  } catch {
    return new Set();
  }
  const installed: JsonValue[] =
    isJsonObject(state) && Array.isArray(state["installed"]) ? state["installed"] : [];
  const failed = installed.filter((entry) => isJsonObject(entry) && isFailed(entry["setup_status"]));
  return new Set(failed.map((entry) => (isJsonObject(entry) ? String(entry["name"]) : "")));
}

function isFailed(status: JsonValue | undefined): boolean {
  return status === "failed" || (isJsonObject(status) && "failed" in status);
}
