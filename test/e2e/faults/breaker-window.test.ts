import type { BreakerChoice } from "@synaps/sdk/protocol";
import type { HostEventMap, Outcome } from "@synaps/host";
import { describe, expect, it } from "vitest";
import {
  BEHAVIOURS,
  DEADLINE_MS,
  playPure,
  playReal,
  POLICIES,
  type Step,
} from "../../helpers/breaker-behaviours.js";
import { FakeClock } from "../../helpers/fake-clock.js";
import { startedHost } from "../../helpers/hosts.js";
import { tempDir } from "../../helpers/temp.js";
import { until } from "../../helpers/wait.js";
import { call, statusOf, variant, votes } from "../host/support/fixture.js";

/** The choice as a manifest writes it. */
function inManifest(choice: BreakerChoice): unknown {
  if (typeof choice === "string") return choice;
  const snake = (key: string): string => key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return Object.fromEntries(Object.entries(choice).map(([key, value]) => [snake(key), value]));
}

const RELEASE = { kind: "after_tool_call", tool_name: "bash", tool_output: "x" };

/** Only a breaker keeps an event from being sent here. */
function isRefused(outcome: Outcome): boolean {
  const [vote] = outcome.votes;
  return vote?.status === "abstained" && vote.reason === "breaker";
}

describe("what each policy does with real processes is what it does alone", () => {
  it.each(Object.entries(BEHAVIOURS))("%s", async (_, behaviour) => {
    const clock = new FakeClock();
    const folder = tempDir();
    const ids = Object.keys(POLICIES).map((_, place) => `policy-${place}`);
    Object.values(POLICIES).forEach((choice, place) => {
      const hooks = [
        {
          hook: "before_tool_call",
          timeout_ms: DEADLINE_MS,
          breaker: inManifest(choice),
          tools: [`tool-${place}`],
        },
        { hook: "after_tool_call", tools: [`tool-${place}`] },
      ];
      variant(folder, "holds-until-told", { id: ids[place] ?? "", extension: { hooks } });
    });
    const { host } = await startedHost([folder], { clock });
    const begunMs = clock.now();
    const ask = async (tool: string, { how, tookMs }: Step): Promise<boolean> => {
      const asked = host.emit({ kind: "before_tool_call", tool_name: tool, tool_input: { how } });
      if (how === "ok" || how === "error") return isRefused(await asked);
      // Held until the time of the step has passed; the deadline, if that is shorter, is the host's own.
      await clock.pass(tookMs);
      await host.emit({ ...RELEASE, tool_name: tool });
      return isRefused(await asked);
    };
    const marks: Record<string, string> = {};
    const [first = "default", ...others] = Object.keys(POLICIES);
    for (const [place, policy] of [first, ...others].entries()) {
      // Each policy begins its minute where the one before it ended.
      const startMs = clock.now();
      marks[policy] = await playReal(behaviour, async (step, atMs) => {
        await clock.pass(Math.max(0, startMs + atMs - clock.now()));
        return ask(`tool-${place}`, step);
      });
    }
    expect(clock.now()).toBeGreaterThan(begunMs);
    expect(marks).toEqual(
      Object.fromEntries(
        Object.entries(POLICIES).map(([name, choice]) => [name, playPure(choice, behaviour)]),
      ),
    );
  });
});

const FIRST_ERROR = { failures: 1, open_ms: 10_000 };

describe("an open breaker", () => {
  it("blocks where its hook is closed, says why, and is over when the user wants another try", async () => {
    const folder = tempDir();
    const hooks = [{ hook: "before_tool_call", on_failure: "closed", breaker: FIRST_ERROR }];
    variant(folder, "holds-until-told", { id: "guard", extension: { hooks } });
    const { host } = await startedHost([folder], { clock: new FakeClock() });
    const changes: HostEventMap["breaker"][] = [];
    host.on("breaker", (change) => void changes.push(change));
    expect(await host.emit(call({ how: "error" }))).toMatchObject({ action: "block" });
    const refused = await host.emit(call({ how: "ok" }));
    const why = "1 call failed within 30000 ms";
    expect(refused).toMatchObject({ action: "block", votes: [{ reason: "breaker", detail: why }] });
    expect(statusOf(host, "guard").process).toMatchObject({
      openBreakers: ["before_tool_call#1"],
      breakers: [{ subscription: "before_tool_call#1", state: "open", why }],
    });
    await host.resume("guard");
    expect(votes(await host.emit(call({ how: "ok" })))).toEqual(["guard: continue"]);
    const of = { extension: "guard", subscription: "before_tool_call#1" };
    expect(changes).toEqual([
      { ...of, open: true, why },
      { ...of, open: false, why: null },
    ]);
  });

  it("has closed for all who were told that it opened when another process takes over", async () => {
    const folder = tempDir();
    const hooks = [{ hook: "before_tool_call", breaker: FIRST_ERROR }];
    variant(folder, "holds-until-told", { id: "anew", extension: { hooks } });
    const { host } = await startedHost([folder], { clock: new FakeClock() });
    const changes: boolean[] = [];
    host.on("breaker", ({ open }) => void changes.push(open));
    await host.emit(call({ how: "error" }));
    await host.reload("anew");
    expect(changes).toEqual([true, false]);
    expect(votes(await host.emit(call({ how: "ok" })))).toEqual(["anew: continue"]);
  });

  it("is not opened by time in which the host itself did not come to read the answer", async () => {
    const folder = tempDir();
    const hooks = [
      { hook: "before_tool_call", breaker: { slow_ms: 200, slow_calls: 1 } },
      { hook: "after_tool_call" },
    ];
    variant(folder, "holds-until-told", { id: "quick", extension: { hooks } });
    const { host } = await startedHost([folder]);
    const asked = host.emit(call({ how: "ok" }));
    const busyUntil = performance.now() + 400;
    while (performance.now() < busyUntil);
    expect(votes(await asked)).toEqual(["quick: continue"]);
    expect(statusOf(host, "quick").process?.openBreakers).toEqual([]);

    const held = host.emit(call({ how: "slow" }));
    const { idle } = performance.eventLoopUtilization();
    await until(
      "the host waited for longer than is quick",
      () => performance.eventLoopUtilization().idle > idle + 250,
    );
    await host.emit(RELEASE);
    expect(votes(await held)).toEqual(["quick: continue"]);
    expect(statusOf(host, "quick").process?.openBreakers).toEqual(["before_tool_call#1"]);
  });
});

