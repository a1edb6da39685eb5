import type { Host, Outcome } from "@synaps/host";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { startedHost } from "../../helpers/hosts.js";
import { repo } from "../../helpers/paths.js";
import { PYTHON_FRAMES } from "../../helpers/python.js";
import { streamCatalog } from "../../helpers/streams.js";
import { tempDir, writeExtension } from "../../helpers/temp.js";
import { until } from "../../helpers/wait.js";
import { verifies } from "../../requirements/verifies.js";

/** Notes each item as it comes. Items of sessions `slow…` are answered when `release` comes; `crash` ends the process. */
const TAPPER = `import { appendFileSync } from "node:fs";
import { defineExtension, serve } from ${JSON.stringify(repo("packages/sdk/dist/index.js"))};
const open = [];
const tap = (event) => {
  const { session_id, data, meta } = event;
  appendFileSync("seen.jsonl", JSON.stringify([session_id, data.n, data.direction, meta.dropped ?? 0]) + "\\n");
  if (session_id === "crash") process.exit(3);
  if (session_id === "release") for (const go of open.splice(0)) go();
  if (session_id.startsWith("slow")) return new Promise((go) => open.push(go));
};
serve(defineExtension({ hooks: { [process.argv[2]]: tap } }));`;

/** The same in Python with nothing but stdin and stdout. */
const PYTHON = `${PYTHON_FRAMES}held = []
while True:
    m = read()
    method, p = m.get("method"), m.get("params") or {}
    if method == "initialize":
        write({"id": m["id"], "result": {"protocol_version": 3, "features": ["meta"], "capabilities": {}}})
    elif method == "hook.handle":
        with open("seen.jsonl", "a") as f:
            f.write(json.dumps([p["session_id"], p["data"]["n"], p["data"]["direction"], p["meta"].get("dropped", 0)]) + "\\n")
        if p["session_id"].startswith("slow"): held.append(m["id"])
        else: write({"id": m["id"], "result": {"action": "continue"}})
        if p["session_id"] == "release":
            for id in held: write({"id": id, "result": {"action": "continue"}})
            held = []
    elif "id" in m: write({"id": m["id"], "result": None})
`;

type Seen = [session: string, n: number, direction: string, dropped: number];

async function tapping(
  kind: string,
  language: "JavaScript" | "Python",
  limits: { streamQueue?: number } = {},
) {
  const folder = tempDir();
  const program =
    language === "Python"
      ? { command: "python3", args: ["main.py"] }
      : { command: "node", args: ["main.mjs", kind] };
  const root = writeExtension(
    folder,
    "tap",
    {
      protocol_version: 3,
      runtime: "process",
      ...program,
      permissions: ["session.lifecycle"],
      hooks: [{ hook: kind }],
    },
    { "main.mjs": TAPPER, "main.py": PYTHON },
  );
  const made = await startedHost([folder], { catalogs: [streamCatalog], limits });
  const raise = (session_id: string, n: number, direction = "inbound"): Promise<Outcome> =>
    (made.host as Host).emit({ kind, session_id, data: { n, direction } } as never) as never;
  const seen = (): Seen[] => {
    const path = join(root, "seen.jsonl");
    if (!existsSync(path)) return [];
    return readFileSync(path, "utf8")
      .split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Seen);
  };
  return { ...made, raise, seen };
}

const settled = async (outcomes: readonly Promise<Outcome>[]): Promise<Outcome[]> =>
  Promise.all((await Promise.all(outcomes)).map((outcome) => outcome.settled));

it.each(["JavaScript", "Python"] as const)(
  verifies("STREAM-001") +
    "%s: each session in its order over both directions, and a slow one holds up no other",
  async (language) => {
    const { raise, seen } = await tapping("stream.newest", language);
    const slow = [raise("slow", 1), raise("slow", 2, "outbound")];
    const fast: Promise<Outcome>[] = [];
    for (let n = 1; n <= 40; n += 1)
      for (const session of ["a", "b", "c"]) fast.push(raise(session, n, n % 2 ? "inbound" : "outbound"));
    await settled(fast);
    const of = (session: string): Seen[] => seen().filter(([name]) => name === session);
    for (const session of ["a", "b", "c"]) {
      expect(of(session)).toEqual(
        Array.from({ length: 40 }, (_, n) => [session, n + 1, n % 2 ? "outbound" : "inbound", 0]),
      );
    }
    // The second item of the slow session follows only when the first one has ended.
    expect(of("slow")).toEqual([["slow", 1, "inbound", 0]]);
    await settled([raise("release", 1)]);
    await until("the second item came", () => of("slow").length === 2);
    await settled([raise("release", 2)]);
    const ends = await settled(slow);
    expect(ends.map(({ votes }) => votes[0]?.status)).toEqual(["voted", "voted"]);
    expect(of("slow")[1]).toEqual(["slow", 2, "outbound", 0]);
  },
);

