// Seeded streams of valid frames, and what is done to them.
import { seeded } from "../chaos/random.mjs";

/** Largest body that the fuzzed reader takes. */
export const MAX_BODY_BYTES = 64 * 1024;

const TEXTS = [
  "",
  "hello",
  "Content-Length: 12\r\n\r\n{}",
  "ünïcödé 💥",
  "line\nline\r\n\r\n",
  '"\\u0000"',
  "x".repeat(300),
];
const HEADER_LIKE = [
  "Content-Length: 5\r\n\r\n",
  "Content-Length:",
  "content-length: 3\n\n",
  "Content-Length: -1\r\n\r\n",
  "Content-Length: 99999999999999\r\n\r\n",
  "Content-Length: 4000000000\r\n",
  "Content-Length: 65537\r\n\r\n",
  "Content-Length: 65536\r\n\r\n",
  "Content-Length: 0\r\n\r\n",
  "Content-Length: 1e3\r\n\r\n",
  "Content-Length: 7\r\nContent-Length: 9\r\n\r\n",
  "Content-Type: application/json\r\n\r\n",
  "\r\n\r\n",
  "\n",
  "\0\0\0",
  "[1,2",
  "all work and no play\n",
  "progress 50%... ",
];

/** One stream of a seed: its bytes after some damage, and how many frames it was made of. */
export function streamOf(seed, index) {
  const random = seeded((seed * 7_919 + index) >>> 0);
  const { below, pick } = random;
  const frames = 1 + below(15);
  const parts = Array.from({ length: frames }, () => frameOf(random));
  let bytes = Buffer.concat(parts);
  for (let n = below(6); n > 0; n -= 1) bytes = damage(bytes, random);
  const sizes = pick([[bytes.length || 1], [1 + below(7), 1 + below(90)], [1 + below(2_000)]]);
  return { bytes, frames, sizes };
}

function frameOf({ below, pick }) {
  const id = below(1_000);
  const body = JSON.stringify(
    pick([
      { jsonrpc: "2.0", id, result: { action: "block", reason: pick(TEXTS) } },
      { jsonrpc: "2.0", method: "x", params: [pick(TEXTS), id] },
      id,
      null,
    ]),
  );
  const eol = below(8) === 0 ? "\n" : "\r\n";
  return Buffer.from(`Content-Length: ${Buffer.byteLength(body)}${eol}${eol}${body}`);
}

function damage(bytes, { below, pick }) {
  const at = below(bytes.length + 1);
  const to = Math.min(bytes.length, at + below(200));
  switch (below(6)) {
    case 0: {
      const flipped = Buffer.from(bytes);
      if (flipped.length > 0) flipped[at % flipped.length] ^= 1 << below(8);
      return flipped;
    }
    case 1:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(to)]);
    case 2:
      return Buffer.concat([bytes.subarray(0, to), bytes.subarray(at)]);
    case 3:
      return Buffer.concat([bytes.subarray(0, at), Buffer.from(pick(HEADER_LIKE)), bytes.subarray(at)]);
    case 4:
      return bytes.subarray(0, at);
    default: {
      const noise = Buffer.from(Array.from({ length: below(40) }, () => below(256)));
      return Buffer.concat([bytes.subarray(0, at), noise, bytes.subarray(at)]);
    }
  }
}
