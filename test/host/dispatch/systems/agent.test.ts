import type { Hook, HookPlugin } from "@synaps/host";
import { block, defineExtension } from "@synaps/sdk";
import { agentCatalog } from "@synaps/sdk/catalogs";
import { assertBlocks, assertVerdict, createHarness, eventsOf } from "@synaps/sdk/testing";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { hostOfCatalog, startedWith, turn } from "../../../helpers/catalog-host.js";
import { FakeClock } from "../../../helpers/fake-clock.js";
import { tempDir } from "../../../helpers/temp.js";

type AgentHook = Hook<readonly [typeof agentCatalog]>;

const BEFORE = "agent.before_agent_execution";
const AFTER = "agent.after_agent_execution";
const writer = { type: "agent", name: "writer" } as const;
const started = async (options = {}) => startedWith(agentCatalog, options);
type Started = Awaited<ReturnType<typeof started>>["host"];

/** Executes an agent between its hooks. `ran` holds the inputs of those executions that really happened. */
async function execute(host: Started, data: Record<string, unknown>, output = "answer") {
  const ran: unknown[] = [];
  const result = await host.intercept(
    { before: BEFORE, after: AFTER },
    { data: { component: writer, ...data } } as never,
    ((given: { input: unknown }) => {
      ran.push(given.input);
      return output;
    }) as never,
  );
  return { ran, result };
}

/** Looks at the text of the input: cancels, or cleans it where it is not strict. */
function validator(strict: boolean): AgentHook {
  return {
    id: "security-validator",
    metadata: { priority: "highest" },
    events: [
      {
        kind: BEFORE,
        handler({ data }, context) {
          const { text } = data.input as { text?: unknown };
          if (typeof text !== "string") throw new Error("no input text found");
          if (!/;\s*drop/i.test(text)) return { action: "continue" };
          context.publish("security.violation", { sort: "sql", component: data.component.name });
          return strict
            ? { action: "cancel", reason: "Security violation: sql" }
            : { action: "modified", data: { input: { text: text.replace(/;.*/, "") } } };
        },
      },
    ],
  };
}

describe("a hook around an agent", () => {
  it("sees the point, the component, the input before it and the output after it", async () => {
    const { host } = await started();
    const seen: unknown[] = [];
    await host.use({
      id: "logging",
      events: [
        { kind: BEFORE, handler: ({ kind, data }) => void seen.push([kind, data.component, data.input]) },
        { kind: AFTER, handler: ({ kind, tool_output }) => void seen.push([kind, tool_output]) },
      ],
    });
    await execute(host, { input: { text: "hello" } });
    expect(seen).toEqual([
      [BEFORE, writer, { text: "hello" }],
      [AFTER, "answer"],
    ]);
  });

  it("cancels what it finds dangerous, with the reason, and says so in an event", async () => {
    const { host } = await started();
    await host.use(validator(true));
    const { ran, result } = await execute(host, { input: { text: "x; DROP TABLE users" } });
    expect([ran, result]).toMatchObject([[], { ran: false, reason: "Security violation: sql" }]);
    expect(host.events.query({ topic: "security.violation" })).toMatchObject([
      { from: "security-validator", data: { sort: "sql", component: "writer" } },
    ]);
    expect((await execute(host, { input: { text: "drop in" } })).ran).toEqual([{ text: "drop in" }]);
  });

  it("cleans the input instead, and the rest of the data stays", async () => {
    const { host } = await started();
    await host.use(validator(false));
    const { ran, result } = await execute(host, {
      input: { text: "x; DROP TABLE users", to: "db" },
      tags: ["a"],
    });
    expect(ran).toEqual([{ text: "x", to: "db" }]);
    expect(result).toMatchObject({ ran: true, input: { component: writer, tags: ["a"] } });
  });

  it("that cannot read its input abstains with the error, and stops the agent if it is closed", async () => {
    const { host } = await started();
    const remove = await host.use(validator(true));
    const open = await execute(host, { input: {} });
    expect(open.ran).toHaveLength(1);
    expect(open.result.before.votes).toMatchObject([{ status: "abstained", detail: "no input text found" }]);
    await remove();
    const hook = validator(true);
    await host.use({ ...hook, events: [{ ...(hook.events[0] as object), closed: true }] } as never);
    expect((await execute(host, { input: {} })).ran).toEqual([]);
  });

  it("knows the component and the user of a call, for instance to count by them", async () => {
    const { host } = await started();
    const keys: string[] = [];
    host.subscribe(BEFORE, ({ data }) => {
      keys.push(`${data.component.name}:${String((data.metadata as { user_id?: string }).user_id)}`);
    });
    await execute(host, { input: 1, metadata: { user_id: "ada" } });
    expect(keys).toEqual(["writer:ada"]);
  });

  it("is told the model and the tokens after an execution, and hands a cost to hooks behind it", async () => {
    const { host } = await started();
    const seen: unknown[] = [];
    await host.use({
      id: "cost",
      events: [AFTER],
      on: ({ data }, context) => {
        const { input, output } = (data as { tokens_used: { input: number; output: number } }).tokens_used;
        context.annotate("cost", { model: (data as { model: string }).model, cents: input * 3 + output * 6 });
      },
    });
    await host.use({
      id: "bill",
      events: [AFTER],
      on: (_event, { annotations }) => void seen.push(annotations),
    });
    await execute(host, { input: 1, model: "m", tokens_used: { input: 2, output: 1 } });
    expect(seen).toEqual([{ cost: { model: "m", cents: 12 } }]);
  });

  it("waits without holding up other agents", async () => {
    const { host } = await started();
    let free = (): void => {};
    const held = new Promise<void>((resolve) => (free = resolve));
    host.subscribe(BEFORE, ({ data }) => (data.input === "slow" ? held : undefined));
    const order: string[] = [];
    const run = async (input: string) => order.push(String((await execute(host, { input })).ran[0]));
    const slow = run("slow");
    await run("quick");
    expect(order).toEqual(["quick"]);
    free();
    await slow;
    expect(order).toEqual(["quick", "slow"]);
  });
});

