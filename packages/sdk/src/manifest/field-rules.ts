import type { HookKindSpec } from "../protocol/catalog.js";
import { didYouMean } from "../protocol/did-you-mean.js";
import { ENVELOPE_KEYS } from "../protocol/events.js";
import type { PayloadSchema } from "../protocol/payload.js";
import { pointerKeys } from "../protocol/pointer.js";
import { pointerOf } from "../protocol/pointer.js";
import type { ManifestProblem } from "./problem.js";
import type { HookEntry } from "./schema.js";

/** Most pointers of one hook: more name an object better. */
export const MAX_FIELDS = 64;
/** Longest pointer, in UTF-16 code units. */
const MAX_POINTER = 512;
const TEXTS: readonly string[] = [
  "kind",
  "tool_name",
  "tool_runtime_name",
  "tool_output",
  "message",
  "session_id",
];

/** A pointer that names no part of an event; without an index, the list as a whole. */
export interface WrongField {
  readonly index: number | undefined;
  readonly message: string;
  readonly hint: string;
}

/** Pointers of `fields` that can name nothing in an event of the kind. Pure. */
export function wrongFields(fields: readonly string[], spec: Pick<HookKindSpec, "payload">): WrongField[] {
  const whole = (message: string, hint: string): WrongField[] => [{ index: undefined, message, hint }];
  if (fields.length === 0)
    return whole("'fields' names no field", "Name what the hook looks at, or remove 'fields' to get all.");
  if (fields.length > MAX_FIELDS)
    return whole(
      `'fields' has ${fields.length} pointers, and ${MAX_FIELDS} are the most`,
      "Name the object around them.",
    );
  return fields.flatMap((pointer, index) => {
    const wrong = wrongPointer(pointer, spec);
    return wrong ? [{ index, ...wrong }] : [];
  });
}

type Wrong = Omit<WrongField, "index">;

function wrongPointer(pointer: string, { payload }: Pick<HookKindSpec, "payload">): Wrong | undefined {
  if (pointer === "")
    return { message: "the empty pointer is the whole event", hint: "Remove 'fields' to get all." };
  const shown = `'${pointer.slice(0, 64)}${pointer.length > 64 ? "…" : ""}'`;
  if (pointer.length > MAX_POINTER)
    return { message: `${shown} is over ${MAX_POINTER} characters long`, hint: "Name the object around it." };
  const keys = pointerKeys(pointer);
  if (keys === undefined) {
    const meant = didYouMean(pointer, ENVELOPE_KEYS);
    const message = pointer.startsWith("/")
      ? `${shown} has a '~' that escapes nothing`
      : `${shown} is no JSON pointer: it does not begin with '/'`;
    const hint = "In a key, '~' is written ~0 and '/' is written ~1.";
    return { message, hint: meant === undefined ? hint : `Did you mean '/${meant}'?` };
  }
  const [first = "", ...inner] = keys;
  if (!ENVELOPE_KEYS.some((key) => key === first)) {
    const meant = didYouMean(first, ENVELOPE_KEYS);
    const hint =
      meant === undefined
        ? `Known: ${ENVELOPE_KEYS.map((key) => `/${key}`).join(", ")}.`
        : `Did you mean '${pointerOf([meant, ...inner])}'?`;
    return { message: `${shown} names no member of an event`, hint };
  }
  if (inner.length > 0 && TEXTS.includes(first))
    return { message: `${shown} leads into a text`, hint: `Name the text itself: '/${first}'.` };
  const listAt =
    first === "transcript" && inner.length > 0 ? 1 : keys.findIndex((key) => /^(\d+|-)$/.test(key));
  if (listAt > 0) return intoList(shown, keys, listAt);
  return payload && notDeclared(shown, keys, payload);
}

function intoList(shown: string, keys: readonly string[], at: number): Wrong {
  const list = pointerOf(keys.slice(0, at));
  return {
    message: `${shown} leads into a list, whose items cannot be picked`,
    hint: `Name the list itself: '${list}'.`,
  };
}

/** Compares a pointer with the declared payload, as far as that declares anything. */
function notDeclared(shown: string, keys: readonly string[], payload: PayloadSchema): Wrong | undefined {
  let schema: PayloadSchema | undefined = payload;
  for (const [at, key] of keys.entries()) {
    const types: readonly string[] = schema.type === undefined ? [] : [schema.type].flat();
    if (types.includes("array")) return intoList(shown, keys, at);
    if (types.length > 0 && !types.includes("object")) {
      const around = pointerOf(keys.slice(0, at));
      return { message: `${shown} leads into ${types.join(" or ")}`, hint: `Name '${around}' itself.` };
    }
    const { properties = {}, additionalProperties = true }: PayloadSchema = schema;
    schema = Object.hasOwn(properties, key) ? properties[key] : undefined;
    if (schema?.metadataOnly === true)
      return { message: `${shown} stays in the host: it is metadata only`, hint: "Remove the pointer." };
    if (schema !== undefined) continue;
    // The envelope has members that the payload need not name.
    if (additionalProperties || at === 0) return undefined;
    const known = Object.keys(properties);
    const meant = didYouMean(key, known);
    const hint =
      meant === undefined
        ? `Known: ${known.join(", ")}.`
        : `Did you mean '${pointerOf([...keys.slice(0, at), meant, ...keys.slice(at + 1)])}'?`;
    return {
      message: `${shown} names nothing: events of this kind have no '${key.slice(0, 64)}' there`,
      hint,
    };
  }
  return undefined;
}

/**
 * Rewrites of a hook that does not get the field it would rewrite: each would be refused. Declared as a veto, the hook says
 * that it only stops. Pure.
 */
export function deadActions(hook: HookEntry, spec: HookKindSpec, pointer: string): ManifestProblem[] {
  const { fields, phase } = hook;
  if (fields === undefined || phase === "veto" || wrongFields(fields, spec).length > 0) return [];
  const changes = [
    ["modify", spec.modifies],
    ["replace", spec.replaces],
  ] as const;
  return changes.flatMap(([action, field]): ManifestProblem[] => {
    if (field === undefined || fields.some((one) => pointerKeys(one)?.[0] === field)) return [];
    const message = `its '${action}' would be refused: '/${field}', which it changes, is not among its fields`;
    const isRewriter = phase === "rewrite";
    const others = spec.actions.filter((one) => one !== action).join(", ");
    const hint = isRewriter
      ? `Add '/${field}', or make the phase 'veto'.`
      : `It can answer ${others}. Add '/${field}' to change it, or say with "phase": "veto" that it never does.`;
    return [
      {
        severity: isRewriter ? "error" : "warning",
        code: isRewriter ? "MANIFEST_INVALID" : "MANIFEST_NOT_ENFORCED",
        pointer: `${pointer}/fields`,
        message,
        hint,
      },
    ];
  });
}
