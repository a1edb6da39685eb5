import { checkShape, type ShapeOf } from "../checks/shape.js";
import { fromAuthor } from "../checks/wording.js";
import type { HandshakeOptions } from "./handshake.js";
import type { HarnessOptions } from "./harness.js";
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
  cwd: "string",
  env: "object",
  handshakeMs: "number",
  stopMs: "number",
};

type Entry = (...args: never[]) => unknown;

export function checkHarnessOptions(entry: Entry, options: unknown): void {
  fromAuthor(entry, () => checkShape("createHarness: the options", options, HARNESS));
}

export function checkSpawnOptions(entry: Entry, options: unknown): void {
  fromAuthor(entry, () => checkShape("spawnHarness: the options", options, SPAWN_HARNESS, ["command"]));
}