describe("outputs of an agent that are kept", () => {
  const store = { action: "cache", store: true, ttl_ms: 300_000 } as const;

  it("answer the same component and input, and no other", async () => {
    const { host } = await started();
    host.subscribe(BEFORE, () => store);
    const ran = async (data: object) => (await execute(host, data as never)).ran.length;
    const other = { type: "agent", name: "critic" };
    expect(await ran({ input: { a: 1 } })).toBe(1);
    expect(await ran({ input: { a: 1 }, tags: ["other facts"] })).toBe(0);
    expect(await ran({ input: { a: 2 } })).toBe(1);
    expect(await ran({ input: { a: 1 }, component: other })).toBe(1);
  });

  it("are forgotten when their time is over", async () => {
    const clock = new FakeClock();
    const { host } = hostOfCatalog(agentCatalog, { clock });
    await clock.pass(1);
    await host.start();
    host.subscribe(BEFORE, () => store);
    const ran = async () => (await execute(host, { input: 1 })).ran.length;
    expect([await ran(), await ran()]).toEqual([1, 0]);
    await clock.pass(299_999);
    expect(await ran()).toBe(0);
    await clock.pass(2);
    expect(await ran()).toBe(1);
    await host.stop();
  });

  it("may lie in a store of the hook's own, which it fills after each execution", async () => {
    const { host } = await started();
    const redis = new Map<string, string>();
    const key = (data: { component: { name: string }; input?: unknown }): string =>
      JSON.stringify([data.component.name, data.input]);
    await host.use({
      id: "redis-cache",
      events: [
        {
          kind: BEFORE,
          async handler({ data }) {
            await turn();
            const value = redis.get(key(data));
            return value === undefined ? undefined : { action: "cache", value };
          },
        },
        { kind: AFTER, handler: ({ data, tool_output }) => void redis.set(key(data), String(tool_output)) },
      ],
    });
    expect((await execute(host, { input: 1 })).ran).toEqual([1]);
    expect(await execute(host, { input: 1 })).toMatchObject({ ran: [], result: { output: "answer" } });
  });
});

describe("hooks that come from elsewhere", () => {
  it("are loaded from a module while the program runs, as a plugin with points and priorities", async () => {
    const { host } = await started();
    const path = join(tempDir(), "plugin.mjs");
    writeFileSync(
      path,
      `const order = [];
export const plugin = { name: "security-plugin", version: "1.0.0", order, hooks: [
  { id: "late", metadata: { priority: "high" }, events: ["${BEFORE}"], on: () => void order.push("late") },
  { id: "early", metadata: { priority: "highest" }, events: ["${BEFORE}"], on: () => void order.push("early") },
] };`,
    );
    type Loaded = { plugin: HookPlugin<readonly [typeof agentCatalog]> & { order: string[] } };
    const { order, ...plugin } = ((await import(pathToFileURL(path).href)) as Loaded).plugin;
    const remove = await host.hooks.usePlugin(plugin);
    await execute(host, { input: 1 });
    expect([order, host.hooks.names({ plugin: "security-plugin" })]).toEqual([
      ["early", "late"],
      ["late", "early"],
    ]);
    await remove();
    expect(host.hooks.count()).toBe(0);
  });

  it("need to say nothing about themselves but an id: the rest has a usual value", async () => {
    const { host } = await started();
    await host.use({ id: "plain", events: [BEFORE], on: () => {} });
    expect(host.hooks.list()).toEqual([
      {
        id: "plain",
        name: "plain",
        version: null,
        description: null,
        tags: [],
        priority: 0,
        kinds: [BEFORE],
        plugin: null,
        enabled: true,
        breakers: [],
      },
    ]);
  });
});

describe("tests of hooks", () => {
  const event = eventsOf(agentCatalog)[BEFORE]({
    data: { component: writer, input: { text: "x; drop table" } },
  });

  it("ask a hook without a host, with an event from its parts", async () => {
    const hook = defineExtension({
      catalogs: [agentCatalog],
      hooks: {
        [BEFORE]: ({ data }) =>
          JSON.stringify(data.input).includes("; drop") ? block("Security violation: sql") : undefined,
      },
    });
    await using harness = await createHarness(hook);
    const verdict = await harness.send(event);
    assertBlocks(verdict, /Security violation/);
    expect(() => assertBlocks(verdict, "another reason")).toThrow("to be");
    expect(event).toMatchObject({ kind: BEFORE, tool_output: null, data: { component: { name: "writer" } } });
  });

  it("see the value that a hook keeps in its answer", async () => {
    const hook = defineExtension({
      catalogs: [agentCatalog],
      hooks: { [BEFORE]: () => ({ action: "cache", value: { cached: true } }) },
    });
    await using harness = await createHarness(hook);
    assertVerdict(await harness.send(event), { action: "cache", value: { cached: true } });
  });

  it("of a whole agent ask the host afterwards what was executed", async () => {
    const { host } = await started({ hookEvents: true });
    await host.use({ id: "test-logger", metadata: { priority: "low" }, events: [BEFORE], on: () => {} });
    await execute(host, { input: "test" });
    expect(host.events.query({ topic: "hook.executed" })).toMatchObject([
      { from: "host", data: { kind: BEFORE, action: "continue", votes: 1 } },
    ]);
  });
});
