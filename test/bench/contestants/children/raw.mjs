// The limit: reads length-prefixed bytes and answers each with as many bytes as a verdict has. No JSON.
const ACK = Buffer.from('\0\0\0\x15{"action":"continue"}', "latin1");
let rest = Buffer.alloc(0);
let skip = 0;

process.stdin.on("data", (chunk) => {
  let bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
  rest = Buffer.alloc(0);
  for (;;) {
    if (skip > 0) {
      const step = Math.min(skip, bytes.length);
      bytes = bytes.subarray(step);
      skip -= step;
      if (skip > 0) return;
      process.stdout.write(ACK);
    }
    if (bytes.length < 4) {
      rest = bytes;
      return;
    }
    skip = bytes.readUInt32BE(0);
    bytes = bytes.subarray(4);
  }
});
process.stdin.on("end", () => process.exit(0));