/** A call of a hook that the test ends. */
interface PromiseWithResolvers {
  resolve(answer: undefined): void;
  reject(error: Error): void;
}

describe("a hook of the program", () => {
  it("has a breaker when it chose a policy, and is asked again at once when it is enabled", async () => {
    const { host } = await startedHost([tempDir()], { clock: new FakeClock() });
    let fails = true;
    await host.use({
      id: "mine",
      events: [{ kind: "before_tool_call", breaker: { failures: 2 } }],
      on() {
        if (fails) throw new Error("no");
      },
    });
    const reasons = [];
    for (let n = 0; n < 3; n += 1) reasons.push(votes(await host.emit(call()))[0]);
    expect(reasons).toEqual(["mine: abstained error", "mine: abstained error", "mine: abstained breaker"]);
    const why = "2 calls failed within 30000 ms";
    expect(host.hooks.get("mine")?.breakers).toEqual([
      { subscription: "before_tool_call#1", state: "open", why },
    ]);
    fails = false;
    host.hooks.enable("mine");
    expect([votes(await host.emit(call())), host.hooks.get("mine")?.breakers]).toEqual([
      ["mine: continue"],
      [],
    ]);
  });

  it("opens and closes its breaker like an extension's, by its deadlines too", async () => {
    const clock = new FakeClock();
    const { host } = await startedHost([tempDir()], { clock });
    let hangs = true;
    const breaker = { failures: 1, openMs: 1_000, successes: 1 };
    host.subscribe("before_tool_call", async () => (hangs ? new Promise<undefined>(() => {}) : undefined), {
      deadlineMs: 100,
      breaker,
    });
    const changes: boolean[] = [];
    host.on("breaker", ({ open }) => void changes.push(open));
    const late = host.emit(call());
    await clock.pass(100);
    expect(votes(await late)).toEqual(["program: abstained timeout"]);
    expect(votes(await host.emit(call()))).toEqual(["program: abstained breaker"]);
    hangs = false;
    await clock.pass(1_000);
    expect(votes(await host.emit(call()))).toEqual(["program: continue"]);
    expect(changes).toEqual([true, false]);
  });

  it("counts no call from before it was forgiven, and none from before it opened for its probe", async () => {
    const clock = new FakeClock();
    const { host } = await startedHost([tempDir()], { clock });
    const calls: PromiseWithResolvers[] = [];
    await host.use({
      id: "mine",
      events: [{ kind: "before_tool_call", breaker: { failures: 1, openMs: 1_000, successes: 1 } }],
      on: () => new Promise<undefined>((resolve, reject) => calls.push({ resolve, reject })),
    });
    const changes: boolean[] = [];
    host.on("breaker", ({ open }) => void changes.push(open));
    const state = (): unknown => host.hooks.get("mine")?.breakers[0]?.state;
    const asked = (): Promise<Outcome> => host.emit(call());
    const forgiven = asked();
    host.hooks.enable("mine");
    calls[0]?.reject(new Error("no"));
    expect(votes(await forgiven)).toEqual(["mine: abstained error"]);
    expect([state(), changes]).toEqual([undefined, []]);

    const [opens, stale] = [asked(), asked()];
    calls[1]?.reject(new Error("no"));
    await opens;
    await clock.pass(1_000);
    const probe = asked();
    expect(state()).toBe("half_open");
    calls[2]?.resolve(undefined);
    expect(votes(await stale)).toEqual(["mine: continue"]);
    expect([state(), changes]).toEqual(["half_open", [true]]);
    expect(votes(await host.emit(call()))).toEqual(["mine: abstained breaker"]);
    calls[3]?.resolve(undefined);
    await probe;
    expect([state(), changes]).toEqual([undefined, [true, false]]);
  });

  it("is refused with a policy that says nothing, or on a stream", async () => {
    const { host } = await startedHost([tempDir()]);
    const subscribe = (breaker: never): unknown =>
      host.subscribe("before_tool_call", () => undefined, { breaker });
    expect(() => subscribe("conservativ" as never)).toThrow(/there is no policy 'conservativ'/);
    expect(() => subscribe({} as never)).toThrow(/never opens/);
  });
});
