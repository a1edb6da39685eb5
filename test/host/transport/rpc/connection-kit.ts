import { PassThrough, Writable } from "node:stream";
import { setImmediate } from "node:timers/promises";
import { FrameReader } from "@synaps/sdk/framing";
import { onTestFinished } from "vitest";
import {
  Connection,
  type ConnectionOptions,
} from "../../../../packages/host/src/transport/rpc/connection.js";
import type { Reply } from "../../../../packages/host/src/transport/rpc/reply.js";
import { FakeClock } from "../../../helpers/fake-clock.js";
import { rawFrame } from "../../../helpers/frames.js";

/**
 * A connection whose other side is the test: `said` holds the messages that went out, as text, `writes` how they left, and `hear` brings bytes
 * in. All that the connection told is in `told`, in order.
 */
export function connection(more: Partial<ConnectionOptions> = {}) {
  const said: string[] = [];
  const writes: string[] = [];
  const told: unknown[] = [];
  const clock = new FakeClock();
  const reader = new FrameReader({ onMessage: (_, text) => void said.push(text) });
  const stdin = new Writable({
    write(chunk: Buffer, _, done) {
      writes.push(chunk.toString());
      reader.push(chunk);
      done();
    },
  });
  const stdout = new PassThrough();
  const look = { takesMs: 0 };
  const note =
    (what: string) =>
    (...args: unknown[]): void =>
      void told.push([what, ...args]);
  const connected = new Connection({
    stdin,
    stdout,
    clock,
    onRequest: () => null,
    onAnswered: note("answered"),
    onStray: () => void clock.jump(look.takesMs),
    onNotification: note("notification"),
    onLateReply: note("late"),
    onProblem: note("problem"),
    onEnd: note("end"),
    ...more,
  });
  onTestFinished(() => connected.close());
  return {
    connection: connected,
    clock,
    stdin,
    stdout,
    said,
    writes,
    told,
    /** Posts an event, or another request; its end is told as `[name, reply]`. */
    post: (name: string, dueMs = 1_000, method = "hook.handle"): number | Reply =>
      connected.post(method, "{}", { settle: (reply) => void told.push([name, reply]), dueMs }),
    hear: (bytes: string | Buffer): void => void stdout.emit("data", Buffer.from(bytes)),
    /** A message of the other side. */
    tell: (message: object): void =>
      void stdout.emit("data", Buffer.from(rawFrame(JSON.stringify({ jsonrpc: "2.0", ...message })))),
    /** Noise comes, and the look at it takes the host some time: the stream is held back afterwards. */
    flood: (takesMs = 1_000): void => {
      look.takesMs = takesMs;
      stdout.emit("data", Buffer.from("noise\n"));
      look.takesMs = 0;
    },
    settled: () => setImmediate(),
  };
}
