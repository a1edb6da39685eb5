import type { Readable } from "node:stream";
import pTimeout from "p-timeout";

/** Waits for the end of standard output, but not for a grandchild that holds it. */
export async function drained(stdout: Readable, ms: number): Promise<void> {
  if (stdout.readableEnded || stdout.destroyed) return;
  const ended = new Promise<void>((resolve) => {
    stdout.once("end", resolve);
    stdout.once("close", resolve);
  });
  await pTimeout(ended, { milliseconds: Math.max(1, ms), fallback: () => {} });
}
