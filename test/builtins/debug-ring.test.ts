import { debugRing, type DebugRingOptions, type TraceQuery } from "@synaps/builtins";
import { agentCatalog, synapsCatalog } from "@synaps/sdk/catalogs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Ring } from "../../packages/builtins/src/debug-ring/ring.js";
import { Pending } from "../../packages/builtins/src/watch/pending.js";
import { startedWith } from "../helpers/catalog-host.js";
import { startedHost } from "../helpers/hosts.js";
import { FIXTURES } from "../helpers/paths.js";
import { numbers } from "../helpers/random.js";
import { verifies } from "../requirements/verifies.js";

const BEFORE = "before_tool_call";
const secret = `ghp_${"a1B2".repeat(8)}`;

describe(verifies("BUILTIN-009") + "the ring", () => {
  it("keeps the newest texts within its bounds, and counts the others", () => {
    for (let seed = 1; seed <= 200; seed += 1) {
      const below = numbers(seed);
      const bounds = { maxItems: 1 + below(20), maxBytes: 20 + below(400) };
      const ring = new Ring<number>(bounds);
      let model: string[] = [];
      let [dropped, tooLarge] = [0, 0];
      for (let n = 0; n < 100; n += 1) {
        const text = `${n}`.padEnd(1 + below(60), "ü");
        ring.add(text, n % 3);
        if (Buffer.byteLength(text) > bounds.maxBytes) tooLarge += 1;
        else {
          model.push(text);
          const bytes = (texts: string[]): number => Buffer.byteLength(texts.join(""));
          while (model.length > bounds.maxItems || bytes(model) > bounds.maxBytes) {
            model = model.slice(1);
            dropped += 1;
          }
        }
        const { size, bytes } = ring;
        expect({ seed, n, size, bytes, dropped: ring.dropped, tooLarge: ring.tooLarge }).toEqual({
          seed,
          n,
          size: model.length,
          bytes: Buffer.byteLength(model.join("")),
          dropped,
          tooLarge,
        });
      }
      const wanted = model.filter((text) => Number.parseInt(text, 10) % 3 === 1);
      expect(ring.newest(3, (index) => index === 1)).toEqual(wanted.slice(-3));
      expect(ring.newest(1_000, () => true)).toEqual(model);
      ring.clear();
      expect([ring.size, ring.bytes]).toEqual([0, 0]);
    }
  });

  it("keeps of events that wait for their outcome no more than it may", () => {
    const pending = new Pending<number>(3, 100);
    for (const [id, bytes] of [
      ["a", 10],
      ["b", 10],
      ["c", 10],
      ["d", 10],
    ] as const)
      pending.add(id, bytes, bytes);
    expect([pending.take("a"), pending.size, pending.lost]).toEqual([undefined, 3, 1]);
    pending.add("e", 95, 95);
    expect([pending.size, pending.lost, pending.take("e"), pending.take(undefined)]).toEqual([
      1,
      4,
      95,
      undefined,
    ]);
    pending.add("f", 1, 100);
    expect([pending.size, pending.lost]).toEqual([1, 4]);
  });
});

