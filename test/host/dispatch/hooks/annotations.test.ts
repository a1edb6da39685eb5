import type { HookContext } from "@synaps/host";
import { describe, expect, it } from "vitest";
import { eventOf } from "../../../helpers/events.js";
import { startedHost } from "../../../helpers/hosts.js";
import { repo } from "../../../helpers/paths.js";
import { tempDir, writeExtension } from "../../../helpers/temp.js";
import { allLive } from "../../../helpers/wait.js";
import { verifies } from "../../../requirements/verifies.js";

const BEFORE = "before_tool_call";
const SDK = JSON.stringify(repo("packages/sdk/dist/index.js"));
const KIT = JSON.stringify(repo("test/fixtures/fixture-kit.mjs"));

/** Adds the annotations that it saw, under its own name. */
const NOTES = `
import { defineExtension, serve } from ${SDK};
serve(defineExtension({ hooks: { before_tool_call(event, context) {
  context.annotate("seen-by-" + context.id, event.meta.annotations ?? null);
} } }));`;

/** Speaks the wire by hand; answers with annotations and blocks with the meta that it got. */
const RAW = `
import { answer, read } from ${KIT};
read(({ id, method, params }) => {
  if (method === "initialize") answer(id, { protocol_version: params.extension_protocol_version, capabilities: {}, features: params.features });
  if (method === "hook.handle") answer(id, { action: "block", reason: JSON.stringify(params.meta ?? null), annotations: { raw: 1 } });
  if (method === "shutdown") answer(id, null);
});`;

const section = (protocol_version: number, priority: number) => ({
  protocol_version,
  runtime: "process",
  command: "node",
  args: ["main.mjs"],
  permissions: ["tools.intercept"],
  hooks: [{ hook: BEFORE, ...(protocol_version === 3 ? { priority } : {}) }],
});

describe("the shared context of an event", () => {
  it(
    verifies("INP-026") + "reaches later hooks, extensions and the program's own, and the outcome",
    async () => {
      const folder = tempDir();
      writeExtension(folder, "notes", section(3, 0), { "main.mjs": NOTES });
      const { host } = await startedHost([folder]);
      await allLive(host);
      const seen: unknown[] = [];
      const first = (_event: unknown, context: HookContext): void => {
        seen.push(context.annotations);
        context.annotate("cost", { cents: 3 });
      };
      await host.use({ id: "first", metadata: { priority: -1 }, events: [BEFORE], on: first });
      await host.use({
        id: "last",
        metadata: { priority: 1 },
        events: [BEFORE],
        on: (_event, context) => {
          seen.push(context.annotations);
          context.annotate("cost", 7);
        },
      });
      for (const chain of ["first_decision", "rewrite_then_veto"] as const) {
        seen.length = 0;
        const { annotations, votes } = await host.emit(eventOf(BEFORE), { chain });
        expect(seen).toEqual([{}, { cost: { cents: 3 }, "seen-by-notes": { cost: { cents: 3 } } }]);
        expect(annotations).toEqual({
          cost: { value: 7, by: "last", subscription: `${BEFORE}#1` },
          "seen-by-notes": { value: { cost: { cents: 3 } }, by: "notes", subscription: `${BEFORE}#1` },
        });
        expect(votes.every((vote) => !("annotationsDropped" in vote))).toBe(true);
      }
    },
  );

  it("is absent where nobody adds to it", async () => {
    const { host } = await startedHost([]);
    await host.use({ id: "a", events: [BEFORE], on: () => {} });
    expect(Object.keys(await host.emit(eventOf(BEFORE)))).not.toContain("annotations");
  });

  it("is the same for all who are asked at the same time", async () => {
    const { host } = await startedHost([]);
    const seen: string[] = [];
    const veto = (id: string) => ({
      id,
      events: [
        {
          kind: BEFORE,
          phase: "veto" as const,
          handler: (_event: unknown, context: HookContext) => {
            seen.push(Object.keys(context.annotations).join());
            context.annotate("same", id);
          },
        },
      ],
    });
    await host.hooks.registerMultiple([
      veto("b"),
      veto("c"),
      {
        id: "a",
        events: [{ kind: BEFORE, phase: "rewrite" }],
        on: (_event, context) => context.annotate("r", 1),
      },
    ]);
    const { annotations } = await host.emit(eventOf(BEFORE), { chain: "rewrite_then_veto" });
    expect(seen).toEqual(["r", "r"]);
    expect(annotations).toMatchObject({ r: { by: "a" }, same: { value: "c", by: "c" } });
  });

  it(verifies("INP-027") + "is bounded: members without room are dropped, and the vote says so", async () => {
    const { host } = await startedHost([]);
    const fill = (_event: unknown, context: HookContext): void => {
      for (let n = 0; n < 40; n += 1) context.annotate(`k${n}`, n);
      context.annotate("", 1);
      context.annotate("odd", (() => 1) as never);
      context.annotate("a\u001b[1m", 1);
    };
    await host.use({ id: "many", events: [BEFORE], on: fill });
    await host.use({
      id: "large",
      events: [BEFORE],
      on: (_e, context) => context.annotate("k0", "x".repeat(9_000)),
    });
    const { annotations, votes } = await host.emit(eventOf(BEFORE));
    expect(Object.keys(annotations ?? {})).toHaveLength(32);
    expect(annotations?.["k0"]?.value).toBe(0);
    expect(votes).toMatchObject([
      {
        status: "voted",
        annotationsDropped:
          "11 dropped: 'k32': more than 32 members; 'k33': more than 32 members; 'k34': more than 32 members; 'k35': more than 32 members",
      },
      { status: "voted", annotationsDropped: "1 dropped: 'k0': more than 8192 bytes in all" },
    ]);
  });

  it("is not for observers, and their votes say so", async () => {
    const { host } = await startedHost([]);
    await host.use({
      id: "a",
      events: ["on_message_complete"],
      on: (_e, context) => context.annotate("a", 1),
    });
    const { votes } = await (await host.emit(eventOf("on_message_complete"))).settled;
    expect(votes).toMatchObject([{ annotationsDropped: "an observed event has no later hooks" }]);
  });

  it("does not exist in protocols 1 and 2, in neither direction", async () => {
    const folder = tempDir();
    writeExtension(folder, "old", section(1, 0), { "main.mjs": RAW });
    const { host } = await startedHost([folder]);
    await allLive(host);
    await host.use({
      id: "b",
      metadata: { priority: "high" },
      events: [BEFORE],
      on: (_e, context) => context.annotate("b", 1),
    });
    expect(await host.emit(eventOf(BEFORE))).toMatchObject({
      action: "block",
      reason: "null",
      annotations: { b: { by: "b" } },
    });
    const answered = await host.emit(eventOf(BEFORE));
    expect(Object.keys(answered.annotations ?? {})).toEqual(["b"]);
  });
});

it(verifies("INP-028") + "a hook raises events in its own name", async () => {
  const { host } = await startedHost([]);
  await host.use({
    id: "limiter",
    events: [BEFORE],
    on(_event, context) {
      context.publish("rate_limit.exceeded", { key: "global" });
      return { action: "cancel", reason: "Rate limit exceeded" };
    },
  });
  expect(await host.emit(eventOf(BEFORE))).toMatchObject({ action: "block", by: "limiter" });
  expect(host.events.query({ topic: "rate_limit.*" })).toMatchObject([
    { from: "limiter", data: { key: "global" } },
  ]);
});
