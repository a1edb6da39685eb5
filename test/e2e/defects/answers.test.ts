import { createHost, type Host } from "@synaps/host";
import { describe, expect, it, onTestFinished } from "vitest";
import { eventOf } from "../../helpers/events.js";
import { startedHost } from "../../helpers/hosts.js";
import { repo } from "../../helpers/paths.js";
import { tempDir, writeExtension } from "../../helpers/temp.js";
import { until } from "../../helpers/wait.js";
import { call, variant, votes } from "../host/support/fixture.js";

const BEFORE = "before_tool_call";

async function plainHost(): Promise<Host> {
  const host = createHost({ folders: [], baseDir: tempDir() });
  onTestFinished(() => host.stop());
  await host.start();
  return host as Host;
}

/** Answers what its argument says, to every event, or breaks in the ways that it names. */
const DOES = `import { defineExtension, serve } from ${JSON.stringify(repo("packages/sdk/dist/index.js"))};
const on = ({ tool_input }) => {
  if (tool_input === "exit") process.exit(3);
  if (tool_input === "kill") process.kill(process.pid, "SIGKILL");
  if (tool_input === "throw later") return new Promise(() => setTimeout(() => { throw new Error("later"); }, 0));
  if (tool_input === "late") return new Promise((go) => setTimeout(() => go({ action: "block", reason: "late" }), 900));
};
serve(defineExtension({ hooks: { before_tool_call: on } }));`;

function does(folder: string, timeout_ms: number): void {
  const hooks = [{ hook: BEFORE, timeout_ms }];
  const start = { protocol_version: 3, runtime: "process", command: "node", args: ["main.mjs"] };
  const section = { ...start, permissions: ["tools.intercept"], hooks };
  writeExtension(folder, "does", section, { "main.mjs": DOES });
}

describe("defect 7: a time limit", () => {
  const limited = async () => {
    const folder = tempDir();
    does(folder, 300);
    const limits = { breakerProbeMs: 60_000, chainBudgetMs: 10_000, chainReserveMs: 0, hungDeadlines: 1e9 };
    const { host } = await startedHost([folder], { limits });
    return async (input: string): Promise<string | undefined> => votes(await host.emit(call(input)))[0];
  };

  it("defect 7: ends the wait, and an answer after it decides nothing", async () => {
    const ask = await limited();
    expect(await ask("late")).toBe("does: abstained timeout");
  });

  it("defect 7: that is missed in a row opens a breaker, which outlives the call", async () => {
    const ask = await limited();
    const seen: (string | undefined)[] = [];
    // A deadline that is late because the machine lagged counts against nobody.
    while (seen.length < 12 && seen.at(-1) !== "does: abstained breaker") seen.push(await ask("late"));
    expect(seen.pop()).toBe("does: abstained breaker");
    expect(seen.length).toBeGreaterThanOrEqual(3);
    expect(new Set(seen)).toEqual(new Set(["does: abstained timeout"]));
    expect(await ask("quick")).toBe("does: abstained breaker");
  });

  it("defect 7: that is missed now and then, with answers between, opens none", async () => {
    const ask = await limited();
    const seen: (string | undefined)[] = [];
    for (let n = 0; n < 6; n += 1) seen.push(await ask("late"), await ask("quick"));
    expect(seen.filter((vote) => vote?.endsWith("breaker"))).toEqual([]);
    expect(seen.filter((vote) => vote?.endsWith("timeout")).length).toBeGreaterThan(3);
  });
});

describe("defect 9: a callback in another language", () => {
  it("defect 9: is called, and its answer counts", async () => {
    const folder = tempDir();
    variant(folder, "python-guard");
    const { host } = await startedHost([folder]);
    const outcome = await host.emit({ ...call({}), tool_name: "deploy" });
    expect(outcome).toMatchObject({ action: "block", reason: "python-guard: no deployments" });
    expect((await host.emit(call({}))).votes).toMatchObject([{ status: "voted" }]);
  });

  it("defect 9: that was taken back is gone from the registry and is not called any more", async () => {
    const folder = tempDir();
    variant(folder, "python-guard");
    const { host } = await startedHost([folder]);
    let calls = 0;
    const stop = host.subscribe(BEFORE, () => void (calls += 1), { id: "mine" });
    await host.use({ id: "hook", events: [BEFORE], on: () => void (calls += 1) });
    expect((await host.emit(eventOf(BEFORE))).votes).toHaveLength(3);
    expect([calls, host.handlerCount(), host.hooks.names()]).toEqual([2, 3, ["hook"]]);
    stop();
    await host.hooks.unregister("hook");
    await host.unload("python-guard");
    expect((await host.emit(eventOf(BEFORE))).votes).toEqual([]);
    expect([calls, host.handlerCount(), host.hooks.names(), host.isEmpty()]).toEqual([2, 0, [], true]);
  });
});

describe("defect 12: one vocabulary of answers", () => {
  it.each([
    { action: "blok", reason: "misspelt" },
    { action: "Block", reason: "with a capital" },
    { action: "cancelled", reason: "another word" },
    { action: " block", reason: "with a space" },
    { type: "cancel", reason: "the other vocabulary" },
    { type: "cancelled", data: "the other vocabulary" },
    { action: 1 },
    "cancel",
    "block",
    "no such text",
    true,
    ["block"],
  ])("defect 12: %j stops nothing, and is told", async (answer) => {
    const host = await plainHost();
    host.subscribe(BEFORE, () => answer as never);
    const outcome = await host.emit(eventOf(BEFORE));
    expect(outcome.action).toBe("continue");
    expect(outcome.votes).toMatchObject([
      { status: "abstained", reason: "invalid", detail: expect.stringMatching(/\S/) as unknown },
    ]);
  });
});

describe("defect 15: a crash", () => {
  it.each(["exit", "kill", "throw later"])(
    "defect 15: of an extension by %s ends only itself",
    async (how) => {
      const folder = tempDir();
      does(folder, 30_000);
      const { host } = await startedHost([folder]);
      host.subscribe(BEFORE, () => undefined, { id: "other", priority: 1 });
      const outcome = await host.emit(call(how));
      expect(votes(outcome)).toEqual(["does: abstained crash", "other: continue"]);
      await until("it is back", async () => votes(await host.emit(call("well")))[0] === "does: continue");
    },
  );

  it.each([
    ["throws", () => Promise.resolve().then(() => broken())],
    ["throws at once", broken],
    ["throws no error", () => Promise.reject(undefined as unknown as Error)],
    ["overflows the stack", overflow],
  ])("defect 15: of a hook of the program that %s ends only its vote", async (_how, handler) => {
    const host = await plainHost();
    host.subscribe(BEFORE, handler, { id: "broken" });
    host.subscribe(BEFORE, () => undefined, { id: "other" });
    expect(votes(await host.emit(eventOf(BEFORE)))).toEqual(["broken: abstained error", "other: continue"]);
  });
});

function broken(): never {
  throw new Error("broken");
}

function overflow(): never {
  return overflow();
}
