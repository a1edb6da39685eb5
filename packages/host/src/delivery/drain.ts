import type { Connection } from "../transport/rpc/connection.js";
import type { Extension } from "../supervision/extension.js";

/** The library hands out one message in each turn of the event loop; after these it holds none that is owed. */
const HAND_OUT_TURNS = 64;

/** Lets answers through that were read but not yet handed to whoever waits for them. */
export async function handedOut(connection: Connection): Promise<void> {
  for (let turn = 0; turn < HAND_OUT_TURNS && connection.waiting; turn += 1) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Lets an extension finish what it has, up to the time for that, and turns the rest away. */
export async function finishWork({ lanes, batcher, services }: Extension): Promise<void> {
  const { drainMs } = services.limits;
  await Promise.all([lanes.whenIdle(drainMs), batcher.whenIdle(drainMs)]);
  lanes.close();
  batcher.sendBack();
}