it("defect 6: each chunk comes once and with its own direction, and a dead child is told in the books", async () => {
  const { host, raise, seen } = await tapping("stream.newest", "JavaScript");
  const sent: Promise<Outcome>[] = [];
  for (let n = 1; n <= 30; n += 1) sent.push(raise("s", n, n % 3 ? "inbound" : "outbound"));
  await settled(sent);
  expect(seen()).toEqual(
    Array.from({ length: 30 }, (_, n) => ["s", n + 1, (n + 1) % 3 ? "inbound" : "outbound", 0]),
  );
  const [crashed] = await settled([raise("crash", 1)]);
  expect(crashed?.votes).toMatchObject([{ status: "abstained", reason: "crash" }]);
  expect(host.snapshot().streams).toMatchObject([
    { offered: 31, answered: 30, dropped: 0, lost: 1, waiting: 0 },
  ]);
});

it(
  verifies("STREAM-002", "STREAM-003") +
    "a full session drops its own items alone, and the next one says how many",
  async () => {
    const { host, raise, seen } = await tapping("stream.newest", "JavaScript", { streamQueue: 2 });
    const slow = [1, 2, 3, 4, 5].map((n) => raise("slow", n));
    const fast = [1, 2].map((n) => raise("fast", n));
    expect((await settled(fast)).map(({ votes }) => votes[0]?.status)).toEqual(["voted", "voted"]);
    const last = await Promise.all(slow);
    await settled([raise("release", 1)]);
    await until("the next item came", () => seen().filter(([name]) => name === "slow").length === 2);
    expect(seen().filter(([name]) => name === "slow")).toEqual([
      ["slow", 1, "inbound", 0],
      ["slow", 2, "inbound", 2],
    ]);
    await settled([raise("release", 2)]);
    await until("the third item came", () => seen().filter(([name]) => name === "slow").length === 3);
    await settled([raise("release", 3)]);
    const ends = await Promise.all(last.map((outcome) => outcome.settled));
    expect(
      ends.map(({ votes: [vote] }) => (vote?.status === "abstained" ? vote.reason : vote?.status)),
    ).toEqual(["voted", "voted", "voted", "overloaded", "overloaded"]);
    const [books] = host.snapshot().streams;
    expect(books?.sessions.find(({ session }) => session === "slow")).toMatchObject({
      offered: 5,
      answered: 3,
      dropped: 2,
      lost: 0,
      waiting: 0,
    });
  },
);

it("defect 10: drop_oldest makes room with the items that waited longest", async () => {
  const { raise, seen } = await tapping("stream.oldest", "JavaScript", { streamQueue: 2 });
  const slow = await Promise.all([1, 2, 3, 4, 5].map((n) => raise("slow", n)));
  for (let n = 1; n <= 3; n += 1) {
    await until("the item came", () => seen().filter(([name]) => name === "slow").length === n);
    await settled([raise("release", n)]);
  }
  await Promise.all(slow.map((outcome) => outcome.settled));
  expect(seen().filter(([name]) => name === "slow")).toEqual([
    ["slow", 1, "inbound", 0],
    ["slow", 4, "inbound", 2],
    ["slow", 5, "inbound", 0],
  ]);
});

it(
  "defect 10: " +
    verifies("STREAM-005") +
    "block wakes the program when there is room, and nothing is dropped",
  async () => {
    const { host, raise } = await tapping("stream.block", "JavaScript", { streamQueue: 1 });
    const all: Outcome[] = [];
    for (let n = 1; n <= 200; n += 1) all.push(await raise("fast", n));
    const ends = await Promise.all(all.map((outcome) => outcome.settled));
    expect(ends.filter(({ votes: [vote] }) => vote?.status !== "voted")).toEqual([]);
    expect(host.snapshot().streams).toMatchObject([{ offered: 200, answered: 200, dropped: 0, lost: 0 }]);
  },
);

it("defect 16: a session number of 64 bits keeps its digits as text", async () => {
  const { raise, seen } = await tapping("stream.newest", "JavaScript");
  const ids = ["18446744073709551615", "9007199254740993", "9007199254740992"];
  await settled(ids.map((id, n) => raise(id, n)));
  expect(seen().map(([session]) => session)).toEqual(ids);
});

it(verifies("STREAM-004") + "whatever becomes of the child and the queues, the books add up", async () => {
  const { host, raise } = await tapping("stream.oldest", "JavaScript", { streamQueue: 3 });
  const all: Promise<Outcome>[] = [];
  for (let n = 1; n <= 300; n += 1) {
    all.push(raise(`s${n % 7}`, n, n % 2 ? "inbound" : "outbound"));
    if (n === 150) all.push(raise("crash", n));
    if (n % 100 === 0) await settled(all);
  }
  const ends = await settled(all);
  const [books] = host.snapshot().streams;
  expect(books).toMatchObject({ offered: 301, waiting: 0 });
  const { answered = 0, dropped = 0, lost = 0 } = books ?? {};
  expect(answered + dropped + lost).toBe(301);
  expect(ends.filter(({ votes: [vote] }) => vote?.status === "voted")).toHaveLength(answered);
  for (const row of books?.sessions ?? []) expect(row.answered + row.dropped + row.lost).toBe(row.offered);
});
