import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { startedHost } from "../../helpers/hosts.js";
import { tempDir } from "../../helpers/temp.js";
import { until } from "../../helpers/wait.js";
import { call, inState, quickHook, statusOf, variant, votes } from "../host/support/fixture.js";
import { verifies } from "../../requirements/verifies.js";

const PERMISSIONS = ["tools.intercept", "privacy.llm_content"];

it(
  verifies("FAIL-021") + "a gate's event is sent once more after a restart, an observed one is not",
  async () => {
    const folder = tempDir();
    const hooks = [{ hook: "before_tool_call" }, { hook: "on_message_complete" }];
    for (const id of ["gate", "observer"]) {
      const args = ["once", join(folder, `${id}-marker`)];
      variant(folder, "exits-on-event", { id, args, extension: { permissions: PERMISSIONS, hooks } });
    }
    const { host } = await startedHost([folder]);
    host.unsubscribeAll("nobody");
    const [gate, observed] = [
      await host.emit(call({})),
      await host.emit({ kind: "on_message_complete", data: {}, message: "x" }),
    ];
    // Both fell over the first event; the second finds both alive and is answered.
    expect(gate.votes.map(({ status }) => status)).toEqual(["voted", "not_reached"]);
    expect(votes(await observed.settled)).toEqual(["gate: modify ignored", "observer: abstained crash"]);
    await inState(host, "observer", "degraded");
    expect(
      votes(await (await host.emit({ kind: "on_message_complete", data: {}, message: "y" })).settled),
    ).toEqual(["gate: modify ignored", "observer: modify ignored"]);
  },
);

it(
  verifies("FAIL-022") + "the end of a session is told once, whether the process falls over it or not",
  async () => {
    const folder = tempDir();
    variant(folder, "exits-on-event", {
      id: "bad",
      args: ["once", join(folder, "marker")],
      extension: { permissions: ["session.lifecycle"], hooks: [{ hook: "on_session_end" }] },
    });
    const { host } = await startedHost([folder]);
    // It would answer a second time: the fixture falls over the first event alone.
    expect(votes(await host.emit({ kind: "on_session_end", transcript: [], session_id: "s" }))).toEqual([
      "bad: abstained crash",
    ]);
    await inState(host, "bad", "degraded");
  },
);

it("a late answer is counted, and is nobody else's", async () => {
  const folder = tempDir();
  variant(folder, "takes-its-time", { id: "late", extension: { hooks: [quickHook(800)] } });
  const { host } = await startedHost([folder], { limits: { breakerTimeouts: 99 } });
  const inputs = Array.from({ length: 6 }, (_, n) => ({ ms: n % 2 === 0 ? 1_200 : 0, n }));
  const outcomes = [];
  for (const input of inputs) outcomes.push(await host.emit(call(input)));
  expect(outcomes.flatMap(votes)).toEqual(
    inputs.map(({ ms }) => (ms > 0 ? "late: abstained timeout" : "late: continue")),
  );
  await until("all late answers came", () => statusOf(host, "late").process?.lateReplies === 3);
});

it(
  verifies("FAIL-023") +
    "one extension's queue is its own: a slow observer delays neither its own gates nor anybody else",
  async () => {
    const folder = tempDir();
    const hooks = [{ hook: "before_tool_call" }, { hook: "on_message_complete", timeout_ms: 20_000 }];
    variant(folder, "takes-its-time", { id: "a-slow", extension: { permissions: PERMISSIONS, hooks } });
    variant(folder, "takes-its-time", {
      id: "b-quick",
      extension: { permissions: PERMISSIONS, hooks: [hooks[0]] },
    });
    const { host } = await startedHost([folder]);
    let open = 40;
    for (let n = 0; n < 40; n += 1) {
      const observed = await host.emit({ kind: "on_message_complete", message: "x", data: { ms: 500 } });
      void observed.settled.then(() => (open -= 1));
    }
    for (let n = 0; n < 20; n += 1) {
      expect(votes(await host.emit(call({ ms: 0 })))).toEqual(["a-slow: continue", "b-quick: continue"]);
    }
    // The gates were all answered while the observers still waited: theirs take five times half a second.
    expect(open).toBeGreaterThan(0);
    await host.settled();
  },
);

it("three that hang in their handshake keep no fourth one from starting", async () => {
  const folder = tempDir();
  for (const id of ["a", "b", "c"]) variant(folder, "handshake-hangs", { id, args: ["silent"] });
  variant(folder, "echoes-votes", { id: "d" });
  const { host } = await startedHost([folder], {
    limits: { startMs: 50, startTurnMs: 200, handshakeMs: 60_000 },
  });
  await inState(host, "d", "running");
  expect(["a", "b", "c"].map((id) => statusOf(host, id).state)).toEqual(["starting", "starting", "starting"]);
});

it.each(["cancel", ""])(
  verifies("FAIL-029") +
    "what is given up at its deadline is cancelled, if that was negotiated (features '%s')",
  async (features) => {
    const folder = tempDir();
    const file = join(folder, "bytes");
    variant(folder, "records-v3", {
      id: "silent",
      args: [file, features],
      extension: { hooks: [quickHook(300)] },
    });
    const { host } = await startedHost([folder]);
    expect(votes(await host.emit(call({ silent: true })))).toEqual(["silent: abstained timeout"]);
    expect(votes(await host.emit(call({ n: 2 })))[0]).toMatch(/^silent: /);
    const bytes = (): string => readFileSync(file, "utf8");
    await until("the second event was seen", () => bytes().includes('"n":2'));
    // Pipes keep the order: what was said before the second event has been seen, too.
    const [, id] =
      /"id":(\d+),"method":"hook\.handle"/.exec(bytes()) ??
      /"method":"hook\.handle".*"id":(\d+)/.exec(bytes()) ??
      [];
    const cancelled = /"method":"\$\/cancelRequest","params":\{"id":(\d+)\}/.exec(bytes())?.[1];
    expect(cancelled).toBe(features === "cancel" ? id : undefined);
  },
);
