// Feeds a stream to a reader and checks what it promises for any bytes at all.
import { FrameReader } from "../../packages/sdk/dist/framing/index.js";
import { MAX_BODY_BYTES } from "./streams.mjs";

const MAX_SKIPPED_BYTES = 256 * 2 ** 20;
const PAD = Buffer.alloc(8 * 1024, `${"-".repeat(99)}\n`);
const GOOD = { jsonrpc: "2.0", id: 4711, result: { action: "continue" } };
const GOOD_FRAME = Buffer.from(`\n${header(JSON.stringify(GOOD))}`);

function header(body) {
  return `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

/**
 * Whether the next good frame is promised to be read soon. It is not where a header announces an honest size beyond
 * the limit of a body: that many bytes are skipped first, up to 256 MiB, and a test will not send those.
 */
function promisesRecovery(bytes) {
  for (const [, digits] of bytes.toString("latin1").matchAll(/content-length[ \t]*:[ \t]*([0-9]{1,15})/gi)) {
    const announced = Number(digits);
    if (announced > MAX_BODY_BYTES && announced <= MAX_SKIPPED_BYTES) return false;
  }
  return true;
}

/** Returns what is wrong, or undefined. Throws whatever the reader throws. */
export function feed({ bytes, sizes }) {
  let last;
  let messages = 0;
  let stray = 0;
  const reader = new FrameReader({
    maxBodyBytes: MAX_BODY_BYTES,
    onMessage: (message) => {
      last = message;
      messages += 1;
    },
    onStray: (count) => (stray += count),
  });
  for (let at = 0, n = 0; at < bytes.length; n += 1) {
    const end = at + sizes[n % sizes.length];
    reader.push(bytes.subarray(at, end));
    at = end;
  }
  // Each byte may be read twice at most: once in a body, once in the search for frames inside it.
  if (stray > 2 * bytes.length) return { wrong: `${stray} stray bytes of ${bytes.length}` };
  if (messages > bytes.length / "Content-Length:0\n\n1".length) return { wrong: `${messages} messages` };
  if (!promisesRecovery(bytes)) return { recovered: false };
  // A header that was announced and whatever its body holds may have to pass first.
  const mostPads = 2 + Math.ceil((bytes.length / 10) * (MAX_BODY_BYTES / PAD.length));
  for (let n = 0; reader.midFrame; n += 1) {
    if (n > mostPads) return { wrong: "it never gets out of a frame" };
    reader.push(PAD);
  }
  last = undefined;
  reader.push(GOOD_FRAME);
  if (JSON.stringify(last) !== JSON.stringify(GOOD))
    return { wrong: `the good frame was lost: ${JSON.stringify(last)}` };
  return { recovered: true, messages };
}
