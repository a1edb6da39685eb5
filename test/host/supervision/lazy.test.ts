import { eventOf } from "../../helpers/events.js";
import { join } from "node:path";
import { expect, it } from "vitest";
import { call, inState, statusOf, votes } from "../../e2e/host/support/fixture.js";
import { startedHost, testHost } from "../../helpers/hosts.js";
import { ECHO, late, PROVIDER, SHOUT } from "../../helpers/late.js";
import { tempDir, writeJson } from "../../helpers/temp.js";
import { verifies } from "../../requirements/verifies.js";

const HOOKS = [{ hook: "before_tool_call", tool: "bash" }];
const FIRST_EVENT = { deferred: undefined, activation: "first_event", hooks: HOOKS };

it(verifies("LAZY-030") + "first_event: nothing runs until a matching event, which is answered", async () => {
  const one = late({ does: { declares: {} }, extension: FIRST_EVENT });
  const { host } = await startedHost([one.folder]);
  expect(host.loadResult).toMatchObject({ loaded: ["late"], failed: [] });
  expect(statusOf(host, "late")).toMatchObject({
    state: "loaded",
    process: { activation: "first_event", waitsForUse: true, pid: undefined },
  });
  // Neither another kind nor another tool concerns it.
  await host.emit({ kind: "on_session_start", session_id: "s" });
  await host.emit({ kind: "before_tool_call", tool_name: "read" });
  expect(one.starts()).toEqual([]);
  const outcomes = await Promise.all([host.emit(call({ n: 1 })), host.emit(call({ n: 2 }))]);
  expect(
    outcomes
      .map(votes)
      .flat()
      .filter((vote) => vote === "late: continue").length,
  ).toBeGreaterThan(0);
  await host.emit(call({ n: 3 }));
  expect(one.starts()).toHaveLength(1);
  expect(statusOf(host, "late")).toMatchObject({ state: "running", process: { waitsForUse: false } });
});

it(verifies("LAZY-031") + "the first event waits within its deadline only; the start goes on", async () => {
  const hooks = [{ hook: "before_tool_call", timeout_ms: 50 }];
  const one = late({
    does: { declares: {}, slowStartMs: 1_000 },
    extension: { ...FIRST_EVENT, hooks },
  });
  const { host } = await startedHost([one.folder]);
  expect(votes(await host.emit(call()))).toEqual(["late: abstained starting"]);
  await inState(host, "late", "running");
  expect(one.starts()).toHaveLength(1);
});

it(
  verifies("LAZY-032") + "a late start that fails abstains, fails open, and is told with its remedy",
  async () => {
    const one = late({ extension: { ...FIRST_EVENT, command: "./none" } });
    const closed = late({
      folder: one.folder,
      id: "guard",
      extension: {
        ...FIRST_EVENT,
        command: "./none",
        permissions: ["tools.intercept", "hooks.fail_closed"],
        hooks: [{ hook: "before_tool_call", tool: "edit", on_failure: "closed" }],
      },
    });
    const { host, log } = await startedHost([one.folder]);
    const outcome = await host.emit(call());
    expect([outcome.action, votes(outcome)]).toEqual(["continue", ["late: abstained failed"]]);
    expect(statusOf(host, "late")).toMatchObject({
      state: "failed",
      diagnostics: [{ code: "SPAWN_COMMAND_NOT_FOUND" }],
    });
    expect(log.filter(({ level }) => level === "error")).toHaveLength(1);
    expect(await host.emit({ kind: "before_tool_call", tool_name: "edit" })).toMatchObject({
      action: "block",
      by: "guard",
    });
    expect(closed.starts()).toEqual([]);
  },
);

it(verifies("LAZY-033") + "resume starts one that sleeps; reload puts one to sleep again", async () => {
  const one = late({ does: { declares: {} }, extension: FIRST_EVENT });
  const { host } = await startedHost([one.folder]);
  await host.resume("late");
  expect(statusOf(host, "late").state).toBe("running");
  await host.reload("late");
  expect(statusOf(host, "late")).toMatchObject({ state: "loaded", process: { waitsForUse: true } });
  expect(one.starts()).toHaveLength(1);
  expect(votes(await host.emit(call()))).toEqual(["late: continue"]);
  expect(one.starts()).toHaveLength(2);
});

it(verifies("LAZY-034") + "an observed event starts it too, and none is lost that waits", async () => {
  const hooks = [{ hook: "on_compaction" }];
  const permissions = ["privacy.llm_content"];
  const one = late({ does: { declares: {} }, extension: { ...FIRST_EVENT, hooks, permissions } });
  const { host } = await startedHost([one.folder]);
  const outcomes = await Promise.all(
    [1, 2, 3].map(() => host.emit({ kind: "on_compaction", message: "m", data: {} })),
  );
  const settled = await Promise.all(outcomes.map((outcome) => outcome.settled));
  expect(settled.map(votes)).toEqual([["late: continue"], ["late: continue"], ["late: continue"]]);
  expect(one.starts()).toHaveLength(1);
});

