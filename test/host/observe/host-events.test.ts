import { HostError, type HostEventMap, type HostEventName } from "@synaps/host";
import { expect, it } from "vitest";
import { call, inState, quickHook, statusOf, variant } from "../../e2e/host/support/fixture.js";
import { startedHost, testHost } from "../../helpers/hosts.js";
import { tempDir } from "../../helpers/temp.js";

const NAMES = ["state", "crash", "quarantine", "breaker", "log", "outcome", "stopped"] as const;

type Heard = { [N in HostEventName]: HostEventMap[N][] };

function listening(host: ReturnType<typeof testHost>["host"]): Heard {
  const heard = Object.fromEntries(NAMES.map((name) => [name, []])) as unknown as Heard;
  for (const name of NAMES) host.on(name, (event) => void (heard[name] as unknown[]).push(event));
  return heard;
}

it("a start, a crash and a quarantine are told with extension and reason", async () => {
  const folder = tempDir();
  variant(folder, "exits-on-event", { id: "frail", args: ["on-request"] });
  const limits = { crashBudget: 1, quarantineProbeMs: 600_000 };
  const { host } = testHost({ folders: [folder], limits });
  const heard = listening(host);
  await host.start();
  await host.emit(call({ exit: true }));
  await inState(host, "frail", "quarantined");
  expect(heard.state.map(({ extension, from, to }) => [extension, from, to])).toEqual([
    ["frail", "loaded", "starting"],
    ["frail", "starting", "running"],
    ["frail", "running", "quarantined"],
  ]);
  const { reason } = statusOf(host, "frail").process ?? {};
  expect(reason).toMatch(/\S/);
  expect(heard.crash).toEqual([{ extension: "frail", reason, next: "quarantined" }]);
  expect(heard.quarantine).toEqual([{ extension: "frail", reason }]);
});

it("outcomes are told with their votes; those that concern nobody are not", async () => {
  const { host } = await startedHost([]);
  const heard = listening(host);
  await host.emit(call());
  host.subscribe("before_tool_call", () => ({ action: "block", reason: "no" }), { id: "guard" });
  host.subscribe("on_usage", () => {}, { id: "meter" });
  const blocked = await host.emit(call());
  const observed = await (await host.emit({ kind: "on_usage", data: {} })).settled;
  expect(heard.outcome).toEqual([blocked, observed]);
  expect(observed.votes).toHaveLength(1);
});

it("a breaker that opens, and closes at the first answer, is told by subscription", async () => {
  const folder = tempDir();
  variant(folder, "answers-pings-only", { id: "mute", extension: { hooks: [quickHook(300)] } });
  const { host } = await startedHost([folder], { limits: { breakerTimeouts: 1, breakerProbeMs: 600_000 } });
  const heard = listening(host);
  await host.emit(call());
  await host.emit(call());
  expect(heard.breaker).toEqual([
    { extension: "mute", subscription: "before_tool_call#1", open: true, why: "1 missed deadline" },
  ]);
});

it("lines on standard error are told as they come", async () => {
  const folder = tempDir();
  variant(folder, "exits-on-start", { id: "loud" });
  const { host } = testHost({ folders: [folder] });
  const heard = listening(host);
  await host.start();
  expect(heard.log.map(({ extension, line }) => [extension, line])).toEqual(
    host.logs("loud").map(({ line }) => ["loud", line]),
  );
});

it("a listener that throws hurts nobody, and one that stopped listening hears nothing", async () => {
  const { host, log } = await startedHost([]);
  host.subscribe("before_tool_call", () => {});
  const heard: string[] = [];
  host.on("outcome", () => {
    throw new Error("broken");
  });
  const off = host.on("outcome", () => void heard.push("first"));
  host.on("outcome", () => void heard.push("second"));
  expect((await host.emit(call())).action).toBe("continue");
  off();
  await host.emit(call());
  expect(heard).toEqual(["first", "second", "second"]);
  expect(log).toContainEqual({
    level: "warn",
    message: "a listener for the event 'outcome' failed",
    fields: { reason: "broken", count: 1 },
  });
});

it("an event that does not exist is refused with the name that was meant", () => {
  const { host } = testHost();
  expect(() => host.on("outcom" as never, () => {})).toThrow(HostError);
  expect(() => host.on("outcom" as never, () => {})).toThrow("did you mean 'outcome'?");
  expect(() => host.on("state", null as never)).toThrow("the listener is no function");
});

it("the end of a host is told once, when its extensions have ended", async () => {
  const folder = tempDir();
  variant(folder, "healthy-rewriter");
  const { host } = await startedHost([folder]);
  const states: (readonly string[])[] = [];
  host.on("stopped", () => states.push(host.snapshot().extensions.map(({ state }) => state)));
  await Promise.all([host.stop(), host.stop()]);
  await host.stop();
  expect(states).toEqual([["stopped"]]);
});
