import { parse } from "smol-toml";
import { isDeepStrictEqual } from "node:util";
import type { JsonObject } from "@synaps/sdk/protocol";
import { entryValue, foundEntry, isObject, type EntryPlan, type FoundEntry } from "./entries.js";
import { UnclearJson } from "./json-text.js";
import type { WithoutEntries } from "./json-entries.js";

const BEGIN = "# >>> synaps-ext agents: written by 'wire codex', removed by 'unwire codex'";
const END = "# <<< synaps-ext agents";
const BLOCK = new RegExp(`^${escaped(BEGIN)}\\r?\\n[\\s\\S]*?^${escaped(END)}(?:\\r?\\n|$)`, "gm");
/** A table of hooks, or a key of one, at the start of a line. */
const HOOKS = /^[ \t]*(?:\[\[?[ \t]*)?hooks[ \t]*[.=\]]/m;

/** True if a text of TOML declares hooks, beside a block of ours. Of a text that is no TOML, true if it seems to. */
export function speaksOfHooks(text: string): boolean {
  const others = text.replaceAll(BLOCK, "");
  try {
    return parsed(others)["hooks"] !== undefined;
  } catch {
    return HOOKS.test(others);
  }
}

/** True if a text of TOML switches all hooks of Codex off. False for a text that is no TOML. */
export function switchesHooksOff(text: string): boolean {
  try {
    const { features } = plainOf(parsed(text)) as JsonObject;
    return isObject(features ?? null) && (features as JsonObject)["hooks"] === false;
  } catch {
    return false;
  }
}

/** The entries of ours in a text of TOML. Throws UnclearJson for a text that is no TOML. */
export function tomlEntries(text: string): FoundEntry[] {
  const hooks = hooksOf(text);
  return Object.entries(hooks).flatMap(([event, list]) => {
    const elements = Array.isArray(list) ? list : [];
    return elements.flatMap((element) => foundEntry("codex", event, element, "groups") ?? []);
  });
}

/** Adds entries as one marked block behind everything else. Throws UnclearJson where that would not be TOML. */
export function withTomlEntries(text: string, plans: readonly EntryPlan[]): string {
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  const lines = [BEGIN, ...plans.flatMap(tablesOf), END].join(eol);
  const glue = text === "" || text.endsWith("\n") ? "" : eol;
  const next = `${text}${glue}${lines}${eol}`;
  const before = parsed(text);
  const hooks = { ...(before["hooks"] as JsonObject | undefined) };
  for (const plan of plans) {
    const list = hooks[plan.event] ?? [];
    hooks[plan.event] = [...(Array.isArray(list) ? list : []), entryValue(plan, "groups")];
  }
  if (!isDeepStrictEqual(plainOf(parsed(next)), plainOf({ ...before, hooks })))
    throw new UnclearJson("a block at its end would have changed more than the entries of Synaps");
  return next;
}

/** Takes the block out. A block that somebody edited stays, and its entries are told. */
export function withoutTomlEntries(text: string, original: string): WithoutEntries {
  const found = tomlEntries(text);
  const blocks = text.match(BLOCK) ?? [];
  const inside = blocks.flatMap((block) => tomlEntries(block));
  const isOurs =
    blocks.length === 1 &&
    inside.every(({ edited, shared }) => !edited && !shared) &&
    isDeepStrictEqual(linesOf(blocks[0]), linesOf(blockLike(blocks[0] ?? "")));
  if (!isOurs) return { text, removed: 0, edited: found.map((entry) => ({ ...entry, edited: true })) };
  const at = text.search(BLOCK);
  const glued = at > 0 && original !== "" && !original.endsWith("\n") && text.startsWith(original);
  const before = glued ? text.slice(0, at).replace(/\r?\n$/, "") : text.slice(0, at);
  const next = before + text.slice(at + (blocks[0]?.length ?? 0));
  return { text: next, removed: inside.length, edited: tomlEntries(next) };
}

/** The block that `wire` would write for the entries of this one: any other line in it is somebody else's. */
function blockLike(block: string): string {
  const tables = Object.entries(hooksOf(block)).flatMap(([event, list]) =>
    (list as JsonObject[]).flatMap((element) =>
      tableLines(event, (element["hooks"] as JsonObject[])[0] ?? {}),
    ),
  );
  return [BEGIN, ...tables, END].join("\n");
}

function linesOf(text: string | undefined): string[] {
  return (text ?? "").trimEnd().split(/\r?\n/);
}

function tablesOf(plan: EntryPlan): string[] {
  const [handler] = entryValue(plan, "groups")["hooks"] as [JsonObject];
  return tableLines(plan.event, handler);
}

function tableLines(event: string, handler: JsonObject): string[] {
  const members = Object.entries(handler).map(([name, value]) => `${name} = ${tomlValue(value)}`);
  return [`[[hooks.${event}]]`, `[[hooks.${event}.hooks]]`, ...members];
}

function tomlValue(value: unknown): string {
  // Strings of JSON are strings of TOML, but for DEL.
  return JSON.stringify(value).replaceAll("\u007f", "\\u007f");
}

function hooksOf(text: string): JsonObject {
  const { hooks } = plainOf(parsed(text)) as JsonObject;
  return isObject(hooks ?? null) ? (hooks as JsonObject) : {};
}

function parsed(text: string): Record<string, unknown> {
  try {
    return parse(text);
  } catch (error) {
    const [first = ""] = (error instanceof Error ? error.message : "").split("\n");
    throw new UnclearJson(`it is no TOML: ${first}`);
  }
}

/** The same value without the classes of the parser. */
function plainOf(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value)) as unknown;
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
