// The other side of the bare JSON pipe: parses each event and answers it. Observed events are answered by their count,
// once for each chunk.
import { frameOf, frameReader } from "./json-frames.mjs";

let seen = 0;
const read = frameReader(({ id, event }) => {
  if (id === undefined) seen += event === undefined ? 0 : 1;
  else process.stdout.write(frameOf({ id, result: { action: "continue" } }));
});

process.stdin.on("data", (chunk) => {
  read(chunk);
  if (seen === 0) return;
  process.stdout.write(frameOf({ seen }));
  seen = 0;
});
process.stdin.on("end", () => process.exit(0));
