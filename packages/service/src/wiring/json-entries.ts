import type { Node } from "jsonc-parser";
import { isDeepStrictEqual } from "node:util";
import type { JsonObject, JsonValue } from "@synaps/sdk/protocol";
import type { AgentName } from "../agents/index.js";
import type { FileForm } from "./agent-files.js";
import { entryValue, foundEntry, isObject, type EntryPlan, type FoundEntry } from "./entries.js";
import {
  addElement,
  addMember,
  isBare,
  memberOf,
  parseJson,
  propertiesOf,
  removeChild,
  UnclearJson,
  valueOf,
  withSpaceOf,
  type JsonText,
} from "./json-text.js";

/** The agent of a file, and the form of its entries. */
export interface FileKind {
  readonly agent: AgentName;
  readonly form: FileForm;
}

/** The entries of ours in a JSON file. Throws UnclearJson for a text that is not understood. */
export function jsonEntries(kind: FileKind, text: string): FoundEntry[] {
  if (text.trim() === "") return [];
  return placesOf(kind, parseJson(text)).map(({ entry }) => entry);
}

/**
 * Adds entries to a JSON file, behind the user's own. All bytes of the user stay. Throws UnclearJson for a text that is not
 * understood, or in which hooks stand in another form.
 */
export function withEntries({ form }: FileKind, text: string, plans: readonly EntryPlan[]): string {
  const isEmpty = text.trim() === "";
  let json = parseJson(isEmpty ? "{}" : text);
  if (form === "flat" && memberOf(json.root, "version") === undefined)
    json = addMember(json, json.root, "version", 1);
  for (const plan of plans) json = withEntry(json, plan.event, entryValue(plan, form));
  return isEmpty ? `${json.text}\n` : json.text;
}

function withEntry(json: JsonText, event: string, value: JsonObject): JsonText {
  const wanted = isObject(valueOf(json.root)) ? structuredClone(valueOf(json.root) as JsonObject) : {};
  const hooks = memberOf(json.root, "hooks");
  let next: JsonText;
  if (hooks === undefined) next = addMember(json, json.root, "hooks", { [event]: [value] });
  else {
    if (hooks.type !== "object") throw new UnclearJson("its member 'hooks' is no object");
    const list = memberOf(hooks, event);
    if (list === undefined) next = addMember(json, hooks, event, [value]);
    else {
      if (list.type !== "array") throw new UnclearJson(`its member 'hooks.${event}' is no list`);
      next = addElement(json, list, value);
    }
  }
  const before = (wanted["hooks"] ?? {}) as JsonObject;
  const expected = { ...before, [event]: [...((before[event] ?? []) as JsonValue[]), value] };
  return proved(next, { ...wanted, hooks: expected });
}

/** A text without entries of ours, and those that were left because somebody edited them. */
export interface WithoutEntries {
  readonly text: string;
  readonly removed: number;
  readonly edited: readonly FoundEntry[];
}

/**
 * Takes our entries out of a JSON file; entries that somebody edited stay. All bytes of the user stay. Lists and objects that
 * become empty go if `original`, the text before our entries came, did not have them.
 */
export function withoutEntries(kind: FileKind, text: string, original: string): WithoutEntries {
  let json = parseJson(text);
  let removed = 0;
  for (;;) {
    const place = placesOf(kind, json).find(({ entry }) => !entry.edited);
    if (place === undefined) break;
    json = withoutEntry(json, place);
    removed += 1;
  }
  const edited = placesOf(kind, json).map(({ entry }) => entry);
  return { text: removed > 0 ? tidied(json, original).text : text, removed, edited };
}

/** Where an entry stands: the element at `index` of the list of its event. */
interface Place {
  readonly entry: FoundEntry;
  readonly event: string;
  readonly index: number;
}

