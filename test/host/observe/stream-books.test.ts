import { describe, expect, it } from "vitest";
import {
  StreamBooks,
  type Entry,
  type StreamEnd,
  type StreamTotals,
} from "../../../packages/host/src/observe/stream-books.js";
import { numbers } from "../../helpers/random.js";
import { verifies } from "../../requirements/verifies.js";

const OF = { extension: "x", id: "s#1", kind: "s" };
const ENDS: readonly StreamEnd[] = ["answered", "dropped", "lost"];

const sumOf = (totals: StreamTotals): number =>
  totals.answered + totals.dropped + totals.lost + totals.waiting;

describe(verifies("STREAM-004") + "the books of a stream", () => {
  it("keep each session and direction apart", () => {
    const books = new StreamBooks(() => true);
    books.offered(OF, "a", "inbound").ended("answered");
    books.offered(OF, "a", "outbound").ended("dropped");
    books.offered(OF, null, null).ended("lost");
    books.offered(OF, "a", "inbound");
    const none = { offered: 0, answered: 0, dropped: 0, lost: 0, waiting: 0 };
    expect(books.counts()).toEqual([
      {
        extension: "x",
        subscription: "s#1",
        kind: "s",
        offered: 4,
        answered: 1,
        dropped: 1,
        lost: 1,
        waiting: 1,
        sessions: [
          { session: "a", direction: "outbound", ...none, offered: 1, dropped: 1 },
          { session: null, direction: null, ...none, offered: 1, lost: 1 },
          { session: "a", direction: "inbound", ...none, offered: 2, answered: 1, waiting: 1 },
        ],
        rest: none,
      },
    ]);
  });

  it.each([1, 2, 3, 4, 5])("add up at every moment, however many sessions there are (seed %i)", (seed) => {
    const random = numbers(seed);
    const books = new StreamBooks(() => true);
    const open: Entry[] = [];
    for (let step = 0; step < 3_000; step += 1) {
      if (random(2) === 0 || open.length === 0) {
        open.push(books.offered(OF, `session ${random(600)}`, ["inbound", "outbound"][random(2)] ?? null));
      } else {
        const [entry] = open.splice(random(open.length), 1);
        entry?.ended(ENDS[random(3)] ?? "answered");
      }
      if (step % 100 !== 0) continue;
      const [page] = books.counts();
      if (!page) continue;
      expect(page.sessions.length).toBeLessThanOrEqual(256);
      expect(page.waiting).toBe(open.length);
      for (const totals of [page, page.rest, ...page.sessions]) expect(sumOf(totals)).toBe(totals.offered);
      for (const name of ["offered", "answered", "dropped", "lost", "waiting"] as const) {
        const sum = page.sessions.reduce((total, row) => total + row[name], page.rest[name]);
        expect(sum).toBe(page[name]);
      }
    }
  });

  it("of a subscription that is gone are gone, and what ends later brings none back", () => {
    const there = new Set(["s#1"]);
    const books = new StreamBooks((_, id) => there.has(id));
    const entry = books.offered(OF, "a", null);
    there.clear();
    books.forget(OF);
    entry.ended("lost");
    books.offered(OF, "a", null).ended("answered");
    expect(books.counts()).toEqual([]);
  });

  it("cut long names, so that no session fills the memory", () => {
    const books = new StreamBooks(() => true);
    books.offered(OF, "x".repeat(100_000), "y".repeat(100_000));
    const [row] = books.counts()[0]?.sessions ?? [];
    expect([row?.session?.length, row?.direction?.length]).toEqual([128, 128]);
  });
});
