import { execFileSync } from "node:child_process";
import { appendFileSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { expect, it } from "vitest";
import { SketchBudget } from "../../../../packages/host/src/surfaces/memory/sketch.js";
import { tempDir } from "../../../helpers/temp.js";
import { verifies } from "../../../requirements/verifies.js";
import { contents, lines, openStore, put, record } from "./support.js";

/** More than one block of records, the text of each in its number. */
const MANY = Array.from({ length: 1_000 }, (_, n) =>
  record(`number ${n}`, { timestamp_ms: n, tags: [`t${n % 7}`] }),
);

it(verifies("MEM-010") + "records that another program appended are found by the next query", async () => {
  const { store, path } = openStore();
  put(path, lines(...MANY));
  expect(await contents(store, { limit: 1 })).toEqual(["number 999"]);
  const line = lines(record("from outside", { timestamp_ms: 5_000 }));
  const script = `require("fs").appendFileSync(${JSON.stringify(path)}, ${JSON.stringify(line)})`;
  execFileSync(process.execPath, ["-e", script]);
  expect(await contents(store, { content_contains: "OUTSIDE" })).toEqual(["from outside"]);
  for (let n = 0; n < 500; n += 1)
    appendFileSync(path, lines(record(`more ${n}`, { timestamp_ms: 6_000 + n })));
  expect(await contents(store, { limit: 2 })).toEqual(["more 499", "more 498"]);
  expect(await contents(store, { content_contains: "number 17", limit: 3 })).toEqual([
    "number 179",
    "number 178",
    "number 177",
  ]);
});

it(verifies("MEM-010") + "two stores on one file see each other's records", async () => {
  const one = openStore();
  const two = openStore(one.baseDir);
  await one.store.append(record("from one", { timestamp_ms: 1 }));
  expect(await contents(two.store)).toEqual(["from one"]);
  await two.store.append(record("from two", { timestamp_ms: 2 }));
  await one.store.append(record("from one again", { timestamp_ms: 3 }));
  for (const { store } of [one, two]) {
    expect(await contents(store)).toEqual(["from one again", "from two", "from one"]);
  }
});

it.each<[string, (path: string) => void]>([
  ["emptied", (path) => writeFileSync(path, "")],
  ["cut", (path) => writeFileSync(path, lines(...MANY.slice(0, 10)))],
  ["removed", (path) => rmSync(path)],
  [
    "replaced by another file",
    (path) => {
      writeFileSync(
        `${path}.new`,
        lines(...MANY.map((one) => ({ ...one, content: `other ${one.timestamp_ms}` }))),
      );
      renameSync(`${path}.new`, path);
    },
  ],
  [
    "written anew and longer",
    (path) => writeFileSync(path, lines(record("x".repeat(300)), ...MANY, ...MANY)),
  ],
  [
    "changed in the middle",
    (path) => {
      writeFileSync(path, readFileSync(path, "utf8").replace('"number 500"', '"NUMBER Z00"'));
      // Two changes within one tick of the file system's clock cannot be told apart by anybody.
      utimesSync(path, 1_000, 1_000);
    },
  ],
])(verifies("MEM-011") + "a file that was %s is read anew", async (_, change) => {
  const { store, path } = openStore();
  put(path, lines(...MANY));
  expect(await contents(store, { limit: 1 })).toEqual(["number 999"]);
  change(path);
  const fresh = openStore(path.replace(/\/memory\/.*/, ""));
  for (const query of [{ limit: 5_000 }, { content_contains: "other 3" }, { content_contains: "number z" }]) {
    expect(await contents(store, query)).toEqual(await contents(fresh.store, query));
  }
  await store.append(record("goes on", { timestamp_ms: 9_000 }));
  expect(await contents(store, { limit: 1 })).toEqual(["goes on"]);
  expect(readFileSync(path, "utf8")).toContain("goes on");
});

it(
  verifies("MEM-012") + "an index beyond its share of memory forgets its oldest parts and finds the same",
  async () => {
    const budget = new SketchBudget(1_000);
    const { store, path } = openStore(tempDir(), "notes", budget);
    put(path, lines(...MANY, ...MANY));
    const wanted = ["number 3", "NUMBER 99", "none of them"];
    const free = openStore(path.replace(/\/memory\/.*/, ""));
    for (const content_contains of wanted) {
      const query = { content_contains, limit: 500 };
      expect(await contents(store, query)).toEqual(await contents(free.store, query));
    }
    expect(budget.isOverdrawn).toBe(false);
    await store.close();
    budget.take(1_000);
    expect(budget.isOverdrawn).toBe(false);
    budget.take(1);
    expect(budget.isOverdrawn).toBe(true);
  },
);

it(verifies("MEM-013") + "others get their turn while a large file is read", async () => {
  const { store, path } = openStore();
  const text = lines(...Array.from({ length: 20 }, () => MANY).flat());
  put(path, text);
  let turns = 0;
  let reading = true;
  const turn = (): void => {
    turns += 1;
    if (reading) setImmediate(turn);
  };
  setImmediate(turn);
  await contents(store);
  reading = false;
  expect(turns).toBeGreaterThan(text.length / (256 * 1024));
});
