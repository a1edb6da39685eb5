import { isJsonObject, type JsonObject, type JsonValue } from "@synaps/sdk/protocol";
import type { LoadedExtension } from "../../loading/manifest/loaded.js";
import { jsonBytes } from "../untrusted.js";

/** A model with how hard it should think. */
export interface DriverSelection {
  model: string;
  effort: string;
}

/**
 * A proposal of an extension for the session. The program and its user decide about it, and whether anything is sent to
 * a model.
 */
export type DriverAction =
  | {
      action: "start";
      runId: string;
      /** In order of preference; the first is the one to begin with. */
      models: readonly DriverSelection[];
      prompt: string;
      delayMs: number;
      maxDurationMs: number | undefined;
      maxCostUsd: number | undefined;
      contextMode: "auto" | "off" | undefined;
      /** True if polls may carry `feedback`. */
      wantsFeedback: boolean;
      /** True if polls may have the outcome `time_checkpoint`. */
      wantsTimeCheckpoint: boolean;
      notice: string | undefined;
    }
  | {
      action: "next";
      runId: string;
      selection: DriverSelection;
      prompt: string;
      delayMs: number;
      notice: string | undefined;
    }
  | { action: "stop" | "status"; notice: string | undefined };

/** The part of an answer about the session: nothing, a proposal, or a proposal that is refused. */
export type DriverReading =
  { type: "none" } | { type: "action"; action: DriverAction } | { type: "refused"; problem: string };

const MAX_REPLY_BYTES = 64 * 1024;
const MAX_PROMPT_BYTES = 16 * 1024;
const MAX_NOTICE_BYTES = 2 * 1024;
const MAX_MODELS = 16;
const DELAY_MS = [1_000, 300_000] as const;
const MAX_DURATION_MS = 365 * 24 * 60 * 60 * 1000;
const RUN_ID = /^[A-Za-z0-9_-]{1,128}$/;
// prettier-ignore
const FIELDS: Readonly<Record<DriverAction["action"], readonly string[]>> = {
  start: [
    "action", "run_id", "selection", "models", "prompt", "delay_ms", "max_duration_ms", "feedback_version",
    "time_checkpoint_version", "context_mode", "notice", "max_cost_usd",
  ],
  next: ["action", "run_id", "selection", "prompt", "delay_ms", "notice"],
  stop: ["action", "notice"],
  status: ["action", "notice"],
};

class Refusal extends Error {}

/**
 * Reads `session_driver` of an answer to `command.invoke`, by rules that let nothing unknown pass. `allowed` lists the
 * actions that fit the question.
 */
export function readDriver(
  extension: LoadedExtension,
  answer: unknown,
  allowed: readonly DriverAction["action"][],
): DriverReading {
  const driver = isJsonObject(answer) ? answer["session_driver"] : undefined;
  if (driver === undefined) return { type: "none" };
  try {
    checkAuthority(extension);
    return { type: "action", action: actionOf(driver, allowed) };
  } catch (error) {
    if (error instanceof Refusal) return { type: "refused", problem: error.message };
    throw error;
  }
}

function checkAuthority({ permissions, activation }: LoadedExtension): void {
  if (!permissions.has("session.drive")) throw new Refusal("it needs the permission 'session.drive'");
  if (activation !== "eager")
    throw new Refusal("only an extension that is started with the host may drive a session");
}

function actionOf(driver: JsonValue, allowed: readonly DriverAction["action"][]): DriverAction {
  if (!isJsonObject(driver)) throw new Refusal("session_driver must be an object");
  if (jsonBytes(driver) > MAX_REPLY_BYTES) throw new Refusal("it is over 64 KiB");
  const action = allowed.find((one) => one === driver["action"]);
  if (!action) throw new Refusal(`its action must be one of: ${allowed.join(", ")}`);
  const unknown = Object.keys(driver).find((key) => !FIELDS[action].includes(key));
  if (unknown !== undefined) throw new Refusal(`'${unknown.slice(0, 64)}' is no field of ${action}`);
  const notice = optionalText(driver, "notice", MAX_NOTICE_BYTES);
  switch (action) {
    case "start":
      return startOf(driver, notice);
    case "next":
      return {
        action,
        runId: runIdOf(driver),
        selection: selectionOf(driver["selection"]),
        prompt: promptOf(driver),
        delayMs: integer(driver, "delay_ms", ...DELAY_MS),
        notice,
      };
    default:
      return { action, notice };
  }
}

