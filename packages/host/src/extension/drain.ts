import type { Readable } from "node:stream";
import pTimeout from "p-timeout";
import type { Connection } from "../rpc/connection.js";

/** Waits for the end of standard output, but not for a grandchild that holds it. */
export async function drained(stdout: Readable, ms: number): Promise<void> {
  if (stdout.readableEnded || stdout.destroyed) return;
  const ended = new Promise<void>((resolve) => {
    stdout.once("end", resolve);
    stdout.once("close", resolve);
  });
  await pTimeout(ended, { milliseconds: Math.max(1, ms), fallback: () => {} });
}

/** The library hands out one message in each turn of the event loop; after these it holds none that is owed. */
const HAND_OUT_TURNS = 64;

/** Lets answers through that were read but not yet handed to whoever waits for them. */
export async function handedOut(connection: Connection): Promise<void> {
  for (let turn = 0; turn < HAND_OUT_TURNS && connection.waiting; turn += 1) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}
