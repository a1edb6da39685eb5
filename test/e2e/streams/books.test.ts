import type { Host, Outcome, StreamCount } from "@synaps/host";
import { setImmediate } from "node:timers/promises";
import { expect, it } from "vitest";
import { startedHost } from "../../helpers/hosts.js";
import { PYTHON_FRAMES } from "../../helpers/python.js";
import { isAlive } from "../../helpers/is-alive.js";
import { numbers } from "../../helpers/random.js";
import { streamCatalog } from "../../helpers/streams.js";
import { tempDir, writeExtension } from "../../helpers/temp.js";
import { until } from "../../helpers/wait.js";
import { verifies } from "../../requirements/verifies.js";

/** Answers each item at once, but those of sessions \`slow…\` only with the next item of a session \`release…\`. */
const TAP = `${PYTHON_FRAMES}held = []
while True:
    m = read()
    method, p = m.get("method"), m.get("params") or {}
    if method == "initialize":
        write({"id": m["id"], "result": {"protocol_version": 3, "features": ["meta"], "capabilities": {}}})
    elif method == "hook.handle":
        if p["session_id"].startswith("slow"): held.append(m["id"])
        else: write({"id": m["id"], "result": {"action": "continue"}})
        if p["session_id"].startswith("release"):
            for id in held: write({"id": id, "result": {"action": "continue"}})
            held = []
    elif "id" in m: write({"id": m["id"], "result": None})
`;

const SESSIONS = ["a", "b", "slow 1", "slow 2", "release"];
const DIRECTIONS = ["inbound", "outbound"];
const ENDS = ["answered", "dropped", "lost", "waiting"] as const;
/** Items under way at which nothing more is raised until some ended. */
const MOST_OPEN = 150;

/** Looks at the books, of which each costs about a tenth of a millisecond. */
const MOST_STEPS = 6_000;

/** The test's own count of the items of one session and direction. */
interface Row {
  offered: number;
  answered: number;
  dropped: number;
  lost: number;
  /** Ended by a stop: dropped or lost, which the vote does not tell. */
  stopped: number;
}

const END_OF: Readonly<Record<string, keyof Row>> = {
  error: "answered",
  invalid: "answered",
  crash: "lost",
  timeout: "lost",
  stopped: "stopped",
};

/** The test's count of what became of the items of one handler: by the votes alone, and by who was there to be asked. */
class Ledger {
  readonly #host: Host;
  readonly #kind: string;
  readonly #isAsked: () => boolean;
  readonly #isGone: () => boolean;
  #rows = new Map<string, Row>();
  #open = 0;

  constructor(host: Host, kind: string, isAsked: () => boolean, isGone: () => boolean) {
    this.#host = host;
    this.#kind = kind;
    this.#isAsked = isAsked;
    this.#isGone = isGone;
  }

  get open(): number {
    return this.#open;
  }

  raise(session_id: string, direction: string, note?: string): void {
    const outcome: Promise<Outcome> = this.#host.emit({
      kind: this.#kind,
      session_id,
      data: { direction, note },
    } as never);
    if (!this.#isAsked()) return;
    const key = `${session_id}/${direction}`;
    const row = this.#rows.get(key) ?? { offered: 0, answered: 0, dropped: 0, lost: 0, stopped: 0 };
    this.#rows.set(key, row);
    row.offered += 1;
    this.#open += 1;
    void outcome
      .then(({ settled }) => settled)
      .then(({ votes: [vote] }) => {
        this.#open -= 1;
        if (vote?.status === "voted") row.answered += 1;
        else if (vote?.status === "abstained") row[END_OF[vote.reason] ?? "dropped"] += 1;
      });
  }

  /** Compares the books with what the test counted, and each of their sums with its parts. */
  check(): void {
    // A subscription that goes takes its books along.
    if (this.#isGone()) this.#rows = new Map();
    const page = this.#host.snapshot().streams.find(({ kind }) => kind === this.#kind);
    const booked: Record<string, string> = {};
    const counted: Record<string, string> = {};
    for (const { session, direction, ...row } of page?.sessions ?? []) {
      const { stopped = 0, dropped = 0, lost = 0 } = this.#rows.get(`${session}/${direction}`) ?? {};
      const isWithin = row.dropped >= dropped && row.lost >= lost && row.lost <= lost + stopped;
      booked[`${session}/${direction}`] =
        `${row.offered} ${row.answered} ${row.dropped + row.lost} ${row.waiting} ${isWithin}`;
    }
    for (const [key, { offered, answered, dropped, lost, stopped }] of this.#rows) {
      const without = dropped + lost + stopped;
      counted[key] = `${offered} ${answered} ${without} ${offered - answered - without} true`;
    }
    expect(booked).toEqual(counted);
    if (page) expect(faultOf(page)).toBeUndefined();
  }
}

/** Says in which sum of the books something is missing. */
function faultOf(page: StreamCount): string | undefined {
  for (const totals of [page, page.rest, ...page.sessions])
    if (ENDS.reduce((sum, end) => sum + totals[end], 0) !== totals.offered) return JSON.stringify(totals);
  const isSum = (name: "offered" | (typeof ENDS)[number]): boolean =>
    page.sessions.reduce((sum, row) => sum + row[name], page.rest[name]) === page[name];
  return (["offered", ...ENDS] as const).find((name) => !isSum(name));
}

