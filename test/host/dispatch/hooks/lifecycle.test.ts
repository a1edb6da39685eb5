import type { Host } from "@synaps/host";
import { describe, expect, it, vi } from "vitest";
import { eventOf } from "../../../helpers/events.js";
import { startedHost } from "../../../helpers/hosts.js";
import { verifies } from "../../../requirements/verifies.js";

const BEFORE = "before_tool_call";
const on = (): void => {};
const started = async (lifecycleBudgetMs = 5_000) => startedHost([], { limits: { lifecycleBudgetMs } });

async function refusal(host: Host, hook: unknown): Promise<{ code: string; message: string }> {
  try {
    await host.use(hook as never);
  } catch (error) {
    const { code, message } = error as Error & { code: string };
    return { code, message };
  }
  throw new Error("the hook was taken");
}

describe("onRegister", () => {
  it(verifies("INP-006") + "runs before anything is subscribed", async () => {
    const { host } = await started();
    let during = -1;
    const onRegister = async (): Promise<void> => {
      await host.emit(eventOf(BEFORE));
      during = host.handlerCount();
    };
    await host.use({ id: "a", events: [BEFORE], on, onRegister });
    expect([during, host.handlerCount()]).toEqual([0, 1]);
  });

  it.each([
    ["throws", () => Promise.reject(new Error("no redis")), "its onRegister threw: no redis"],
    [
      "throws at once",
      () => {
        throw new Error("no redis");
      },
      "its onRegister threw: no redis",
    ],
    ["hangs", () => new Promise<void>(() => {}), "its onRegister took longer than 5 ms"],
  ])("that %s refuses the hook, and nothing is subscribed", async (_how, onRegister, why) => {
    const { host } = await started(5);
    const onUnregister = vi.fn();
    expect(await refusal(host, { id: "a", events: [BEFORE], on, onRegister, onUnregister })).toEqual({
      code: "HOOK_REFUSED",
      message: `The hook 'a' was refused: ${why}`,
    });
    expect([host.isEmpty(), host.hooks.names(), onUnregister.mock.calls]).toEqual([true, [], []]);
    await host.use({ id: "a", events: [BEFORE], on });
  });
});

describe("onUnregister", () => {
  it(verifies("INP-007") + "runs once, after the hook is gone", async () => {
    const { host } = await started();
    const counts: number[] = [];
    const stop = await host.use({
      id: "a",
      events: [BEFORE],
      on,
      onUnregister: () => void counts.push(host.handlerCount()),
    });
    await Promise.all([stop(), stop()]);
    await host.stop();
    expect(counts).toEqual([0]);
  });

  it("that throws or hangs is told, and the hook is gone all the same", async () => {
    const { host } = await started(5);
    const broken = (): never => {
      throw new Error("disk full");
    };
    await host.use({ id: "a", events: [BEFORE], on, onUnregister: broken });
    await host.use({ id: "b", events: [BEFORE], on, onUnregister: () => new Promise<void>(() => {}) });
    await expect(host.hooks.unregister("a")).rejects.toMatchObject({
      code: "HOOK_UNREGISTER_FAILED",
      message: "The hook 'a' is unregistered, but its onUnregister threw: disk full",
    });
    await expect(host.hooks.unregister("b")).rejects.toMatchObject({
      message: "The hook 'b' is unregistered, but its onUnregister took longer than 5 ms",
    });
    expect(host.isEmpty()).toBe(true);
  });

  it("runs for all when the host stops, and failures are logged", async () => {
    const { host, log } = await started();
    const ended: string[] = [];
    await host.use({ id: "a", events: [BEFORE], on, onUnregister: () => void ended.push("a") });
    await host.use({ id: "b", events: [BEFORE], on, onUnregister: () => Promise.reject(new Error("oh")) });
    await host.stop();
    expect(ended).toEqual(["a"]);
    expect(log.map(({ message }) => message)).toContain(
      "The hook 'b' is unregistered, but its onUnregister threw: oh",
    );
    expect(await refusal(host, { id: "c", events: [BEFORE], on })).toMatchObject({ code: "HOST_STOPPED" });
  });

  it("runs when the subscriptions are removed by the id", async () => {
    const { host } = await started();
    const onUnregister = vi.fn();
    await host.use({ id: "a", events: [BEFORE, "before_message"], on, onUnregister });
    expect(host.unsubscribeAll("a")).toBe(2);
    expect([host.hooks.names(), onUnregister.mock.calls.length]).toEqual([[], 1]);
  });
});

