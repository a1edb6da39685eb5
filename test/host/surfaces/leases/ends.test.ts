import { expect, it } from "vitest";
import { gone, statusOf } from "../../../e2e/host/support/fixture.js";
import { ECHO, late, PROVIDER } from "../../../helpers/late.js";
import { until } from "../../../helpers/wait.js";
import { verifies } from "../../../requirements/verifies.js";
import { answered, failed, leased } from "./support.js";

it(verifies("LEASE-010") + "the end of a session ends its processes and takes its activations", async () => {
  const { run, starts, host } = await leased();
  await run();
  await run({ session: "t" });
  const [one = 0, two = 0] = starts();
  await host.leases.endSession("s");
  await gone(one);
  expect(await run({ grant: false })).toEqual(failed("not_granted", false));
  expect(await run({ session: "t", grant: false })).toEqual(answered(two));
});

it(verifies("LEASE-010") + "a process that nobody uses is ended", async () => {
  const { run, starts, host } = await leased({}, { limits: { leaseIdleMs: 50 } });
  await run();
  await gone(starts()[0] ?? 0);
  expect(host.leases.live()).toEqual([]);
  // The activation stays.
  expect(await run({ grant: false })).toMatchObject({ ok: true });
  expect(starts()).toHaveLength(2);
});

it(verifies("LEASE-010") + "the end of the host ends them all, also one that is starting", async () => {
  const { run, starts, host } = await leased({ does: { declares: { tools: [ECHO] }, slowStartMs: 60_000 } });
  const under = run();
  await until("it is starting", () => starts().length === 1);
  await host.stop();
  expect(await under).toEqual(failed("stopped", false));
  await gone(starts()[0] ?? 0);
  expect(await run({ grant: false })).toEqual(failed("stopped", false));
});

it(verifies("LEASE-011") + "unload leaves neither tool nor activation nor process", async () => {
  const { run, starts, host } = await leased();
  await run();
  const [pid = 0] = starts();
  await host.unload("late");
  await gone(pid);
  expect([host.leases.tools(), host.leases.live(), host.snapshot().extensions]).toEqual([[], [], []]);
  expect(await run({ grant: false })).toEqual(failed("not_deferred", true));
  await host.reload("late");
  // The old activation is not one for the new code.
  expect(await run({ grant: false })).toEqual(failed("not_granted", false));
  expect(await run()).toMatchObject({ ok: true });
});

it(verifies("LEASE-011") + "reload ends the processes of the old code", async () => {
  const { run, starts, host, folder } = await leased();
  await run();
  late({ folder, extension: { permissions: ["tools.register", "memory.read"] } });
  await host.reload("late");
  await gone(starts()[0] ?? 0);
  expect(await run()).toMatchObject({ ok: true });
});

it(verifies("LEASE-013") + "no call, failure or end changes what is listed", async () => {
  const { run, host, folder } = await leased();
  const listed = JSON.stringify(host.leases.tools());
  await run();
  await host.leases.endSession("s");
  late({ folder, extension: { permissions: ["tools.register", "memory.read"] } });
  await run();
  expect(JSON.stringify(host.leases.tools())).toBe(listed);
  expect(Object.isFrozen(host.leases.tools()[0])).toBe(true);
});

it(verifies("LEASE-014") + "a session lives until the last who holds it lets go", async () => {
  const { run, starts, host } = await leased();
  const [turn, agent] = [host.leases.hold("s"), host.leases.hold("s")];
  await run();
  const [pid = 0] = starts();
  await turn();
  // Letting go twice is letting go once.
  await turn();
  expect(await run({ grant: false })).toEqual(answered(pid));
  await agent();
  await gone(pid);
  expect(host.leases.live()).toEqual([]);
});

it(verifies("LEASE-023") + "no more than the capacity; that revokes nothing", async () => {
  const { run, starts, host } = await leased({}, { limits: { leaseCapacity: 2 } });
  await Promise.all([run({ session: "a" }), run({ session: "b" })]);
  expect(await run({ session: "c" })).toEqual(failed("capacity", false));
  await host.leases.endSession("a");
  expect(await run({ session: "c", grant: false })).toMatchObject({ ok: true });
  expect(starts()).toHaveLength(3);
});

const MIXED = {
  does: { declares: { tools: [ECHO], providers: [PROVIDER] } },
  extension: {
    deferred: { tools: [ECHO], providers: [PROVIDER] },
    hooks: [{ hook: "before_tool_call", tool: "bash" }],
  },
};

it(verifies("LEASE-019") + "an extension with hooks beside its tools has one process for all", async () => {
  const { run, starts, host } = await leased(MIXED);
  host.leases.search("again");
  expect(starts()).toEqual([]);
  const first = await run();
  const [pid = 0] = starts();
  expect(first).toEqual(answered(pid));
  expect(await run({ session: "t" })).toEqual(answered(pid));
  await host.emit({ kind: "before_tool_call", tool_name: "bash" });
  expect(starts()).toHaveLength(1);
  expect(statusOf(host, "late")).toMatchObject({ state: "running", process: { pid, activation: "mixed" } });
  expect(host.leases.live()).toEqual([]);
  // The process is the host's, not the session's.
  await host.leases.endSession("s");
  expect(await run({ session: "t", grant: false })).toEqual(answered(pid));
});

it(verifies("LEASE-019") + "and is held against its manifest like any other", async () => {
  const { run, host } = await leased({ ...MIXED, does: { declares: { tools: [ECHO] } } });
  expect(await run()).toEqual(failed("declaration_mismatch", true));
  expect(statusOf(host, "late")).toMatchObject({ state: "failed", process: { pid: undefined } });
  expect(await run({ grant: false })).toEqual(failed("revoked", false));
});
