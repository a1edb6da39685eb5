import { checkShape, type ShapeOf } from "../checks/shape.js";
import { fromAuthor } from "../checks/wording.js";
import type { ProviderCallOptions, ToolCallOptions } from "./call-options.js";
import type { HandshakeOptions } from "./handshake.js";
import type { HarnessOptions } from "./harness.js";
import type { CallOptions } from "./host-peer.js";
import type { SpawnHarnessOptions } from "./spawn-harness.js";

const HANDSHAKE: ShapeOf<HandshakeOptions> = {
  config: "object",
  protocolVersion: "number",
  id: "string",
  root: "string or null",
  answers: "object",
  signal: "object",
};

export const HARNESS: ShapeOf<HarnessOptions> = { ...HANDSHAKE, splitAt: "list" };

export const SPAWN_HARNESS: ShapeOf<SpawnHarnessOptions> = {
  ...HANDSHAKE,
  command: "string",
  args: "list",
  catalogs: "list",
  cwd: "string",
  env: "object",
  handshakeMs: "number",
  stopMs: "number",
};

const CALL: ShapeOf<CallOptions> = { signal: "object" };
const TOOL_CALL: ShapeOf<ToolCallOptions> = { ...CALL, onProgress: "function", sessionId: "string" };
const PROVIDER_CALL: ShapeOf<ProviderCallOptions> = {
  ...CALL,
  messages: "list",
  system_prompt: "string",
  tools: "list",
  temperature: "number",
  max_tokens: "number",
  thinking_budget: "number",
};

/** Shapes of the options of a harness's methods. */
const CALLS = {
  send: CALL,
  invoke: CALL,
  request: CALL,
  callTool: TOOL_CALL,
  complete: PROVIDER_CALL,
  stream: PROVIDER_CALL,
};

/** Throws a TypeError for a wrong option of one of a harness's methods. */
export function checkCallOptions(method: keyof typeof CALLS, options: unknown): void {
  if (options !== undefined) checkShape(`${method}: the options`, options, CALLS[method]);
}

type Entry = (...args: never[]) => unknown;

export function checkHarnessOptions(entry: Entry, options: unknown): void {
  fromAuthor(entry, () => checkShape("createHarness: the options", options, HARNESS));
}

export function checkSpawnOptions(entry: Entry, options: unknown): void {
  fromAuthor(entry, () => checkShape("spawnHarness: the options", options, SPAWN_HARNESS, ["command"]));
}
