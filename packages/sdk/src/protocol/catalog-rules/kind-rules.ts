import {
  ACTIONS,
  ENVELOPE_FIELDS,
  isTextField,
  REQUIRED_FIELDS,
  type Action,
  type Delivery,
  type EnvelopeField,
  type HookKindSpec,
  OVERFLOWS,
} from "../catalog.js";
import type { PayloadSchema } from "../payload.js";
import { isProtocolVersion, PROTOCOL_VERSIONS } from "../version.js";
import { checkAttributes } from "./attribute-rules.js";
import { Fault, type Path } from "./fault.js";
import { checkPayload } from "./payload-rules.js";
import { keepsBack, placeOf } from "./places.js";
import { listIn, objectWith, oneOf, recordIn, sentence, switchIn } from "./readers.js";

const KEYS = Object.keys({
  permission: true,
  toolFilter: true,
  requires: true,
  actions: true,
  actionPermissions: true,
  delivery: true,
  overflow: true,
  modifies: true,
  replaces: true,
  canFailClosed: true,
  since: true,
  deadlineMs: true,
  description: true,
  chain: true,
  payload: true,
  attributes: true,
  cacheKey: true,
  forkJoin: true,
} satisfies Record<keyof HookKindSpec, true>) as (keyof HookKindSpec)[];

const REQUIRED = [
  "permission",
  "toolFilter",
  "actions",
  "delivery",
  "canFailClosed",
  "since",
  "deadlineMs",
  "description",
] as const satisfies readonly (keyof HookKindSpec)[];

const DELIVERIES: readonly Delivery[] = ["gate", "observe", "stream", "lifecycle"];
/** Longest deadline of one answer in milliseconds; a manifest may set no longer one either. */
const MAX_DEADLINE_MS = 60_000;

type Read = Partial<Record<keyof HookKindSpec, unknown>>;

/** Checks one kind. `permissions` are all that exist. Throws a Fault for the first thing that is wrong. */
export function checkKind(value: unknown, path: Path, permissions: readonly string[]): void {
  const read = objectWith(value, path, KEYS, REQUIRED);
  const at = (key: keyof HookKindSpec): Path => [...path, key];
  sentence(read.description, at("description"));
  oneOf(read.permission, at("permission"), permissions, "permission");
  switchIn(read.toolFilter, at("toolFilter"));
  switchIn(read.canFailClosed, at("canFailClosed"));
  if (!isProtocolVersion(read.since))
    throw new Fault(at("since"), `it must be a protocol version: ${PROTOCOL_VERSIONS.join(", ")}`);
  const { deadlineMs } = read;
  if (typeof deadlineMs !== "number" || !(deadlineMs >= 1 && deadlineMs <= MAX_DEADLINE_MS))
    throw new Fault(at("deadlineMs"), `it must be 1 to ${MAX_DEADLINE_MS} ms`);
  const delivery = oneOf(read.delivery, at("delivery"), DELIVERIES, "delivery");
  const actions = actionsOf(read, at, permissions);
  checkDelivery(read, delivery, actions, at);
  checkFields(read, actions, at);
  checkPlaces(read, at);
}

function actionsOf(
  read: Read,
  at: (key: keyof HookKindSpec) => Path,
  permissions: readonly string[],
): Action[] {
  const listed = listIn(read.actions, at("actions"));
  const actions = listed.map((one, index) => oneOf(one, [...at("actions"), index], ACTIONS, "action"));
  if (!actions.includes("continue")) throw new Fault(at("actions"), "they must include 'continue'");
  const needed =
    read.actionPermissions === undefined ? {} : recordIn(read.actionPermissions, at("actionPermissions"));
  for (const [action, permission] of Object.entries(needed)) {
    const place = [...at("actionPermissions"), action];
    if (action === "continue")
      throw new Fault(place, "everybody may go on: no permission is needed for that");
    oneOf(action, place, actions, "action of this kind");
    oneOf(permission, place, permissions, "permission");
  }
  return actions;
}

function checkDelivery(
  { overflow, chain, canFailClosed }: Read,
  delivery: Delivery,
  actions: readonly Action[],
  at: (key: keyof HookKindSpec) => Path,
): void {
  if (delivery !== "gate" && actions.length > 1)
    throw new Fault(at("actions"), "only a gate may allow more than 'continue'");
  if (delivery !== "gate" && canFailClosed === true)
    throw new Fault(at("canFailClosed"), "only a gate stops or withholds something");
  if (chain !== undefined) {
    oneOf(chain, at("chain"), ["first_decision", "rewrite_then_veto"], "chain policy");
    if (delivery !== "gate") throw new Fault(at("chain"), "only a gate has a chain");
  }
  if (overflow === undefined) return;
  oneOf(overflow, at("overflow"), OVERFLOWS, "overflow policy");
  if (delivery !== "observe" && delivery !== "stream")
    throw new Fault(at("overflow"), "only observe and stream have a queue that can be full");
}

/** Fields that actions change, and those that each event must have. */
function checkFields(read: Read, actions: readonly Action[], at: (key: keyof HookKindSpec) => Path): void {
  for (const [action, key] of [
    ["modify", "modifies"],
    ["replace", "replaces"],
  ] as const) {
    if (actions.includes(action) !== (read[key] !== undefined))
      throw new Fault(at(key), `'${action}' and the field that it changes must be given together`);
    if (read[key] !== undefined) oneOf(read[key], at(key), ENVELOPE_FIELDS, "field that can be changed");
  }
  if (read.replaces !== undefined && !isTextField(read.replaces as EnvelopeField))
    throw new Fault(at("replaces"), "'replace' needs a field that is a text");
  for (const [index, field] of listIn(read.requires ?? [], at("requires")).entries())
    oneOf(field, [...at("requires"), index], REQUIRED_FIELDS, "field that can be required");
  if (read.cacheKey !== undefined && !actions.includes("cache"))
    throw new Fault(at("cacheKey"), "it means nothing without the action 'cache'");
  if (read.forkJoin === undefined) return;
  oneOf(read.forkJoin, at("forkJoin"), ["all", "settled"], "way to join");
  if (!actions.includes("fork"))
    throw new Fault(at("forkJoin"), "it means nothing without the action 'fork'");
}

/** The payload, and all that points into it. */
function checkPlaces(read: Read, at: (key: keyof HookKindSpec) => Path): void {
  if (read.payload !== undefined) checkPayload(read.payload, at("payload"));
  const payload = read.payload as PayloadSchema | undefined;
  for (const key of ["modifies", "replaces"] as const) {
    const field = read[key] as EnvelopeField | undefined;
    if (field === undefined || payload === undefined) continue;
    const { schema } = placeOf(`/${field}`, payload, at(key));
    if (keepsBack(schema))
      throw new Fault(at(key), `'${field}' holds a member that is metadata only: nobody could give it back`);
  }
  for (const [index, field] of ((read.requires ?? []) as readonly string[]).entries())
    if (payload?.properties?.[field]?.metadataOnly === true)
      throw new Fault([...at("requires"), index], `'${field}' is metadata only: it reaches nobody`);
  if (read.attributes !== undefined) checkAttributes(read.attributes, payload, at("attributes"));
  if (read.cacheKey === undefined) return;
  const keys = listIn(read.cacheKey, at("cacheKey"));
  if (keys.length === 0)
    throw new Fault(at("cacheKey"), "a key of nothing would be the same for all: name a member");
  for (const [index, pointer] of keys.entries()) placeOf(pointer, payload, [...at("cacheKey"), index]);
}
