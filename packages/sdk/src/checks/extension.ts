import type { Extension } from "../define-extension.js";
import { isObject } from "./shape.js";
import { nameOfType } from "./wording.js";

/** Registered for the whole process: a bundle may hold the SDK twice. */
const MADE_BY_SDK = Symbol.for("@synaps/sdk/extension");

/** Marks an object as checked by `defineExtension`. */
export function markExtension<T extends object>(extension: T): T {
  return Object.defineProperty(extension, MADE_BY_SDK, { value: true });
}

/** Throws a TypeError for anything that `defineExtension` and `defineHook` did not return, with the way to write it. */
export function assertExtension(where: string, value: unknown): asserts value is Extension {
  if (isObject(value) && MADE_BY_SDK in value) return;
  const arrived = value === undefined ? "nothing" : nameOfType(value);
  throw new TypeError(
    `${where} needs the result of defineExtension or defineHook, but got ${arrived}. ${advice(where, value)}`,
  );
}

function advice(where: string, value: unknown): string {
  if (typeof value === "function") return `Write ${where}(defineHook("before_tool_call", handler)).`;
  if (value instanceof Promise) return `Write ${where}(await ...).`;
  return `Write ${where}(defineExtension({ hooks: { ... } })).`;
}
