import { describe, expect, it } from "vitest";
import { verifyAudit } from "../../packages/audit/src/index.js";
import { hangingDisk } from "../helpers/hanging-disk.js";
import { until } from "../helpers/wait.js";
import { verifies } from "../requirements/verifies.js";
import { found, newLog, type Log } from "./kit.js";

const HANGS = expect.stringMatching(/cannot be written: the disk has not answered for 5 s$/);

const written = ({ writer }: Log): Promise<void> =>
  until("the log is written", () => writer.status.waiting === 0 && writer.status.failing === null);

describe.skipIf(process.platform === "win32")("a disk that hangs", () => {
  it(verifies("AUDIT-009") + "holds an answer up for 5 s, and further ones not at all", async () => {
    const log = newLog({ durability: "before_answer", chain: true });
    const { writer, clock, notes, folder } = log;
    await writer.open();
    const release = hangingDisk();
    let first: boolean | undefined;
    void writer.record("first", {})?.then((isWritten) => (first = isWritten));
    await clock.pass(4_999);
    expect([first, notes, writer.status.failing]).toEqual([undefined, [], null]);
    await clock.pass(1);
    expect(first).toBe(false);
    expect(await writer.record("second", {})).toBe(false);
    await clock.pass(60_000);
    expect(await writer.record("third", {})).toBe(false);
    expect(notes).toEqual([HANGS]);
    expect(writer.status).toMatchObject({ failing: "the disk has not answered for 5 s", waiting: 3 });
    await release();
    await written(log);
    expect(await writer.record("fourth", {})).toBe(true);
    await writer.close();
    expect(notes).toEqual([HANGS, "the audit log is written again; events without a line: 0"]);
    expect((await found(folder)).map(({ event }) => event).slice(1, -1)).toEqual([
      "first",
      "second",
      "third",
      "fourth",
    ]);
    expect((await verifyAudit(folder)).faults).toBe(0);
  });

  it("gives an answer no more than 5 s, also when it came while another was written", async () => {
    const { writer, clock } = newLog({ durability: "before_answer" });
    await writer.open();
    const releaseOne = hangingDisk();
    const one = writer.record("one", {});
    await clock.pass(3_000);
    let two: boolean | undefined;
    void writer.record("two", {})?.then((isWritten) => (two = isWritten));
    await clock.pass(1_000);
    // The write of the first one ends, and the next one hangs in turn.
    const releaseTwo = hangingDisk();
    await releaseOne();
    expect(await one).toBe(true);
    await clock.pass(3_999);
    expect(two).toBeUndefined();
    await clock.pass(1);
    expect(two).toBe(false);
    await releaseTwo();
    await writer.close();
  });

  it("is told where nobody waits, and so is the first event that has no room", async () => {
    const log = newLog({ queue: 3 });
    const { writer, clock, notes, folder } = log;
    await writer.open();
    const release = hangingDisk();
    for (let n = 0; n < 5; n += 1) void writer.record("event", { n });
    expect(notes).toEqual([
      expect.stringMatching(
        /has no room: 3 events wait for the disk, and further ones are dropped and counted$/,
      ),
    ]);
    await clock.pass(5_000);
    expect(notes.slice(1)).toEqual([HANGS]);
    await release();
    await written(log);
    await writer.close();
    expect((await verifyAudit(folder)).runs[0]).toMatchObject({ events: 5, dropped: 2, fault: null });
  });
});
