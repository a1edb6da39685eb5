import { expect, it } from "vitest";
import { DropLog, type DropLine } from "../../../../packages/host/src/observe/drops/drop-log.js";
import { writeDropLine } from "../../../../packages/host/src/observe/drops/drop-lines.js";
import { FakeClock } from "../../../helpers/fake-clock.js";

const A = { extension: "tap", id: "a", kind: "stream.newest" };
const B = { ...A, id: "b" };

function logged(gone: readonly string[] = []) {
  const clock = new FakeClock();
  const lines: DropLine[] = [];
  const log = new DropLog(
    clock,
    (line) => void lines.push(line),
    (_, id) => !gone.includes(id),
  );
  const shown = (): unknown[] =>
    lines.map(({ id, dropped, total, reasons, wallMs }) => [id, dropped, total, reasons, wallMs]);
  return { clock, log, shown };
}

it("a flood of drops makes one line at once, and one for each 10 s and subscription", async () => {
  const { clock, log, shown } = logged();
  for (let n = 0; n < 1_000; n += 1) log.add(A, n % 4 ? "overloaded" : "crash");
  log.add(B, "overloaded");
  expect(shown()).toEqual([
    ["a", 1, 1, { crash: 1 }, 0],
    ["b", 1, 1, { overloaded: 1 }, 0],
  ]);
  await clock.pass(9_999);
  expect(shown()).toHaveLength(2);
  await clock.pass(1);
  expect(shown().slice(2)).toEqual([["a", 999, 1_000, { overloaded: 750, crash: 249 }, 10_000]]);
  log.add(A, "overloaded");
  await clock.pass(10_000);
  expect(shown().slice(3)).toEqual([["a", 1, 1_001, { overloaded: 1 }, 20_000]]);
  // Nothing dropped for an interval: the next drop is told at once again.
  await clock.pass(10_000);
  log.add(A, "overloaded");
  expect(shown().slice(4)).toEqual([["a", 1, 1_002, { overloaded: 1 }, 30_000]]);
});

it("what is left is told at the end, without timers, and counts of what is gone are forgotten", async () => {
  const { clock, log, shown } = logged(["b"]);
  log.add(B, "stopped");
  await clock.pass(10_000);
  expect(log.add(B, "stopped")).toBe(1);
  log.add(A, "stopped");
  await clock.pass(10_000);
  expect(log.add(A, "stopped")).toBe(2);
  log.add(A, "stopped");
  log.close();
  expect(shown().at(-1)).toEqual(["a", 1, 3, { stopped: 1 }, 20_000]);
  log.add(A, "stopped");
  expect(shown().at(-1)).toEqual(["a", 1, 4, { stopped: 1 }, 20_000]);
  expect(clock.armed).toBe(0);
});

it("the line goes to the log, and to the trace in the form that is asked for", () => {
  const [warned, traced] = [[] as unknown[], [] as string[]];
  const quiet = (): void => {};
  const write = (value?: string): void =>
    writeDropLine(
      {
        env: value === undefined ? {} : { SYNAPS_EXTENSIONS_TRACE: value },
        logger: { debug: quiet, info: quiet, error: quiet, warn: (...told) => void warned.push(told) },
        trace: (line) => void traced.push(line),
      },
      { ...A, dropped: 3, total: 7, reasons: { overloaded: 2, stopped: 1 }, wallMs: 1_000 },
    );
  write();
  expect(warned).toEqual([
    [
      "events were dropped",
      { extension: "tap", subscription: "a", dropped: 3, total: 7, reason: "2 overloaded, 1 stopped" },
    ],
  ]);
  expect(traced).toEqual([]);
  write("1");
  write("pretty");
  write("0");
  expect(traced).toEqual([
    '{"level":"warn","message":"Extension events dropped","extension_trace":true,"hook":"stream.newest","extension":"tap","subscription":"a","dropped":3,"total":7,"reasons":{"overloaded":2,"stopped":1},"time":"1970-01-01T00:00:01.000Z"}',
    "00:00:01.000  stream.newest  tap/a  3 dropped (2 overloaded, 1 stopped), 7 in all",
  ]);
});