describe(verifies("BUILTIN-010") + "what was asked and answered", () => {
  it("is kept for a real extension: the event, the outcome and who voted, masked", async () => {
    const { host } = await startedHost([join(FIXTURES, "echoes-votes")]);
    const ring = debugRing({ kinds: [BEFORE], wallMs: () => 1_234 });
    await ring.follow(host);
    const answer = { action: "modify", input: { command: `echo ${secret}`, password: "hunter2" } };
    const event = { kind: BEFORE, tool_name: "bash", session_id: "s-1", correlation_id: "c-1" } as const;
    const outcome = await host.emit({ ...event, tool_input: { answer } });
    const [trace, ...others] = ring.traces();
    expect(others).toEqual([]);
    expect(trace).toEqual({
      kind: BEFORE,
      atMs: 1_234,
      eventId: outcome.eventId,
      tool: "bash",
      component: null,
      session: "s-1",
      correlation: "c-1",
      asked: {
        tool_input: {
          answer: { action: "modify", input: { command: "echo [masked:github]", password: "[masked]" } },
        },
      },
      action: "modify",
      answered: { input: { command: "echo [masked:github]", password: "[masked]" }, by: "echoes-votes" },
      votes: [
        {
          extension: "debug_ring",
          subscription: `${BEFORE}#1`,
          said: "continue",
          queueMs: 0,
          runMs: expect.any(Number),
        },
        {
          extension: "echoes-votes",
          subscription: expect.any(String),
          said: "modify",
          queueMs: expect.any(Number),
          runMs: expect.any(Number),
        },
      ],
      durationMs: expect.any(Number),
    });
    expect(JSON.stringify(trace)).not.toMatch(/ghp_|hunter2/);
  });

  it("masks a secret that a cut would go through", () => {
    const ring = debugRing({ kinds: [BEFORE] });
    const session_id = `${"x".repeat(110)} ${secret}`;
    ring.on({ kind: BEFORE, session_id }, { eventId: "1", correlationId: null });
    ring.outcome({ kind: BEFORE, action: "continue", eventId: "1", votes: [], durationMs: 1 });
    const [trace] = ring.traces();
    expect(trace?.session).toMatch(/^x{110} \[masked:github\]$/);
  });

  it("belongs to its own event, however many are under way at the same time", async () => {
    const { host } = await startedHost([join(FIXTURES, "echoes-votes")]);
    const ring = debugRing({ kinds: [BEFORE, "on_message_complete"] });
    await ring.follow(host);
    const blocked = (n: number) =>
      host.emit({
        kind: BEFORE,
        tool_name: `tool-${n}`,
        tool_input: { answer: { action: "block", reason: `r-${n}` } },
      });
    const observed = async (n: number) =>
      (await host.emit({ kind: "on_message_complete", message: `m-${n}`, data: {} })).settled;
    await Promise.all(Array.from({ length: 200 }, (_, n) => (n % 2 === 0 ? blocked(n) : observed(n))));
    const traces = ring.traces({ limit: 1_000 });
    expect(traces).toHaveLength(200);
    for (const { tool, asked, answered, kind } of traces) {
      if (kind === BEFORE) expect(answered["reason"]).toBe(tool?.replace("tool", "r"));
      else expect(asked?.["message"]).toMatch(/^m-\d+$/);
    }
    expect(new Set(traces.map(({ eventId }) => eventId)).size).toBe(200);
    expect(ring.statistics()).toMatchObject({ kept: 200, outcomes: 200, pending: 0, lost: 0 });
  });

  it("is found by kind, component, tool, session, action and time, the newest within the limit", async () => {
    const { host } = await startedHost([], { catalogs: [synapsCatalog, agentCatalog] });
    let nowMs = 0;
    const agent = "agent.before_agent_execution";
    const ring = debugRing({ kinds: [BEFORE, agent], wallMs: () => nowMs });
    await ring.follow(host);
    host.subscribe(BEFORE, ({ tool_name }) =>
      tool_name === "rm" ? { action: "block", reason: "no" } : undefined,
    );
    for (const [n, tool_name] of ["ls", "rm", "ls", "rm", "ls"].entries()) {
      nowMs = n * 10;
      await host.emit({ kind: BEFORE, tool_name, session_id: `s-${n % 2}` });
    }
    nowMs = 50;
    for (const name of ["writer", "reader"])
      await host.emit({ kind: agent, data: { component: { type: "agent", name } } });
    const times = (query: TraceQuery): number[] => ring.traces(query).map(({ atMs }) => atMs);
    expect(times({ kind: BEFORE })).toEqual([0, 10, 20, 30, 40]);
    expect(times({ tool: "rm" })).toEqual([10, 30]);
    expect(times({ session: "s-0" })).toEqual([0, 20, 40]);
    expect(times({ action: "block", since: 11 })).toEqual([30]);
    expect(times({ since: 10, until: 30 })).toEqual([10, 20, 30]);
    expect(times({ kind: BEFORE, limit: 2 })).toEqual([30, 40]);
    expect(times({ component: "writer" })).toEqual([50]);
    expect(times({ component: "agent reader" })).toEqual([50]);
    expect(times({ component: "riter" })).toEqual([]);
    expect(ring.statistics().kinds[BEFORE]).toMatchObject({ count: 5, actions: { continue: 3, block: 2 } });
    ring.clear();
    expect([times({}), ring.statistics().kept, ring.statistics().outcomes]).toEqual([[], 0, 7]);
  });

  it("is bounded by number and bytes, and by a least duration", async () => {
    const { host } = await startedWith(synapsCatalog);
    const few = debugRing({ id: "few", kinds: [BEFORE], maxTraces: 3 });
    const small = debugRing({ id: "small", kinds: [BEFORE], maxBytes: 4_096 });
    const slow = debugRing({ id: "slow", kinds: [BEFORE], minDurationMs: 3_600_000 });
    for (const ring of [few, small, slow]) await ring.follow(host);
    for (let n = 0; n < 50; n += 1)
      await host.emit({ kind: BEFORE, tool_name: "bash", tool_input: { text: "x".repeat(100_000) } });
    expect(few.statistics()).toMatchObject({ kept: 3, dropped: 47, outcomes: 50 });
    expect(small.statistics().bytes).toBeLessThanOrEqual(4_096);
    expect(small.statistics()).toMatchObject({ outcomes: 50, pending: 0 });
    expect(small.statistics().kept + small.statistics().dropped).toBe(50);
    expect(slow.statistics()).toMatchObject({ kept: 0, tooShort: 50, outcomes: 50 });
  });

  it("has the outcome also of an event that a hook before it stopped", async () => {
    const { host } = await startedWith(synapsCatalog);
    const first = { id: "first", metadata: { priority: "highest" }, events: [BEFORE] } as const;
    await host.use({ ...first, on: () => ({ action: "block", reason: "no" }) });
    const ring = debugRing({ kinds: [BEFORE] });
    await ring.follow(host);
    await host.emit({ kind: BEFORE, tool_name: "bash" });
    expect(ring.traces()).toMatchObject([
      { action: "block", asked: null, tool: null, answered: { by: "first" } },
    ]);
  });

  it("leaves nothing behind when it is taken back, or refused", async () => {
    const { host } = await startedWith(synapsCatalog);
    const ring = debugRing({ kinds: [BEFORE] });
    const stop = await ring.follow(host);
    const twin = debugRing({ kinds: [BEFORE] });
    await expect(twin.follow(host)).rejects.toThrow("its id is taken");
    await host.emit({ kind: BEFORE, tool_name: "bash" });
    await stop();
    host.subscribe(BEFORE, () => undefined);
    await host.emit({ kind: BEFORE, tool_name: "bash" });
    expect([ring.statistics().outcomes, twin.statistics().outcomes]).toEqual([1, 0]);
  });

  it.each<[string, object, RegExp]>([
    ["no traces", { maxTraces: 0 }, /'maxTraces': it must be a whole number from 1/],
    ["no room", { maxBytes: 10 }, /'maxBytes': it must be a whole number from 1024/],
    ["a negative duration", { minDurationMs: -1 }, /'minDurationMs': it must be a number from 0/],
  ])("refuses %s", (_, wrong, message) => {
    expect(() => debugRing({ kinds: [BEFORE], ...wrong } as DebugRingOptions)).toThrow(message);
  });

  it("refuses a query with an unknown condition", () => {
    const ring = debugRing({ kinds: [BEFORE] });
    expect(() => ring.traces({ kinds: [BEFORE] } as never)).toThrow(
      "there is no 'kinds'; did you mean 'kind'?",
    );
    expect(() => ring.traces({ limit: 0 })).toThrow("'limit': it must be a whole number from 1");
  });
});
