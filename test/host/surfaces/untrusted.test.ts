import { PassThrough } from "node:stream";
import { expect, it } from "vitest";
import { callEnd } from "../../../packages/host/src/delivery/results.js";
import { readBraked } from "../../../packages/host/src/transport/read-braked.js";
import { parseFrame } from "../../../packages/host/src/surfaces/sidecars/frames.js";
import { isInexact, isNestedOver, jsonBytes } from "../../../packages/host/src/surfaces/untrusted.js";
import { parseRender } from "../../../packages/host/src/surfaces/ui/editor-render.js";
import { FakeClock } from "../../helpers/fake-clock.js";

const LEVELS = 100_000;

function deep(): unknown {
  let value: unknown = [];
  for (let n = 0; n < LEVELS; n += 1) value = [value];
  return value;
}

it("a deep value is measured without an end of the host", () => {
  expect(isNestedOver(deep(), 512)).toBe(true);
  expect([isNestedOver([[1]], 2), isNestedOver([[[1]]], 2), isNestedOver(7, 0)]).toEqual([
    false,
    true,
    false,
  ]);
  expect([jsonBytes(deep()), jsonBytes({ a: "ä" })]).toEqual([Number.POSITIVE_INFINITY, 10]);
});

it("a sidecar's frame with a deep payload is an error, and its payload goes nowhere", () => {
  const frame = (levels: number): Buffer =>
    Buffer.from(`{"type":"custom","event_type":"e","payload":${"[".repeat(levels)}${"]".repeat(levels)}}`);
  expect(parseFrame(frame(LEVELS))).toEqual({ type: "error", message: expect.any(String) });
  expect(parseFrame(frame(512))).toMatchObject({ type: "custom" });
});

it("a render inside of many renders is none, and deep data of a row is dropped", () => {
  let nested: unknown = { rows: [] };
  for (let n = 0; n < LEVELS; n += 1) nested = { render: nested };
  expect(parseRender(nested)).toBeUndefined();
  expect(parseRender({ rows: [{ label: "a", data: deep() }] })?.rows[0]?.data).toBeUndefined();
});

it("an integer whose digits were lost is told from numbers that are exact", () => {
  expect([2 ** 53, -(2 ** 60), 2 ** 53 - 1, 0.5, 1e300, "7"].map(isInexact)).toEqual([
    true,
    true,
    false,
    false,
    false,
    false,
  ]);
});

it("an answer with lost digits is a failure that names the place", () => {
  const reply = { type: "result", result: { n: 2 ** 53 }, inexact: ["/n"] } as const;
  const end = callEnd({ type: "reply", reply, queueMs: 0, runMs: 0 });
  expect(end).toEqual({ status: "failed", reason: expect.stringContaining("'/n'") });
});

it("output that comes faster than it is looked at is held back, and read to its end", async () => {
  const clock = new FakeClock();
  const stream = new PassThrough();
  let seen = 0;
  const end = readBraked(stream, clock, (chunk) => {
    seen += chunk.length;
    void clock.jump(50);
  });
  for (let n = 0; n < 10; n += 1) stream.write(Buffer.alloc(100));
  await new Promise((resolve) => setImmediate(resolve));
  expect(stream.isPaused()).toBe(true);
  expect(seen).toBeLessThan(1_000);
  end();
  stream.end();
  await new Promise((resolve) => stream.once("end", resolve));
  expect(seen).toBe(1_000);
});
