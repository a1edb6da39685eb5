import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { Store } from "../src/store.js";
import { filesIn, report, temporaryFolder, tracker, worked } from "./support.js";
import type { Usage } from "../src/usage.js";

const prices = "gpt-4o 1 1";

interface Other {
  store: Store;
  lines: string[];
}

let starts = 1_000;
function open(folder: string, isAlive: (pid: number) => boolean): Other {
  const lines: string[] = [];
  const nowMs = (): number => (starts += 10_000);
  return { store: new Store({ folder, nowMs, log: (line) => lines.push(line), isAlive }), lines };
}

const usage: Usage = {
  source: "agent",
  component: "writer",
  model: "gpt-4o",
  provider: null,
  sessionId: "s1",
  tokens: { input: 1, output: 0, cacheRead: 0, cacheWrite: 0, cacheWriteLong: 0 },
};

async function spend({ store }: Other, cost: bigint): Promise<void> {
  store.own.add(usage, cost, "2026-03-01");
  store.changed();
  await store.close();
}

test("costs outlive a restart, in one file that only its owner can read", async () => {
  const root = temporaryFolder();
  for (let start = 1; start <= 3; start += 1) {
    const extension = await tracker({ prices }, { root });
    await extension.send(worked({ input: 1_000_000, session_id: "s" }));
    await extension.stop();
    const files = filesIn(join(root, "data"));
    expect(files).toHaveLength(1);
    expect(JSON.parse(files[0]?.[1] as string)).toMatchObject({
      version: 1,
      includes: [],
      total: [`${start}`, "0", `${start}000000`, "0", `${start}000000000000`],
    });
  }
  await using extension = await tracker({ prices }, { root });
  for (const view of ["component", "model", "session", "day"] as const)
    expect((await report(extension, view)).rows.map(({ cost }) => cost)).toEqual(["3.00"]);
});

test("processes that run at the same time see each other's costs, and lose none when they end", async () => {
  const folder = temporaryFolder();
  const [one, two] = [open(folder, () => true), open(folder, () => true)];
  // Both have the number of this process: as another's, neither may take over the other's file.
  for (const { store } of [one, two]) await store.open();
  await spend(one, 5n);
  await spend(two, 7n);
  expect([two.store.own.total.cost, two.store.others.total.cost]).toEqual([7n, 5n]);
  one.store.look();
  await vi.waitFor(() => expect(one.store.others.total.cost).toBe(7n));
  await spend(one, 1n);

  const next = open(folder, () => false);
  await next.store.open();
  expect(next.store.own.total).toMatchObject({ calls: 3n, cost: 13n });
  expect(filesIn(folder)).toHaveLength(1);
});

test("a process that dies while it takes over counts nothing twice, whatever it had done", async () => {
  const folder = temporaryFolder();
  const old = open(folder, () => true);
  await old.store.open();
  await spend(old, 5n);
  const [[name, text] = ["", ""]] = filesIn(folder);
  const taker = open(folder, () => false);
  await taker.store.open();
  await spend(taker, 2n);
  const [[takerName, takerText] = ["", ""]] = filesIn(folder);
  const { run } = JSON.parse(text) as { run: string };
  // It was killed after it had written its own file, and before the old one was gone.
  writeFileSync(join(folder, name), text);
  writeFileSync(join(folder, takerName), JSON.stringify({ ...JSON.parse(takerText), includes: [run] }));
  const next = open(folder, () => false);
  await next.store.open();
  expect(next.store.own.total.cost).toBe(7n);
  expect(filesIn(folder)).toHaveLength(1);
});

test("a file that is none of ours is kept aside and named; the rest counts", async () => {
  const folder = temporaryFolder();
  const wrong = [
    "",
    "{",
    "null",
    `{"version":1}`,
    `{"version":1,"run":"x","includes":[],"total":["1","0","0","0","-1"]}`,
  ];
  wrong.forEach((text, n) => writeFileSync(join(folder, `costs.1-99999999.${n}.json`), text));
  writeFileSync(join(folder, "notes.txt"), "mine");
  const { store, lines } = open(folder, () => false);
  await store.open();
  expect(lines).toHaveLength(wrong.length);
  expect(lines[0]).toMatch(
    /is no file of costs: .*It is kept as costs\..*\.unreadable, and its costs are not counted\.$/,
  );
  await spend({ store, lines }, 5n);
  expect(store.own.total.cost).toBe(5n);
  expect(filesIn(folder).filter(([name]) => name.endsWith(".unreadable"))).toHaveLength(wrong.length);
});

test("a damaged file that cannot be put aside is told to stay where it is", async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "costs.1-99999999.0.json"), "{");
  // The process is another one that runs, so that the file keeps its name.
  mkdirSync(join(folder, "costs.1-99999999.0.json.unreadable", "full"), { recursive: true });
  const { store, lines } = open(folder, () => true);
  await store.open();
  expect(lines).toEqual([
    expect.stringMatching(/It stays where it is, because it cannot be put aside \(E.+\), and/),
  ]);
});

test("a folder that goes away is told once by a process that only looks, and that it is back", async () => {
  const folder = temporaryFolder();
  const { store, lines } = open(folder, () => true);
  await store.open();
  const told = async (count: number): Promise<void> => {
    await vi.waitFor(() => {
      store.look();
      expect(lines).toHaveLength(count);
    });
  };
  rmSync(folder, { recursive: true });
  await told(1);
  for (let n = 0; n < 3; n += 1) store.look();
  mkdirSync(folder);
  await told(2);
  expect(lines).toEqual([
    expect.stringMatching(/^The costs of other processes cannot be read and count as they were last: E/),
    "The costs of other processes are read again.",
  ]);
});

test("a folder that cannot be made is told once, costs go on in memory, and all are there once it can", async () => {
  const root = temporaryFolder();
  writeFileSync(join(root, "data"), "in the way");
  const extension = await tracker({ prices }, { root });
  for (let n = 0; n < 3; n += 1) await extension.send(worked({ input: 1_000_000 }));
  const { total, remarks } = await report(extension);
  expect([total.cost, remarks.length]).toEqual(["3.00", 1]);
  expect(extension.logs).toHaveLength(1);
  expect(extension.logs[0]).toMatch(/^The costs cannot be saved and are counted in memory only: E/);
  rmSync(join(root, "data"));
  await extension.send(worked({ input: 1_000_000 }));
  await vi.waitFor(async () => expect((await report(extension)).remarks).toEqual([]));
  await extension.stop();
  expect(extension.logs.at(-1)).toBe("The costs are saved again.");
  await using next = await tracker({ prices }, { root });
  expect((await report(next)).total.cost).toBe("4.00");
});
