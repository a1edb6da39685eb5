import { createHash } from "node:crypto";
import { memberAt, pointerKeys } from "@synaps/sdk/protocol";
import { must, type Check } from "../checks.js";
import type { SeenEvent } from "../hook-types.js";
import { peerOf } from "../peer.js";
import { networkOf } from "./network.js";

const NAMED = ["global", "kind", "peer", "session", "tool"] as const;

/**
 * A part of the key of a bucket. `global`: one bucket for all events. `session`: `session_id`, or
 * that in `data`. `peer`: the address in `/data/peer_ip`, `/data/peer_addr`
 * or `/data/client_addr`, whichever is there first. Or a JSON pointer into the event, for instance `/data/metadata/user_id`.
 */
export type KeyPart = (typeof NAMED)[number] | `/${string}`;

/** Longest key that is kept as it stands, in characters; of a longer one its hash is kept. */
const MAX_KEY_LENGTH = 256;
/** Most parts of one key. */
const MAX_PARTS = 8;

/** One part, or a list of several. */
export const PER: Check = must(
  `one of ${NAMED.map((name) => `'${name}'`).join(", ")}, a JSON pointer such as '/data/metadata/user_id', or a list of up to ${MAX_PARTS} of these`,
  (value) => {
    const parts: readonly unknown[] = Array.isArray(value) ? value : [value];
    return parts.length > 0 && parts.length <= MAX_PARTS && parts.every(isPart);
  },
);

function isPart(part: unknown): boolean {
  if (typeof part !== "string") return false;
  return (NAMED as readonly string[]).includes(part) || (part !== "" && pointerKeys(part) !== undefined);
}

/**
 * Makes the function that gives the key of an event. A text that is an address counts without its port; a member that is
 * absent, null, an object or a list is the same for all events, so that leaving it out gains nobody anything.
 */
export function keyOf(per: KeyPart | readonly KeyPart[]): (event: SeenEvent) => string {
  const readers = (typeof per === "string" ? [per] : per).map(readerOf);
  const [only] = readers;
  if (readers.length === 1 && only) return (event) => bounded(only(event));
  // A list in JSON: no value of one part can look like two parts.
  return (event) => bounded(JSON.stringify(readers.map((read) => read(event))));
}

/** The parts as a sentence of people has them. */
export function wordsOf(per: KeyPart | readonly KeyPart[]): string {
  const parts = (typeof per === "string" ? [per] : per).filter((part) => part !== "global");
  return parts.length === 0 ? "in all" : `for each ${parts.join(" and ")}`;
}

function readerOf(part: KeyPart): (event: SeenEvent) => string {
  switch (part) {
    case "global":
      return () => "";
    case "kind":
      return ({ kind }) => kind;
    case "session":
      return ({ session_id, data }) => textOf(session_id ?? memberAt(data, ["session_id"]), false);
    case "tool":
      return ({ tool_name }) => textOf(tool_name, false);
    case "peer":
      return (event) => textOf(peerOf(event), true);
    default: {
      const keys = pointerKeys(part) ?? [];
      return (event) => textOf(memberAt(event, keys), true);
    }
  }
}

/** Texts, numbers and absent values never look alike. */
function textOf(value: unknown, mayBeAddress: boolean): string {
  if (typeof value === "string") return `=${(mayBeAddress ? networkOf(value) : undefined) ?? value}`;
  return typeof value === "number" || typeof value === "boolean" ? `#${value}` : "";
}

function bounded(key: string): string {
  return key.length <= MAX_KEY_LENGTH ? key : createHash("sha256").update(key).digest("base64");
}
