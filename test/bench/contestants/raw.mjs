import { spawn } from "node:child_process";
import { CHILD_ENV, child } from "../lib/places.mjs";
import { envelopeOf } from "../lib/payload.mjs";

const ANSWER_BYTES = 25;

/** Length-prefixed bytes between two Node processes, made beforehand: the limit for anything on a pipe. */
export function startRaw() {
  const peer = spawn(process.execPath, [child("raw.mjs")], {
    stdio: ["pipe", "pipe", "inherit"],
    env: CHILD_ENV,
  });
  const waiting = new Fifo();
  let received = 0;
  peer.stdout.on("data", (chunk) => {
    received += chunk.length;
    for (; received >= ANSWER_BYTES; received -= ANSWER_BYTES) waiting.shift()();
  });
  return {
    name: "raw pipe",
    prepare(event) {
      const body = Buffer.from(JSON.stringify(envelopeOf(event)));
      const head = Buffer.alloc(4);
      head.writeUInt32BE(body.length);
      return Buffer.concat([head, body]);
    },
    call(bytes) {
      return new Promise((resolve) => {
        waiting.push(resolve);
        peer.stdin.write(bytes);
      });
    },
    stop: () => peer.stdin.end(),
  };
}

/** The same plain Python child that the host gets, at the end of a pipe and nothing more: bytes made beforehand. */
export async function startRawPython() {
  const peer = spawn("python3", [child("plain.py")], { stdio: ["pipe", "pipe", "inherit"], env: CHILD_ENV });
  const waiting = new Fifo();
  let rest = "";
  peer.stdout.on("data", (chunk) => {
    rest += chunk.toString("latin1");
    for (;;) {
      const head = rest.indexOf("\r\n\r\n");
      if (head === -1) return;
      const end = head + 4 + Number(rest.slice(16, head));
      if (rest.length < end) return;
      rest = rest.slice(end);
      waiting.shift()();
    }
  });
  const frame = (method, params) => {
    const body = JSON.stringify({ jsonrpc: "2.0", method, params, id: 1 });
    return Buffer.from(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  };
  const call = (bytes) =>
    new Promise((resolve) => {
      waiting.push(resolve);
      peer.stdin.write(bytes);
    });
  await call(frame("initialize", {}));
  return {
    name: "raw pipe to Python",
    prepare: (event) => frame("hook.handle", envelopeOf(event)),
    call,
    stop: () => peer.stdin.end(),
  };
}

/** A queue that costs the same however long it is. */
export class Fifo {
  #items = [];
  #head = 0;

  push(item) {
    this.#items.push(item);
  }

  shift() {
    const item = this.#items[this.#head];
    this.#head += 1;
    if (this.#head === 4096) {
      this.#items.splice(0, this.#head);
      this.#head = 0;
    }
    return item;
  }
}
