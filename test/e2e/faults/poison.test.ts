import { expect, it } from "vitest";
import { startedHost } from "../../helpers/hosts.js";
import { tempDir } from "../../helpers/temp.js";
import { until } from "../../helpers/wait.js";
import { call, inState, quickHook, statusOf, variant, votes } from "../host/support/fixture.js";
import { verifies } from "../../requirements/verifies.js";

const DEADLY = { exit: true };

it(
  verifies("FAIL-005") +
    "an event it fell over twice is kept from it for a while, and every other event is not",
  async () => {
    const folder = tempDir();
    variant(folder, "exits-on-event", { id: "bad", args: ["on-request"] });
    const { host } = await startedHost([folder], { limits: { crashBudget: 1e9, poisonMs: 1_500 } });

    // Sent twice for one event: it is repeated once after the restart.
    expect(votes(await host.emit(call(DEADLY)))).toEqual(["bad: abstained crash"]);
    const started = performance.now();
    expect(statusOf(host, "bad").process?.poisoned).toMatchObject([
      {
        kind: "before_tool_call",
        tool: "bash",
        crashes: 2,
        fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/),
      },
    ]);
    const { restartCount } = (await inState(host, "bad", "degraded")).process ?? {};
    for (let n = 0; n < 5; n += 1) {
      const outcome = await host.emit(call(DEADLY));
      expect(outcome.votes).toMatchObject([{ status: "abstained", reason: "poison", runMs: 0 }]);
      expect(votes(await host.emit(call({ n })))).toEqual(["bad: modify"]);
    }
    expect(statusOf(host, "bad").process?.restartCount).toBe(restartCount);

    await until(
      "it is tried with the event again",
      async () => votes(await host.emit(call(DEADLY)))[0] !== "bad: abstained poison",
    );
    expect(performance.now() - started).toBeGreaterThan(1_400);
  },
);

it(verifies("FAIL-006") + "is forgiven when the user resumes it", async () => {
  const folder = tempDir();
  variant(folder, "exits-on-event", { id: "bad", args: ["on-request"] });
  const { host } = await startedHost([folder], { limits: { crashBudget: 2 } });
  await host.emit(call(DEADLY));
  await inState(host, "bad", "quarantined");
  expect(statusOf(host, "bad").process?.poisoned).toHaveLength(1);
  await host.resume("bad");
  expect(statusOf(host, "bad").process?.poisoned).toEqual([]);
  expect(votes(await host.emit(call({})))).toEqual(["bad: modify"]);
});

it(verifies("FAIL-007") + "one crash is one crash, however many equal events were under way", async () => {
  const folder = tempDir();
  // All wait for its slot but one; that one falls, the others get the next process.
  variant(folder, "late-after-restart", {
    id: "bad",
    args: [`${folder}/memory`],
    extension: { hooks: [quickHook(10_000)] },
  });
  const { host } = await startedHost([folder]);
  const outcomes = await Promise.all(Array.from({ length: 6 }, () => host.emit(call("equal"))));
  expect(new Set(outcomes.flatMap(votes))).toEqual(new Set(["bad: continue"]));
  expect(statusOf(host, "bad").process).toMatchObject({ restartCount: 1, poisoned: [] });
});

it.each([1, 2])(
  verifies("FAIL-008") +
    "of eight events that were with a pipelined process, only the deadly ones are kept from it (%i deadly)",
  async (deadly) => {
    const folder = tempDir();
    variant(folder, "exits-on-event", {
      id: "bad",
      args: ["in-company"],
      extension: { protocol_version: 3, hooks: [quickHook(30_000)] },
    });
    const { host } = await startedHost([folder], {
      limits: { crashBudget: 1e9, restartBaseMs: 0, chainBudgetMs: 60_000 },
    });
    const inputs = Array.from({ length: 8 }, (_, n) => ({ n, exit: n >= 3 && n < 3 + deadly }));
    const outcomes = await Promise.all(inputs.map((input) => host.emit(call(input))));
    expect(outcomes.flatMap(votes)).toEqual(
      inputs.map(({ exit }) => (exit ? "bad: abstained crash" : "bad: continue")),
    );
    // One fall with all of them, then one for each that is to blame.
    const { process: one } = await inState(host, "bad", "degraded");
    expect(one).toMatchObject({ restartCount: 1 + deadly });
    expect(one?.poisoned).toHaveLength(deadly);
    const again = await Promise.all(inputs.map((input) => host.emit(call(input))));
    expect(again.flatMap(votes)).toEqual(
      inputs.map(({ exit }) => (exit ? "bad: abstained poison" : "bad: continue")),
    );
  },
);

it(
  verifies("FAIL-050") +
    "of observed events that came in one batch, only the deadly one is kept from it in the end",
  async () => {
    const folder = tempDir();
    const permissions = ["privacy.llm_content"];
    const extension = { protocol_version: 3, permissions, hooks: [{ hook: "on_message_complete" }] };
    variant(folder, "exits-on-event", { id: "bad", args: ["in-batch"], extension });
    const { host } = await startedHost([folder], { limits: { crashBudget: 1e9, restartBaseMs: 0 } });
    const round = async (): Promise<string[]> => {
      const all = ["one", "deadly", "two"].map((message) =>
        host.emit({ kind: "on_message_complete", data: {}, message }),
      );
      const settled = await Promise.all((await Promise.all(all)).map((outcome) => outcome.settled));
      return settled.flatMap(votes).map((vote) => vote.replace("bad: ", ""));
    };
    expect(await round()).toEqual(["abstained crash", "abstained crash", "abstained crash"]);
    await inState(host, "bad", "degraded");
    // Each of them goes alone now, one after the other.
    expect(await round()).toEqual(["continue", "abstained crash", "continue"]);
    expect(await round()).toEqual(["continue", "abstained poison", "continue"]);
    expect(statusOf(host, "bad").process).toMatchObject({ restartCount: 2 });
  },
);
