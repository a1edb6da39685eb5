import type { DroppedNotice } from "@synaps/sdk/protocol";
import { expect, it } from "vitest";
import { DropNotices, type NoticeEnd } from "../../../../packages/host/src/observe/drops/drop-notices.js";
import { FakeClock } from "../../../helpers/fake-clock.js";

const A = { extension: "tap", id: "a", kind: "stream.newest" };

/** Notices to an extension that takes them as `end` says, with the time of each attempt. */
function noticed() {
  const clock = new FakeClock();
  const process: { end: NoticeEnd } = { end: "sent" };
  const tried: [ms: number, notice: DroppedNotice][] = [];
  const notices = new DropNotices(clock, (_, notice) => {
    tried.push([clock.now(), notice]);
    return process.end;
  });
  let total = 0;
  const drop = (session: string | null = "s", times = 1): void => {
    for (let n = 0; n < times; n += 1) notices.add(A, session, (total += 1));
  };
  const sums = (): unknown[] => tried.map(([ms, { dropped, total: all }]) => [ms, dropped, all]);
  return { clock, process, tried, notices, drop, sums };
}

it("drops of one turn share a notice, and later ones the notice of the next second", async () => {
  const { clock, tried, drop, sums } = noticed();
  drop("s", 3);
  drop(null, 2);
  await clock.pass(0);
  const row = { subscription: "a", kind: "stream.newest" };
  expect(tried).toEqual([
    [
      0,
      {
        dropped: 5,
        total: 5,
        hooks: [
          { ...row, session: "s", dropped: 3, total: 3 },
          { ...row, session: null, dropped: 2, total: 5 },
        ],
      },
    ],
  ]);
  for (let n = 0; n < 100; n += 1) {
    drop();
    await clock.pass(30);
  }
  expect(sums().slice(1)).toEqual([
    [1_000, 34, 39],
    [2_000, 33, 72],
    [3_000, 33, 105],
  ]);
  // Silence: no timer, no notice.
  await clock.pass(60_000);
  expect(tried).toHaveLength(4);
  expect(clock.armed).toBe(0);
});

it("a notice has at most 64 rows and short names, and its sums count all", async () => {
  const { clock, tried, drop } = noticed();
  for (let n = 0; n < 1_000; n += 1) drop(`${n}`.padEnd(5_000, "x"), 2);
  await clock.pass(0);
  const [, notice] = tried[0] ?? [];
  expect(notice).toMatchObject({ dropped: 2_000, total: 2_000 });
  expect(notice?.hooks).toHaveLength(64);
  expect(notice?.hooks.every(({ session }) => session?.length === 128)).toBe(true);
});

it("a process that has not read the last notice gets no other: the next one has it all", async () => {
  const { clock, process, drop, sums } = noticed();
  drop();
  await clock.pass(0);
  process.end = "unread";
  drop("s", 4);
  await clock.pass(3_000);
  expect(sums().slice(1)).toEqual([
    [1_000, 4, 5],
    [2_000, 4, 5],
    [3_000, 4, 5],
  ]);
  drop();
  process.end = "sent";
  await clock.pass(1_000);
  expect(sums().at(-1)).toEqual([4_000, 5, 6]);
  expect(clock.armed).toBe(0);
});

it("without a process nothing is tried again until there is one", async () => {
  const { clock, process, notices, drop, sums } = noticed();
  process.end = "absent";
  drop();
  await clock.pass(60_000);
  expect(sums()).toEqual([[0, 1, 1]]);
  expect(clock.armed).toBe(0);
  process.end = "sent";
  notices.live("tap");
  notices.live("other");
  await clock.pass(0);
  expect(sums().slice(1)).toEqual([[60_000, 1, 1]]);
  // Told already: a further start has no news.
  notices.live("tap");
  expect(clock.armed).toBe(0);
});

it("nothing is kept for an extension that wants no notices or is gone", async () => {
  const { clock, process, notices, drop, sums } = noticed();
  process.end = "unwanted";
  drop("s", 5);
  await clock.pass(1_000);
  process.end = "sent";
  notices.live("tap");
  drop();
  notices.forget("tap");
  await clock.pass(1_000);
  expect(sums()).toEqual([[0, 5, 5]]);
  drop();
  notices.close();
  expect(clock.armed).toBe(0);
});