it(
  verifies("LEASE-017", "LAZY-035") + "a lazy hook starts at the first authorised matching event, once",
  async () => {
    const one = late({
      does: { declares: {} },
      extension: { deferred: { lifecycle: "hook" }, hooks: HOOKS },
    });
    const { host } = await startedHost([one.folder]);
    expect(statusOf(host, "late").process).toMatchObject({ activation: "hook", waitsForUse: true });
    await host.emit({ kind: "before_tool_call", tool_name: "read" });
    expect(one.starts()).toEqual([]);
    const many = await Promise.all(Array.from({ length: 8 }, (_, n) => host.emit(call({ n }))));
    expect(one.starts()).toHaveLength(1);
    expect(new Set(many.map(({ action }) => action))).toEqual(new Set(["continue"]));
  },
);

it(
  verifies("LAZY-014", "LEASE-012") + "with the switch off everything starts with the host, as ever",
  async () => {
    const one = late();
    const lazy = await startedHost([one.folder]);
    expect(statusOf(lazy.host, "late")).toMatchObject({ state: "loaded", process: { activation: "tool" } });
    expect(one.starts()).toEqual([]);
    const eager = await startedHost([one.folder], { lazy: false });
    expect(statusOf(eager.host, "late")).toMatchObject({
      state: "running",
      process: { activation: "eager", waitsForUse: false, tools: [ECHO] },
    });
    expect(one.starts()).toHaveLength(1);
    const { host } = testHost({
      folders: [one.folder],
      env: { ...process.env, SYNAPS_EXTENSIONS_EAGER: " On " },
    });
    await host.start();
    expect(one.starts()).toHaveLength(2);
  },
);

it(
  verifies("LAZY-014", "LEASE-012") + "and then what it declares is not held against its manifest",
  async () => {
    const one = late({ does: { declares: { tools: [SHOUT] } } });
    const { host } = await startedHost([one.folder], { lazy: false });
    expect(statusOf(host, "late")).toMatchObject({ state: "running", process: { tools: [SHOUT] } });
  },
);

const DRIFTS: readonly [string, object, object, string][] = [
  ["another tool", { tools: [ECHO] }, { tools: [SHOUT] }, "tool_missing"],
  ["a further tool", { tools: [ECHO] }, { tools: [ECHO, SHOUT] }, "tool_unlisted"],
  ["another schema", { tools: [ECHO] }, { tools: [{ ...ECHO, input_schema: {} }] }, "tool_schema"],
  ["another description", { tools: [ECHO] }, { tools: [{ ...ECHO, description: "x" }] }, "tool_description"],
  ["no provider", { providers: [PROVIDER] }, {}, "provider"],
  [
    "another name",
    { providers: [PROVIDER] },
    { providers: [{ ...PROVIDER, display_name: "x" }] },
    "provider",
  ],
  [
    "another model",
    { providers: [PROVIDER] },
    { providers: [{ ...PROVIDER, models: [{ id: "large" }] }] },
    "provider",
  ],
  [
    "a tool beside its provider",
    { providers: [PROVIDER] },
    { providers: [PROVIDER], tools: [ECHO] },
    "tool_unlisted",
  ],
];

it.each(DRIFTS)(
  verifies("LAZY-005", "LAZY-010", "LEASE-016") + "one that runs with %s is ended before anything is asked",
  async (_, declared, declares) => {
    const one = late({ does: { declares }, extension: { deferred: declared } });
    const { host } = await startedHost([one.folder]);
    await expect(host.resume("late")).rejects.toMatchObject({ code: "HANDSHAKE_DRIFT" });
    expect(statusOf(host, "late")).toMatchObject({
      state: "failed",
      diagnostics: [
        { code: "HANDSHAKE_DRIFT", message: expect.stringContaining("otherwise than its manifest") },
      ],
    });
    expect(statusOf(host, "late").process?.pid).toBeUndefined();
    expect(one.notes().filter((line) => !line.startsWith("start"))).toEqual([]);
  },
);

it(verifies("LAZY-036") + "a restart is held against the manifest again", async () => {
  const folder = tempDir();
  const declaresFrom = join(folder, "declares.json");
  writeJson(declaresFrom, {});
  const one = late({
    folder,
    does: { declaresFrom },
    extension: { deferred: { lifecycle: "hook" }, hooks: HOOKS },
  });
  const { host } = await startedHost([folder]);
  await host.emit(call());
  expect(statusOf(host, "late").state).toBe("running");
  // The program changes under the host, and then it falls.
  writeJson(declaresFrom, { tools: [ECHO] });
  process.kill(Number(statusOf(host, "late").process?.pid), "SIGKILL");
  const { process: it } = await inState(host, "late", "failed");
  expect(it).toMatchObject({
    pid: undefined,
    reason: expect.stringContaining("otherwise than its manifest"),
  });
  expect(one.starts().length).toBeGreaterThan(1);
});

it(verifies("LEASE-018") + "what only the user starts stays asleep whatever happens", async () => {
  const one = late({ does: { declares: {} }, extension: { deferred: { lifecycle: "user" } } });
  const { host } = await startedHost([one.folder]);
  for (const kind of ["on_session_start", "before_message", "before_tool_call"])
    await host.emit(eventOf(kind));
  expect(statusOf(host, "late")).toMatchObject({ state: "loaded", process: { activation: "user" } });
  expect(one.starts()).toEqual([]);
  await host.resume("late");
  expect(one.starts()).toHaveLength(1);
});
