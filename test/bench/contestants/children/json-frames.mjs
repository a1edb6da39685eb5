// JSON over a pipe by hand: four bytes of length, then the text. Both sides of the bare JSON pipe use it.

const HEAD_BYTES = 4;

export function frameOf(value) {
  const text = JSON.stringify(value);
  const length = Buffer.byteLength(text);
  const frame = Buffer.allocUnsafe(HEAD_BYTES + length);
  frame.writeUInt32BE(length);
  frame.write(text, HEAD_BYTES);
  return frame;
}

/** Returns the function that takes chunks. Chunks of a large frame are joined once, when the frame is whole. */
export function frameReader(onMessage) {
  let chunks = [];
  let held = 0;
  let wanted = HEAD_BYTES;
  return (chunk) => {
    chunks.push(chunk);
    held += chunk.length;
    if (held < wanted) return;
    let bytes = chunks.length === 1 ? chunk : Buffer.concat(chunks, held);
    for (;;) {
      wanted = HEAD_BYTES;
      if (bytes.length < wanted) break;
      wanted += bytes.readUInt32BE(0);
      if (bytes.length < wanted) break;
      onMessage(JSON.parse(bytes.toString("utf8", HEAD_BYTES, wanted)));
      bytes = bytes.subarray(wanted);
    }
    held = bytes.length;
    chunks = held === 0 ? [] : [bytes];
  };
}