describe("several hooks together", () => {
  const hook = (id: string, log: string[], more = {}) => ({
    id,
    events: [BEFORE],
    on,
    onRegister: () => void log.push(`+${id}`),
    onUnregister: () => void log.push(`-${id}`),
    ...more,
  });

  it(verifies("INP-008") + "are registered all or none", async () => {
    const { host } = await started();
    const log: string[] = [];
    const broken = hook("c", log, { onRegister: () => Promise.reject(new Error("no")) });
    const all = [hook("a", log), hook("b", log), broken, hook("d", log)];
    await expect(host.hooks.registerMultiple(all)).rejects.toMatchObject({
      code: "HOOK_REFUSED",
      message: "The hook 'c' was refused: its onRegister threw: no",
    });
    expect([log, host.isEmpty(), host.hooks.names()]).toEqual([["+a", "+b", "-b", "-a"], true, []]);
    const twice = [hook("a", log), hook("a", log)];
    await expect(host.hooks.registerMultiple(twice)).rejects.toThrow("its id is taken");
    const stop = await host.hooks.registerMultiple([hook("a", log), hook("b", log)]);
    expect(host.hooks.names()).toEqual(["a", "b"]);
    await stop();
    expect(log.slice(4)).toEqual(["+a", "+b", "-b", "-a"]);
  });

  it(verifies("INP-009") + "come as a plugin, are listed by it and go with it", async () => {
    const { host } = await started();
    const log: string[] = [];
    await host.hooks.usePlugin({
      name: "security",
      version: "1.0.0",
      hooks: [hook("a", log), hook("b", log)],
    });
    await host.use(hook("other", log));
    expect(host.hooks.names({ plugin: "security" })).toEqual(["a", "b"]);
    const again = host.hooks.usePlugin({ name: "security", version: "2.0.0", hooks: [hook("c", log)] });
    await expect(again).rejects.toThrow("a plugin of this name is registered");
    await host.hooks.unregisterPlugin("security");
    expect([host.hooks.names(), host.handlerCount()]).toEqual([["other"], 1]);
    await expect(host.hooks.unregisterPlugin("securty")).rejects.toMatchObject({ code: "HOOK_NOT_FOUND" });
  });
});

it(verifies("INP-010") + "hooks are listed by kind, tag, priority, plugin and state", async () => {
  const { host } = await started();
  const metadata = { name: "A", version: "1.2.0", description: "Looks", tags: ["security"] };
  await host.use({ id: "a", metadata: { ...metadata, priority: "high" }, events: [BEFORE], on });
  await host.use({ id: "b", metadata: { tags: ["audit"], priority: 5 }, events: ["before_message"], on });
  await host.use({ id: "c", events: [BEFORE, "before_message"], on });
  host.hooks.disable("c");
  expect(host.hooks.list({ kind: BEFORE, enabled: true })).toEqual([
    { id: "a", ...metadata, priority: -100, kinds: [BEFORE], breakers: [], plugin: null, enabled: true },
  ]);
  expect(host.hooks.names({ tag: "audit" })).toEqual(["b"]);
  expect(host.hooks.names({ priority: { from: "normal", to: "low" } })).toEqual(["b", "c"]);
  expect(host.hooks.names({ priority: { to: -1 } })).toEqual(["a"]);
  expect([host.hooks.count(), host.hooks.count({ enabled: false })]).toEqual([3, 1]);
  expect(() => host.hooks.list({ tga: "x" } as never)).toThrow("there is no 'tga'; did you mean 'tag'?");
  expect(() => host.hooks.list({ priority: { from: "hihg" } } as never)).toThrow("'from' must be");
  expect(() => host.hooks.disable("x")).toThrow(expect.objectContaining({ code: "HOOK_NOT_FOUND" }));
});

