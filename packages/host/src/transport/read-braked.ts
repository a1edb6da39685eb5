import type { Readable } from "node:stream";
import type { Clock } from "../time/clock.js";
import { FloodBrake } from "./flood-brake.js";

/** Bytes that the host reads in about a millisecond, without looking at them. */
const BYTES_PER_MS = 1_000_000;

/**
 * Reads the output of a process with a brake: a flood fills the pipe and makes the process wait, instead of taking the
 * host's time. Loses nothing. Returns how to end the brake, for the last output of a process that ended.
 */
export function readBraked(stream: Readable, clock: Clock, onChunk: (chunk: Buffer) => void): () => void {
  const brake = new FloodBrake(clock, stream);
  stream.on("data", (chunk: Buffer) => {
    const fromMs = clock.now();
    onChunk(chunk);
    const nowMs = clock.now();
    brake.charge(nowMs - fromMs + chunk.length / BYTES_PER_MS, nowMs);
  });
  return () => brake.stop();
}
