import type { Clock, Host, Outcome } from "@synaps/host";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { expect, it } from "vitest";
import { systemClock } from "../../../packages/host/src/time/clock.js";
import { startedHost } from "../../helpers/hosts.js";
import { repo } from "../../helpers/paths.js";
import { PYTHON_FRAMES } from "../../helpers/python.js";
import { streamCatalog } from "../../helpers/streams.js";
import { tempDir, writeExtension } from "../../helpers/temp.js";
import { until } from "../../helpers/wait.js";
import { verifies } from "../../requirements/verifies.js";

/** Holds each item of `held` until an item of `release` comes, and notes what it is told of dropped ones. */
const TYPESCRIPT = `import { appendFileSync } from "node:fs";
import { defineExtension, serve } from ${JSON.stringify(repo("packages/sdk/dist/index.js"))};
const open = [];
serve(defineExtension({
  hooks: {
    "stream.newest": ({ session_id }) => {
      if (session_id === "release") for (const go of open.splice(0)) go();
      if (session_id === "held") return new Promise((go) => open.push(go));
    },
  },
  onDropped(notice, { log }) {
    appendFileSync("told.jsonl", JSON.stringify(notice) + "\\n");
    log("told");
  },
}));`;

/** The same in Python with nothing but stdin and stdout. Features come from the command line; \`stop\` stops the reading. */
const PYTHON = `${PYTHON_FRAMES}import time
held = []
while True:
    m = read()
    method, p = m.get("method"), m.get("params") or {}
    if method == "initialize":
        write({"id": m["id"], "result": {"protocol_version": 3, "features": sys.argv[1].split(","), "capabilities": {}}})
    elif method == "hook.dropped":
        with open("told.jsonl", "a") as f: f.write(json.dumps(p) + "\\n")
    elif method == "hook.handle":
        if p["session_id"] == "stop":
            while not os.path.exists("go"): time.sleep(0.01)
        if p["session_id"] == "held": held.append(m["id"])
        else: write({"id": m["id"], "result": {"action": "continue"}})
        if p["session_id"] == "release":
            for id in held: write({"id": id, "result": {"action": "continue"}})
            held = []
    elif "id" in m: write({"id": m["id"], "result": None})
`;

interface Notice {
  dropped: number;
  total: number;
  hooks: object[];
}

async function extension(args: readonly string[], options: { streamQueue?: number; clock?: Clock } = {}) {
  const folder = tempDir();
  const root = writeExtension(
    folder,
    "tap",
    {
      protocol_version: 3,
      runtime: "process",
      command: args[0] ?? "",
      args: args.slice(1),
      permissions: ["session.lifecycle"],
      hooks: [{ hook: "stream.newest", id: "tap" }],
    },
    { "main.mjs": TYPESCRIPT, "main.py": PYTHON },
  );
  const { streamQueue = 2, clock } = options;
  const made = await startedHost([folder], {
    catalogs: [streamCatalog],
    limits: { streamQueue },
    ...(clock ? { clock } : {}),
  });
  const raise = (session_id: string, data: object = {}): Promise<Outcome> =>
    (made.host as Host).emit({ kind: "stream.newest", session_id, data } as never) as never;
  const told = (): Notice[] => {
    const path = join(root, "told.jsonl");
    if (!existsSync(path)) return [];
    const lines = readFileSync(path, "utf8").split("\n").slice(0, -1);
    return lines.map((line) => JSON.parse(line) as Notice);
  };
  return { ...made, root, raise, told };
}

const languages = [
  ["TypeScript", ["node", "main.mjs"]],
  ["Python", ["python3", "main.py", "meta,dropped"]],
] as const;

it.each(languages)(
  verifies("STREAM-007") + "%s: an extension is told of the items that it did not get, once for many",
  async (_language, args) => {
    const { raise, told, log, host } = await extension(args);
    for (let n = 0; n < 10; n += 1) await raise("held");
    await until("it was told", () => told().length > 0);
    expect(told()).toEqual([
      {
        dropped: 7,
        total: 7,
        hooks: [{ subscription: "tap", kind: "stream.newest", session: "held", dropped: 7, total: 7 }],
      },
    ]);
    const lines = log.filter(({ message }) => message === "events were dropped");
    expect(lines.map(({ fields }) => fields)).toEqual([
      { extension: "tap", subscription: "tap", dropped: 1, total: 1, reason: "1 overloaded" },
    ]);
    // The last line comes at the end at the latest.
    await host.stop();
    expect(log.filter(({ message }) => message === "events were dropped").at(-1)?.fields).toMatchObject({
      extension: "tap",
      total: host.snapshot().streams[0]?.dropped,
    });
  },
);

it(verifies("STREAM-007") + "an extension that did not say that it knows notices gets none", async () => {
  const { raise, told } = await extension(["python3", "main.py", "meta"]);
  for (let n = 0; n < 10; n += 1) await raise("held");
  // Time for a notice: an item that is raised after the drops is answered after the notice would have come.
  await (
    await raise("release")
  ).settled;
  await (
    await raise("other")
  ).settled;
  expect(told()).toEqual([]);
});

/** The time of the machine, ten times as fast. */
const hurried: Clock = {
  now: () => systemClock.now() * 10,
  wallMs: () => systemClock.wallMs(),
  after: (ms, run) => systemClock.after(ms / 10, run),
};

it(
  verifies("STREAM-008") + "a process that reads nothing gets one notice and no more until it reads on",
  async () => {
    const { raise, told, root, host } = await extension(["python3", "main.py", "meta,dropped"], {
      clock: hurried,
    });
    const text = "x".repeat(200_000);
    await raise("stop");
    for (let n = 0; n < 20; n += 1) for (const session of ["a", "b", "c"]) await raise(session, { text });
    const begun = hurried.now();
    while (hurried.now() - begun < 8_000) {
      await raise("a", { text });
      await setImmediate();
    }
    writeFileSync(join(root, "go"), "");
    const dropped = (): number => host.snapshot().streams[0]?.dropped ?? 0;
    await until("all drops were told", () => told().at(-1)?.total === dropped());
    // One that waited in the pipe, and one for all that came since; a third one where the clock's second fell between.
    expect(told().length).toBeLessThanOrEqual(3);
    expect(told().reduce((sum, notice) => sum + notice.dropped, 0)).toBe(dropped());
    expect(dropped()).toBeGreaterThan(40);
  },
);
