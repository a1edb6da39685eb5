import type { Host, Outcome } from "@synaps/host";
import { defineCatalog, type HookKindSpec, type Overflow } from "@synaps/sdk/protocol";
import { expect, it } from "vitest";
import { startedHost } from "../../helpers/hosts.js";
import { tempDir } from "../../helpers/temp.js";
import { inState, statusOf, variant, votes } from "../host/support/fixture.js";
import { verifies } from "../../requirements/verifies.js";

const kind = (overflow: Overflow) =>
  ({
    permission: "session.lifecycle",
    toolFilter: false,
    actions: ["continue"],
    delivery: "observe",
    overflow,
    canFailClosed: false,
    since: 1,
    deadlineMs: 20_000,
    description: `An observed kind with ${overflow}`,
  }) satisfies HookKindSpec;

const catalog = defineCatalog({
  name: "test",
  chain: "first_decision",
  kinds: {
    "test.drop_newest": kind("drop_newest"),
    "test.drop_oldest": kind("drop_oldest"),
    "test.block": kind("block"),
    "test.disconnect": kind("disconnect"),
  },
});

const QUEUE = 3;
const EVENTS = 8;

/** A host with one slow child that takes one event at a time, on the kind of an overflow policy. */
async function slowObserver(overflow: Overflow): Promise<Host> {
  const folder = tempDir();
  const hooks = [{ hook: `test.${overflow}` }];
  const extension = { protocol_version: 2, permissions: ["session.lifecycle"], hooks };
  variant(folder, "takes-its-time", { id: "slow", extension });
  const { host } = await startedHost([folder], {
    catalogs: [catalog],
    limits: { observeQueue: QUEUE, overflowBlockMs: 10_000 },
  });
  return host;
}

async function raiseAll(
  host: Host,
  overflow: Overflow,
  ms: number,
  later: number = ms,
): Promise<{ settled: Outcome[]; waits: number[] }> {
  const waits: number[] = [];
  const all: Promise<Outcome>[] = [];
  for (let n = 0; n < EVENTS; n += 1) {
    const outcome = await host.emit({ kind: `test.${overflow}`, data: { ms: n === 0 ? ms : later, n } });
    waits.push(outcome.durationMs);
    all.push(outcome.settled);
  }
  return { settled: await Promise.all(all), waits };
}

const said = (outcomes: readonly Outcome[]): string[] =>
  outcomes.flatMap(votes).map((vote) => vote.replace("slow: ", ""));
const [ok, lost] = ["continue", "abstained overloaded"];

it(verifies("FAIL-017") + "drop_newest: what finds the queue full is lost, and counted", async () => {
  const host = await slowObserver("drop_newest");
  const { settled } = await raiseAll(host, "drop_newest", 150);
  expect(said(settled)).toEqual([ok, ok, ok, ok, lost, lost, lost, lost]);
  expect(host.snapshot().subscriptions).toMatchObject([
    { matched: 8, voted: 4, abstained: 4, notReached: 0, reasons: { overloaded: 4 } },
  ]);
});

it(verifies("FAIL-018") + "drop_oldest: what waits longest makes room", async () => {
  const host = await slowObserver("drop_oldest");
  const { settled } = await raiseAll(host, "drop_oldest", 150);
  expect(said(settled)).toEqual([ok, lost, lost, lost, lost, ok, ok, ok]);
  expect(host.snapshot().subscriptions).toMatchObject([{ matched: 8, voted: 4, abstained: 4 }]);
});

it(verifies("FAIL-019") + "block: the program waits for room, and nothing is lost", async () => {
  const host = await slowObserver("block");
  const { settled, waits } = await raiseAll(host, "block", 100);
  expect(said(settled)).toEqual(Array(EVENTS).fill(ok));
  expect(waits.filter((ms) => ms > 20).length).toBeGreaterThanOrEqual(EVENTS - QUEUE - 2);
  expect(host.snapshot().subscriptions).toMatchObject([{ matched: 8, voted: 8, abstained: 0 }]);
});

it(verifies("FAIL-020") + "disconnect: who falls too far behind is started anew", async () => {
  const host = await slowObserver("disconnect");
  // The first one is with it until it is ended; those that wait find the next process quick.
  const { settled } = await raiseAll(host, "disconnect", 10_000, 0);
  expect(said(settled).slice(0, 1)).toEqual(["abstained crash"]);
  expect(said(settled)).toContain(lost);
  const { process: one } = await inState(host, "slow", "degraded");
  expect(one?.reason).toMatch(/^disconnected: the queue of its observed events was full; /);
  expect(statusOf(host, "slow").process?.poisoned).toEqual([]);
  const [count] = host.snapshot().subscriptions;
  expect(count?.matched).toBe((count?.voted ?? 0) + (count?.abstained ?? 0) + (count?.notReached ?? 0));
});
