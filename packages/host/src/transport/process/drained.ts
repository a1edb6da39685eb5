import type { Readable } from "node:stream";
import { limited } from "../../time/limited.js";
import type { ChildProcess } from "./child.js";

/** Waits for the last output of a process that ended, at most `ms`: a grandchild may hold the pipes. */
export async function drained(child: ChildProcess, ms: number): Promise<void> {
  await limited(child.clock, ms, Promise.all([ended(child.stdout), ended(child.stderr)]));
}

function ended(stream: Readable): Promise<void> {
  if (stream.readableEnded || stream.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    stream.once("end", resolve);
    stream.once("close", resolve);
  });
}
