import { withoutUnseen } from "../../text-bounds.js";

/** The spelling of a name in programs as the file spells it: `timeoutMs` is `timeout_ms` there. */
export function snakeName(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

const BARE = /^[A-Za-z0-9_-]+$/;

/** The text of a key with its tables, as TOML writes it: `hooks.of."my/hook".enabled`. */
export function keyText(path: readonly string[]): string {
  return path.map((part) => (BARE.test(part) ? part : JSON.stringify(part))).join(".");
}

/** Longest key that a message repeats, in characters. */
const MAX_SHOWN = 400;

/** The same for a message: cut, and without characters that move a cursor or cannot be seen. */
export function shownKey(path: readonly string[]): string {
  return withoutUnseen(keyText(path)).slice(0, MAX_SHOWN);
}
