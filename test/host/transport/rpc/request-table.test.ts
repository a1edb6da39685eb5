import { expect, it } from "vitest";
import { RequestTable, type Waiting } from "../../../../packages/host/src/transport/rpc/request-table.js";

const waiting = (): Waiting => ({ settle() {}, dueMs: 0 });

/** A table with so many open requests, and who waits for each, by number. */
function tableOf(count: number): { table: RequestTable; who: Map<number, Waiting> } {
  const table = new RequestTable();
  const who = new Map<number, Waiting>();
  for (let n = 0; n < count; n += 1) {
    const one = waiting();
    who.set(table.add(one), one);
  }
  return { table, who };
}

it("requests are numbered from 1 in the order of asking, also when many are open", () => {
  const { table, who } = tableOf(200);
  const ids = Array.from({ length: 200 }, (_, n) => n + 1);
  expect([...who.keys()]).toEqual(ids);
  expect(table.size).toBe(200);
  expect(table.waiting().map(([id]) => id)).toEqual(ids);
  for (const [id, one] of table.waiting()) expect(one).toBe(who.get(id));
});

it("each request is taken once, by its own number, in any order", () => {
  for (const step of [1, 7, 64, 65]) {
    const { table, who } = tableOf(199);
    let left = 199;
    for (let n = 0; n < 199; n += 1) {
      const id = ((n * step) % 199) + 1;
      expect(table.take(id)).toBe(who.get(id));
      expect(table.size).toBe((left -= 1));
      expect(table.take(id)).toBeUndefined();
      expect(table.size).toBe(left);
    }
    expect(table.waiting()).toEqual([]);
  }
});

it("a number that was not given to anybody takes nothing", () => {
  const { table } = tableOf(2);
  for (const id of [0, -1, 3, 65, 66, 1.5, Number.NaN]) expect(table.take(id)).toBeUndefined();
  expect(table.size).toBe(2);
});

it("those that are left wait in the order of asking while others come and go", () => {
  const { table, who } = tableOf(64);
  for (let id = 2; id <= 63; id += 1) table.take(id);
  for (let n = 0; n < 70; n += 1) table.add(waiting());
  // 65 found the place of 1 taken, and 128 that of 64.
  expect(table.waiting().map(([id]) => id)).toEqual([1, 64, ...Array.from({ length: 70 }, (_, n) => n + 65)]);
  expect(table.take(128)).toBeDefined();
  expect(table.take(64)).toBe(who.get(64));
  expect(table.take(64)).toBeUndefined();
  expect(table.size).toBe(70);
});

it("numbers that were given out are remembered as sent, and no others", () => {
  const { table } = tableOf(3);
  table.take(2);
  expect([1, 2, 3].map((id) => table.wasSent(id))).toEqual([true, true, true]);
  expect([0, -1, 4, 1.5, Number.NaN].map((id) => table.wasSent(id))).toEqual([
    false,
    false,
    false,
    false,
    false,
  ]);
  expect(new RequestTable().wasSent(1)).toBe(false);
});
