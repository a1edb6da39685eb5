import { describe, expect, it } from "vitest";
import { verifyAudit } from "../../packages/audit/src/index.js";
import { verifies } from "../requirements/verifies.js";
import { filesIn, found, newLog, START_MS } from "./kit.js";

const HOUR_MS = 3_600_000;

describe("a clock that is set back", () => {
  it(
    verifies("AUDIT-005") + "mixes no files that are begun in between, and a query by time finds all",
    async () => {
      const { writer, folder, clock } = newLog({ maxFileBytes: 1_024, chain: true });
      const times: number[] = [];
      for (let n = 0; n < 24; n += 1) {
        // Ever further back, with a step forward now and then.
        clock.startMs += n % 4 === 0 ? 90 * 60_000 : -HOUR_MS;
        times.push(clock.wallMs());
        void writer.record("event", { n });
        await writer.open();
      }
      await writer.close();
      const files = filesIn(folder);
      expect(files.length).toBeGreaterThan(4);
      expect(files.map((file) => Number(/\.(\d+)\.jsonl$/.exec(file)?.[1]))).toEqual(
        files.map((_, at) => at + 1),
      );
      expect((await verifyAudit(folder)).runs).toMatchObject([
        { events: 24, files: files.length, fault: null },
      ]);
      const all = await found(folder, { event: "event" });
      expect(all.map(({ metadata }) => metadata["n"])).toEqual(times.map((_, n) => n));
      for (const [n, ms] of times.entries()) {
        const then = await found(folder, { event: "event", sinceMs: ms, untilMs: ms + HOUR_MS });
        const expected = times.flatMap((one, at) => (one >= ms && one <= ms + HOUR_MS ? [at] : []));
        expect(
          then.map(({ metadata }) => metadata["n"]),
          `at the time of ${n}`,
        ).toEqual(expected);
      }
    },
  );

  it("gives no ended run's name to another, also of a process with the same number", async () => {
    const first = newLog({ chain: true }, 7);
    void first.writer.record("first", {});
    await first.writer.close();
    const second = newLog({ chain: true, folder: first.folder }, 7);
    second.clock.startMs = START_MS - HOUR_MS;
    await second.clock.pass(HOUR_MS);
    void second.writer.record("second", {});
    await second.writer.close();
    expect(second.notes).toEqual([]);
    expect((await verifyAudit(first.folder)).runs).toMatchObject([
      { events: 1, end: "stopped", fault: null },
      { events: 1, end: "stopped", fault: null },
    ]);
    expect((await found(first.folder, { event: "*s*d*" })).map(({ event }) => event)).toEqual(["second"]);
  });

  it("does not put off the next try after a failure, nor make a healthy disk hang", async () => {
    const { writer, clock, notes } = newLog({ durability: "before_answer" });
    await writer.open();
    for (const step of [HOUR_MS, -2 * HOUR_MS, HOUR_MS]) {
      clock.startMs += step;
      expect(await writer.record("event", {})).toBe(true);
    }
    await writer.close();
    expect(notes).toEqual([]);
  });
});
