import { PassThrough } from "node:stream";
import type { Clock } from "../../../../packages/host/src/time/clock.js";
import { FrameSorter } from "../../../../packages/host/src/transport/rpc/frame-sorter.js";
import type { Reply } from "../../../../packages/host/src/transport/rpc/reply.js";
import { RequestTable } from "../../../../packages/host/src/transport/rpc/request-table.js";
import { rawFrame } from "../../../helpers/frames.js";

/** A sorter on a stream that says what a test hands in, and all that it told, in order. */
export function sorting() {
  let nowMs = 1_000;
  /** Every look at this clock takes that long, as if reading a chunk had. */
  const look = { takesMs: 0 };
  /** Lengths of the pauses that the brake made. */
  const pauses: number[] = [];
  const clock: Clock = {
    now: () => (nowMs += look.takesMs),
    wallMs: () => 0,
    after: (ms) => {
      pauses.push(Math.round(ms));
      return { cancel() {} };
    },
  };
  const stdout = new PassThrough();
  const requests = new RequestTable();
  const told: unknown[] = [];
  const note =
    (what: string) =>
    (...args: unknown[]): void =>
      void told.push([what, ...args]);
  const sorter = new FrameSorter(stdout, clock, requests, {
    onStray: note("stray"),
    onProblem: note("problem"),
    onNotification: note("notification"),
    onRequest: note("request"),
    onLateReply: note("late"),
    onEnd: note("end"),
  });
  /** Somebody waits for an answer from here on. */
  const ask = (): number => requests.add({ settle: (reply: Reply) => void told.push(reply), dueMs: 0 });
  /** Bytes arrive, and reading them takes a while. */
  const hear = (bytes: string, takesMs = 0): void => {
    look.takesMs = takesMs;
    stdout.emit("data", Buffer.from(bytes));
    look.takesMs = 0;
  };
  return { sorter, stdout, requests, told, pauses, ask, hear, now: () => nowMs };
}

/** A message as it stands on the wire. */
export const wire = (message: unknown): string => rawFrame(JSON.stringify(message));
