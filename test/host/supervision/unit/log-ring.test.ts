import { expect, it } from "vitest";
import { nullLogger } from "../../../../packages/host/src/logger.js";
import { LogRing, MAX_LOG_BYTES, type LogEntry } from "../../../../packages/host/src/supervision/log-ring.js";

const ALL = Number.POSITIVE_INFINITY;
const entry = (at: number, line = `line ${at}`): LogEntry => ({ at, line });

it("the last lines are given, oldest first, as many as were asked for", () => {
  const ring = new LogRing(nullLogger);
  expect(ring.last(5)).toEqual([]);
  for (const at of [1, 2, 3]) ring.add(entry(at));
  expect(ring.last(2)).toEqual([entry(2), entry(3)]);
  expect(ring.last(1)).toEqual([entry(3)]);
  expect(ring.last(ALL)).toEqual([entry(1), entry(2), entry(3)]);
  for (const count of [0, -1, -2]) expect(ring.last(count)).toEqual([]);
});

it("all lines up to 128 KiB are kept, and the last 64 KiB beyond that, an end of line counted for each", () => {
  expect(MAX_LOG_BYTES).toBe(65_536);
  const ring = new LogRing(nullLogger);
  const line = "x".repeat(63);
  for (let at = 1; at <= 2_048; at += 1) ring.add(entry(at, line));
  expect(ring.last(ALL)).toHaveLength(2_048);
  ring.add(entry(2_049, line));
  expect(ring.last(ALL)).toHaveLength(1_024);
  expect(ring.last(ALL)[0]?.at).toBe(1_026);
  for (let at = 2_050; at < 3_050; at += 1) ring.add(entry(at, line));
  expect(ring.last(ALL)).toHaveLength(2_024);
});

it("listeners hear each line from then on, until they stop, and one that fails is told in words", () => {
  const warnings: string[] = [];
  const ring = new LogRing({ ...nullLogger, warn: (message) => void warnings.push(message) });
  const heard: LogEntry[] = [];
  ring.add(entry(1));
  const stop = ring.listen((one) => void heard.push(one));
  ring.listen(() => {
    throw new Error("no");
  });
  ring.add(entry(2));
  stop();
  ring.add(entry(3));
  expect(heard).toEqual([entry(2)]);
  expect(warnings).toEqual(["a listener for the log of an extension failed"]);
});