describe(verifies("INP-011") + "a malformed hook is refused by name", () => {
  const throwing = (): object =>
    Object.defineProperty({ id: "a", events: [BEFORE] }, "on", {
      enumerable: true,
      get: () => {
        throw new Error("gotcha");
      },
    });
  const entry = (): object =>
    Object.defineProperty({ kind: BEFORE }, "handler", {
      enumerable: true,
      get: () => {
        throw new Error("gotcha");
      },
    });

  it.each([
    [undefined, "without id", "it is no object"],
    [{}, "without id", "'id' must be a text of 1 to 64 characters"],
    [
      { id: "a".repeat(65), events: [BEFORE], on },
      `'${"a".repeat(64)}'`,
      "'id' must be a text of 1 to 64 characters",
    ],
    [{ id: "a" }, "'a'", "'events' must be a list of 1 to 256 kinds"],
    [{ id: "a", events: [], on }, "'a'", "'events' must be a list of 1 to 256 kinds"],
    [{ id: "a", event: [BEFORE], on }, "'a'", "there is no 'event'; did you mean 'events'?"],
    [{ id: "a", events: [BEFORE] }, "'a'", `'${BEFORE}' has no handler: give the hook an 'on'`],
    [{ id: "a", events: ["before_tool_cal"], on }, "'a'", "No catalog has the hook kind 'before_tool_cal'"],
    [
      { id: "a", events: [7], on },
      "'a'",
      "'events' holds something that is neither the name of a kind nor an object",
    ],
    [
      { id: "a", events: [{ kind: BEFORE, filtr: {} }], on },
      "'a'",
      "in 'events', there is no 'filtr'; did you mean 'filter'?",
    ],
    [
      { id: "a", events: [{ kind: BEFORE, handler: 7 }] },
      "'a'",
      `in 'events', the handler of '${BEFORE}' must be a function`,
    ],
    [
      { id: "a", events: [{ kind: "before_message", filter: { tool: "x" } }], on },
      "'a'",
      "The subscription to 'before_message' is wrong: hook 'before_message' does not allow a tool filter",
    ],
    [
      { id: "a", metadata: { prio: 1 }, events: [BEFORE], on },
      "'a', in 'metadata',",
      "there is no 'prio'; known are name, version, description, tags, priority",
    ],
    [
      { id: "a", metadata: { priority: "urgent" }, events: [BEFORE], on },
      "'a', in 'metadata',",
      "'priority' must be a finite number or one of highest, high, normal, low, lowest",
    ],
    [throwing, "'a'", "reading 'on' threw: gotcha"],
    [() => ({ id: "a", events: [entry()] }), "'a'", "gotcha"],
  ])("case %#", async (hook, name, why) => {
    const { host } = await started();
    expect(await refusal(host, typeof hook === "function" ? hook() : hook)).toEqual({
      code: "HOOK_REFUSED",
      message: `The hook ${name} was refused: ${why}`,
    });
    expect(host.isEmpty()).toBe(true);
  });

  it("and so is an id that a hook or a subscription has", async () => {
    const { host } = await started();
    await host.use({ id: "a", events: [BEFORE], on });
    host.subscribe(BEFORE, on, { id: "b" });
    for (const id of ["a", "b"])
      expect((await refusal(host, { id, events: [BEFORE], on })).message).toMatch("its id is taken");
    const [one, two] = await Promise.allSettled([
      host.use({ id: "c", events: [BEFORE], on, onRegister: () => Promise.resolve() }),
      host.use({ id: "c", events: [BEFORE], on }),
    ]);
    expect([one?.status, two?.status]).toEqual(["fulfilled", "rejected"]);
  });
});
