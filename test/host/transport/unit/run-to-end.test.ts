import { getEventListeners } from "node:events";
import { describe, expect, it } from "vitest";
import type { SpawnRequest } from "../../../../packages/host/src/transport/process/child.js";
import { runToEnd, type RunEnd } from "../../../../packages/host/src/transport/process/run-to-end.js";
import { FakeClock } from "../../../helpers/fake-clock.js";
import { ScriptedChild } from "../../../helpers/scripted-child.js";

/** A run of a scripted program, and how it ended so far. */
function run(signal?: AbortSignal) {
  const clock = new FakeClock();
  const requests: SpawnRequest[] = [];
  const did: string[] = [];
  const request = { command: "main", args: ["-a"], cwd: "/", env: { A: "a" }, onStderrLine() {} };
  let child: ScriptedChild | undefined;
  let end: RunEnd | undefined;
  const ended = runToEnd(
    (given) => {
      requests.push(given);
      child = new ScriptedChild(given, clock, 7, () => undefined);
      child.mortal = [];
      return child;
    },
    request,
    { clock, timeoutMs: 1_000, forceKillAfterMs: 200, drainMs: 50, signal },
    () => {
      did.push("read");
      return () => void did.push("brake ended");
    },
  ).then((value) => (end = value));
  return { clock, request, requests, did, child: () => child, end: () => end, ended };
}

const exit = { code: 3, signal: null };

describe("a short command", () => {
  it("gets no input, and is let go when it ended", async () => {
    const { signal } = new AbortController();
    const { clock, request, requests, did, child, end } = run(signal);
    expect(requests).toEqual([
      { ...request, cancel: { signal: expect.any(AbortSignal), forceKillAfterMs: 200 } },
    ]);
    await clock.pass(0);
    expect([did, child()?.done, clock.armed]).toEqual([["read"], ["end of input"], 1]);
    expect(getEventListeners(signal, "abort")).toHaveLength(1);
    await clock.pass(999);
    child()?.end({ code: 3 });
    await clock.pass(0);
    expect(end()).toEqual({ exit, interrupted: undefined });
    expect([did, child()?.done]).toEqual([
      ["read", "brake ended"],
      ["end of input", "released"],
    ]);
    expect([clock.armed, getEventListeners(signal, "abort").length]).toEqual([0, 0]);
    expect(requests[0]?.cancel?.signal.aborted).toBe(false);
  });

  it("is not even started when it was given up before", async () => {
    const { requests, ended } = run(AbortSignal.abort());
    expect(await ended).toEqual({ exit: undefined, interrupted: "cancelled" });
    expect(requests).toEqual([]);
  });

  it("is ended when its time is over, and its group gets SIGTERM", async () => {
    const { clock, requests, child, end } = run();
    await clock.pass(999);
    expect(requests[0]?.cancel?.signal.aborted).toBe(false);
    await clock.pass(1);
    expect(requests[0]?.cancel?.signal.aborted).toBe(true);
    child()?.end({ code: 3 });
    await clock.pass(0);
    expect(end()).toEqual({ exit, interrupted: "timeout" });
    expect(child()?.done).toEqual(["end of input", "SIGTERM", "released"]);
  });

  it("is ended when it is given up, for the first reason that there was", async () => {
    const over = new AbortController();
    const { clock, requests, child, end } = run(over.signal);
    over.abort();
    expect(requests[0]?.cancel?.signal.aborted).toBe(true);
    await clock.pass(1_000);
    child()?.end({ code: 3 });
    await clock.pass(0);
    expect(end()).toEqual({ exit, interrupted: "cancelled" });
  });
});

describe("the last output of a short command", () => {
  /** Ends the program while somebody else holds its output. */
  async function held(signal?: AbortSignal): Promise<ReturnType<typeof run>> {
    const made = run(signal);
    await made.clock.pass(0);
    const child = made.child();
    if (child) child.stdout.end = (): typeof child.stdout => child.stdout;
    return made;
  }

  it("is waited for a moment when it ended by itself", async () => {
    const { clock, child, end } = await held();
    child()?.end({ code: 3 });
    await clock.pass(49);
    expect(end()).toBeUndefined();
    await clock.pass(1);
    expect(end()).toEqual({ exit, interrupted: undefined });
  });

  it("is waited for longer when it was ended: what it had started may clear up", async () => {
    const over = new AbortController();
    const { clock, child, end } = await held(over.signal);
    over.abort();
    child()?.end({ code: 3 });
    await clock.pass(199);
    expect([end(), child()?.done]).toEqual([undefined, ["end of input", "SIGTERM"]]);
    await clock.pass(1);
    expect(end()).toEqual({ exit, interrupted: "cancelled" });
  });
});
