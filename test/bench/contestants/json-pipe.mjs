import { spawn } from "node:child_process";
import { CHILD_ENV, child } from "../lib/places.mjs";
import { envelopeOf } from "../lib/payload.mjs";
import { frameOf, frameReader } from "./children/json-frames.mjs";

export const JSON_PIPE = "bare JSON pipe";

/**
 * `JSON.stringify`, one length-prefixed frame in one write, `JSON.parse` and an answer, by hand on both sides: the limit
 * for JSON over a pipe. `observe` sends events that have no answer of their own; `flush` writes them all at once.
 */
export function startJsonPipe() {
  const peer = spawn(process.execPath, [child("json-pipe.mjs")], {
    stdio: ["pipe", "pipe", "inherit"],
    env: CHILD_ENV,
  });
  const waiting = new Map();
  let last = 0;
  let frames = [];
  /** @type {(count: number) => void} */
  let onSeen = () => {};
  const read = frameReader(({ id, result, seen }) => {
    if (id === undefined) return onSeen(seen);
    waiting.get(id)(result);
    waiting.delete(id);
  });
  peer.stdout.on("data", read);
  return {
    name: JSON_PIPE,
    prepare: (event) => event,
    call: (event) =>
      new Promise((resolve) => {
        last += 1;
        waiting.set(last, resolve);
        peer.stdin.write(frameOf({ id: last, event: envelopeOf(event) }));
      }),
    observe: (event) => void frames.push(frameOf({ event: envelopeOf(event) })),
    flush() {
      peer.stdin.write(frames.length === 1 ? frames[0] : Buffer.concat(frames));
      frames = [];
    },
    onSeen: (listener) => void (onSeen = listener),
    stop: () => peer.stdin.end(),
  };
}