function startOf(driver: JsonObject, notice: string | undefined): DriverAction {
  const listed = driver["models"];
  if (!Array.isArray(listed) || listed.length === 0 || listed.length > MAX_MODELS) {
    throw new Refusal(`models must list 1 to ${MAX_MODELS}`);
  }
  const models = listed.map(selectionOf);
  if (new Set(models.map(({ model }) => model)).size < models.length)
    throw new Refusal("models must be unique");
  const given = driver["selection"];
  if (given !== undefined) {
    const { model, effort } = selectionOf(given);
    if (model !== models[0]?.model || effort !== models[0].effort)
      throw new Refusal("selection must be the first of models");
  }
  return {
    action: "start",
    runId: runIdOf(driver),
    models,
    prompt: promptOf(driver),
    delayMs: integer(driver, "delay_ms", ...DELAY_MS),
    maxDurationMs:
      driver["max_duration_ms"] === undefined
        ? undefined
        : integer(driver, "max_duration_ms", 1, MAX_DURATION_MS),
    maxCostUsd: costOf(driver["max_cost_usd"]),
    contextMode: contextModeOf(driver["context_mode"]),
    wantsFeedback: versionOf(driver, "feedback_version"),
    wantsTimeCheckpoint: versionOf(driver, "time_checkpoint_version"),
    notice,
  };
}

function runIdOf({ run_id }: JsonObject): string {
  if (typeof run_id === "string" && RUN_ID.test(run_id)) return run_id;
  throw new Refusal("run_id must be 1 to 128 of A-Z, a-z, 0-9, '_' and '-'");
}

function selectionOf(value: JsonValue | undefined): DriverSelection {
  const isText = (one: unknown): one is string =>
    typeof one === "string" && one.trim() !== "" && one.length <= 256;
  if (isJsonObject(value)) {
    const { model, effort, ...more } = value;
    if (isText(model) && isText(effort) && Object.keys(more).length === 0) return { model, effort };
  }
  throw new Refusal("a selection must be {model, effort} and nothing else");
}

function promptOf(driver: JsonObject): string {
  const prompt = optionalText(driver, "prompt", MAX_PROMPT_BYTES);
  if (prompt === undefined || prompt.trim() === "") throw new Refusal("prompt must not be empty");
  return prompt;
}

function optionalText(driver: JsonObject, key: string, maxBytes: number): string | undefined {
  const value = driver[key];
  if (value === undefined) return undefined;
  if (typeof value === "string" && Buffer.byteLength(value) <= maxBytes) return value;
  throw new Refusal(`${key} must be a text of at most ${maxBytes} bytes`);
}

function integer(driver: JsonObject, key: string, least: number, most: number): number {
  const value = driver[key];
  if (typeof value === "number" && Number.isInteger(value) && value >= least && value <= most) return value;
  throw new Refusal(`${key} must be a whole number from ${least} to ${most}`);
}

function versionOf(driver: JsonObject, key: string): boolean {
  const value = driver[key];
  if (value === undefined || value === 1) return value === 1;
  throw new Refusal(`${key} must be 1`);
}

function contextModeOf(value: JsonValue | undefined): "auto" | "off" | undefined {
  if (value === undefined || value === "auto" || value === "off") return value;
  throw new Refusal("context_mode must be 'auto' or 'off'");
}

function costOf(value: JsonValue | undefined): number | undefined {
  if (value === undefined || (typeof value === "number" && Number.isFinite(value) && value > 0)) return value;
  throw new Refusal("max_cost_usd must be a number above 0");
}