function placesOf({ agent, form }: FileKind, { root }: JsonText): Place[] {
  const hooks = memberOf(root, "hooks");
  if (hooks === undefined) return [];
  return propertiesOf(hooks).flatMap(({ children }) => {
    const event = String(children?.[0]?.value);
    const list = memberOf(hooks, event);
    if (list?.type !== "array") return [];
    return (list.children ?? []).flatMap((element, index) => {
      const entry = foundEntry(agent, event, valueOf(element), form);
      return entry === undefined ? [] : [{ entry, event, index }];
    });
  });
}

function withoutEntry(json: JsonText, { entry, event, index }: Place): JsonText {
  const hooks = memberOf(json.root, "hooks");
  const list = hooks && memberOf(hooks, event);
  const element = list?.children?.[index];
  if (list === undefined || element === undefined) throw new UnclearJson("an entry was not found again");
  const wanted = structuredClone(valueOf(json.root)) as { hooks: Record<string, JsonValue[]> };
  const values = wanted.hooks[event] as JsonValue[];
  if (!entry.shared) {
    values.splice(index, 1);
    return proved(removeChild(json, list, element), wanted);
  }
  const handlers = memberOf(element, "hooks");
  const at = (handlers?.children ?? []).findIndex((one) => isDeepStrictEqual(valueOf(one), entry.handler));
  const handler = handlers?.children?.[at];
  if (handlers === undefined || handler === undefined) throw new UnclearJson("an entry was not found again");
  ((values[index] as JsonObject)["hooks"] as JsonValue[]).splice(at, 1);
  return proved(removeChild(json, handlers, handler), wanted);
}

/**
 * Removes the lists of events and the object of hooks that came with our entries and are of no use any more, and gives back the
 * space between brackets that were empty before.
 */
function tidied(json: JsonText, original: string): JsonText {
  const before = originalJson(original);
  const hooksBefore = before && memberOf(before.root, "hooks");
  let now = json;
  for (;;) {
    const hooks = memberOf(now.root, "hooks");
    const bare = hooks && propertiesOf(hooks).find((property) => isBareList(now, property, hooksBefore));
    if (hooks === undefined || bare === undefined) break;
    now = removeChild(now, hooks, bare);
  }
  const property = propertiesOf(now.root).find(({ children }) => children?.[0]?.value === "hooks");
  const hooks = property?.children?.[1];
  if (property && hooks && hooksBefore === undefined && isBare(now, hooks) && hooks.type === "object")
    now = removeChild(now, now.root, property);
  return before ? respaced(now, before) : now;
}

/** Containers in which our entries may have been the first, and which were there before. */
function respaced(json: JsonText, before: JsonText): JsonText {
  const events = propertiesOf(memberOf(before.root, "hooks") ?? before.root).map(({ children }) =>
    String(children?.[0]?.value),
  );
  const paths = [[], ["hooks"], ...events.map((event) => ["hooks", event])];
  return paths.reduce((now, path) => {
    const [then, here] = [before, now].map(({ root }) => at(root, path));
    const isSame = then && here && then.type === here.type && isBare(before, then) && isBare(now, here);
    return isSame ? withSpaceOf(now, here, before, then) : now;
  }, json);
}

function at(root: Node, path: readonly string[]): Node | undefined {
  const found = path.reduce<Node | undefined>((node, name) => node && memberOf(node, name), root);
  return found?.type === "object" || found?.type === "array" ? found : undefined;
}

function originalJson(original: string): JsonText | undefined {
  try {
    return original.trim() === "" ? undefined : parseJson(original);
  } catch {
    return undefined;
  }
}

function isBareList(json: JsonText, { children }: Node, hooksBefore: Node | undefined): boolean {
  const [name, list] = children ?? [];
  if (list?.type !== "array" || !isBare(json, list)) return false;
  return hooksBefore === undefined || memberOf(hooksBefore, String(name?.value)) === undefined;
}

/** Throws unless a change of the text came to the change of the value that was meant. */
function proved(json: JsonText, wanted: JsonValue | Record<string, unknown>): JsonText {
  if (!isDeepStrictEqual(valueOf(json.root), wanted))
    throw new UnclearJson("a change of it would have changed more than the entries of Synaps");
  return json;
}
