// The bytes of each connection: different for each and for both directions, and cheap to make.
import { createHash } from "node:crypto";

const MIB = 1024 * 1024;
const CHUNK = 64 * 1024;
const pool = poolOf(4 * MIB);

/**
 * @param {number} number
 * @param {"up" | "down"} way
 * @param {number} bytes
 */
export function* streamOf(number, way, bytes) {
  let at = (number * 7_919 + (way === "up" ? 0 : 2 * MIB + 1)) % (pool.length - CHUNK);
  for (let left = bytes; left > 0; left -= CHUNK) {
    yield pool.subarray(at, at + Math.min(CHUNK, left));
    at = (at + CHUNK + 13) % (pool.length - CHUNK);
  }
}

/** The same bytes on every machine, without a pattern that repeats. @param {number} length */
function poolOf(length) {
  const bytes = Buffer.alloc(length);
  for (let at = 0; at < length; at += 32) createHash("sha256").update(String(at)).digest().copy(bytes, at);
  return bytes;
}
