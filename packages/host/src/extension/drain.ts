import type { Connection } from "../rpc/connection.js";

/** The library hands out one message in each turn of the event loop; after these it holds none that is owed. */
const HAND_OUT_TURNS = 64;

/** Lets answers through that were read but not yet handed to whoever waits for them. */
export async function handedOut(connection: Connection): Promise<void> {
  for (let turn = 0; turn < HAND_OUT_TURNS && connection.waiting; turn += 1) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}
