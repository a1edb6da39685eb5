import { PassThrough } from "node:stream";
import { expect, it } from "vitest";
import { readBraked } from "../../../../packages/host/src/transport/read-braked.js";
import type { Clock } from "../../../../packages/host/src/time/clock.js";

/** A stream that is read on a clock of which each look takes so long, and the pauses that were made. */
function reading(takesMs: number) {
  const pauses: number[] = [];
  let nowMs = 1_000;
  const clock: Clock = {
    now: () => (nowMs += takesMs),
    wallMs: () => 0,
    after: (ms) => {
      pauses.push(Math.round(ms));
      return { cancel() {} };
    },
  };
  const stream = new PassThrough();
  const chunks: Buffer[] = [];
  const end = readBraked(stream, clock, (chunk) => void chunks.push(chunk));
  return { stream, chunks, pauses, end };
}

it("each chunk is handed on as it came", () => {
  const { stream, chunks, pauses } = reading(0);
  const chunk = Buffer.from("one");
  stream.emit("data", chunk);
  expect(chunks[0]).toBe(chunk);
  expect(pauses).toEqual([]);
});

it("the time of a look counts, and a millisecond for each megabyte that is read", () => {
  const slow = reading(13);
  slow.stream.emit("data", Buffer.from("x"));
  expect(slow.pauses).toEqual([100]);
  const large = reading(0);
  large.stream.emit("data", Buffer.alloc(13_000_000));
  expect(large.pauses).toEqual([100]);
  const both = reading(10);
  both.stream.emit("data", Buffer.alloc(3_000_000));
  expect(both.pauses).toEqual([100]);
});

it("the rest of a stream is read without pauses once the brake was ended", () => {
  const { stream, chunks, pauses, end } = reading(1_000);
  stream.emit("data", Buffer.from("x"));
  expect(stream.isPaused()).toBe(true);
  end();
  expect(stream.isPaused()).toBe(false);
  stream.emit("data", Buffer.from("y"));
  expect([chunks.length, pauses.length, stream.isPaused()]).toEqual([2, 1, false]);
});