async function tapAndHook() {
  const folder = tempDir();
  writeExtension(
    folder,
    "tap",
    {
      protocol_version: 3,
      runtime: "process",
      command: "python3",
      args: ["main.py"],
      permissions: ["session.lifecycle"],
      hooks: [{ hook: "stream.newest", id: "tap" }],
    },
    { "main.py": TAP },
  );
  const { host } = await startedHost([folder], { catalogs: [streamCatalog], limits: { streamQueue: 8 } });
  const held: (() => void)[] = [];
  await host.use({
    id: "own",
    events: ["stream.oldest"],
    on: (({ session_id }: { session_id: string }) => {
      if (session_id === "release") for (const go of held.splice(0)) go();
      return session_id.startsWith("slow") ? new Promise<void>((go) => held.push(go)) : undefined;
    }) as never,
  } as never);
  const isThere = (): boolean => host.subscriptionsFor("tap").length > 0;
  const isOn = (): boolean => host.hooks.get("own")?.enabled === true;
  const tap = new Ledger(host, "stream.newest", isThere, () => !isThere());
  const own = new Ledger(host, "stream.oldest", isOn, () => false);
  return { host, tap, own };
}

it.each([1, 2, 342_381, Date.now() % 1_000_000])(
  verifies("STREAM-004") + "kills, restarts and reloads at any moment leave books that add up (seed %d)",
  async (seed) => {
    const below = numbers(seed);
    const { host, tap } = await tapAndHook();
    const done = { kills: 0, reloads: 0, unloads: 0 };
    let operation: Promise<void> | undefined;
    const failures: unknown[] = [];
    const begin = (what: Promise<unknown>): void => {
      operation = what.then(
        () => (operation = undefined),
        (error: unknown) => void failures.push(error),
      );
    };
    const stateOf = () => host.snapshot().extensions.find(({ id }) => id === "tap");
    const isLive = (): boolean => ["running", "degraded"].includes(stateOf()?.state ?? "");
    const isIdle = (): boolean =>
      !operation && (isLive() || ["failed", "quarantined", undefined].includes(stateOf()?.state));
    const disturb = (): void => {
      if (operation) return;
      const { state, process: child } = stateOf() ?? {};
      if (state === undefined) return begin(host.reload("tap"));
      if (state === "failed" || state === "quarantined") return begin(host.resume("tap"));
      if (!isLive() || child?.pid === undefined) return;
      const choice = below(6);
      if (choice === 0) {
        done.unloads += 1;
        return begin(host.unload("tap"));
      }
      if (choice === 1) {
        done.reloads += 1;
        return begin(host.reload("tap"));
      }
      // One that was killed a moment ago may be gone before the host is told.
      if (!isAlive(child.pid)) return;
      done.kills += 1;
      process.kill(child.pid, "SIGKILL");
    };
    const isDone = (): boolean => done.kills >= 6 && done.reloads >= 2 && done.unloads >= 2;
    for (let step = 0; step < MOST_STEPS && !isDone(); step += 1) {
      for (let n = below(8); n > 0 && tap.open < MOST_OPEN; n -= 1)
        tap.raise(SESSIONS[below(SESSIONS.length)] ?? "a", DIRECTIONS[below(2)] ?? "inbound");
      if (below(8) === 0) disturb();
      await setImmediate();
      tap.check();
      // Most restarts are sat out, so that the time goes to items.
      if (below(4) === 0) await until("the process is there, or given up", isIdle);
      tap.check();
    }
    expect({ ...done, isDone: isDone(), failures }).toMatchObject({ isDone: true, failures: [] });
    await operation;
    if (stateOf() === undefined) await host.reload("tap");
    await until("every item has ended", () => {
      if (!isLive()) disturb();
      // No process before crashed over an item that names this one: it is clean, and does not wait for a trial.
      const own = `release for process ${stateOf()?.process?.pid}`;
      tap.raise(own, "inbound", own);
      return tap.open <= 1;
    });
    await until("the last ones ended too", () => tap.open === 0);
    tap.check();
  },
);

it("books of a hook that is switched off and on while its items wait add up", async () => {
  const below = numbers(7);
  const { host, own } = await tapAndHook();
  for (let step = 0; step < 1_000; step += 1) {
    const session = SESSIONS[below(SESSIONS.length - (below(6) === 0 ? 0 : 1))] ?? "a";
    own.raise(session, DIRECTIONS[below(2)] ?? "inbound");
    if (below(10) === 0) host.hooks[below(3) === 0 ? "disable" : "enable"]("own");
    if (below(3) === 0) await setImmediate();
    else continue;
    own.check();
  }
});

it("ten thousand sessions that ended leave 256 rows, and all others as one sum", async () => {
  const { host } = await startedHost([], { catalogs: [streamCatalog] });
  host.subscribe("stream.newest", () => {}, { id: "own" });
  const after = async (sessions: number): Promise<StreamCount> => {
    for (let n = 0; n < sessions; n += 1)
      await host.emit({
        kind: "stream.newest",
        session_id: `session ${n}`,
        data: { direction: "inbound" },
      } as never);
    await host.settled();
    const [page] = host.snapshot().streams;
    if (!page) throw new Error("there are no books");
    expect(faultOf(page)).toBeUndefined();
    return page;
  };
  const first = await after(10_000);
  expect(first).toMatchObject({ offered: 10_000, answered: 10_000, waiting: 0 });
  expect(first.rest).toEqual({ offered: 9_744, answered: 9_744, dropped: 0, lost: 0, waiting: 0 });
  expect(first.sessions.at(-1)?.session).toBe("session 9999");
  // The books are as large after twice as many.
  const second = await after(10_000);
  expect(second.sessions).toEqual(first.sessions);
  expect(second.rest.offered).toBe(19_744);
});
