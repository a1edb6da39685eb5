import { memberAt } from "@synaps/sdk/protocol";
import type { SeenEvent } from "./hook-types.js";

/** Members of the data of events that name who is on the other side, the most exact one first. */
const MEMBERS = [["peer_ip"], ["peer_addr"], ["client_addr"]] as const;

/** The address of the peer as the event has it, with or without a port; undefined if it names none. */
export function peerOf({ data }: SeenEvent): string | undefined {
  for (const keys of MEMBERS) {
    const value = memberAt(data, keys);
    if (typeof value === "string") return value;
  }
  return undefined;
}
