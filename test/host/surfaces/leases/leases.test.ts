import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { schemaDigest } from "@synaps/sdk/manifest";
import { expect, it } from "vitest";
import { gone, statusOf } from "../../../e2e/host/support/fixture.js";
import { ECHO, late, SHOUT } from "../../../helpers/late.js";
import { until } from "../../../helpers/wait.js";
import { verifies } from "../../../requirements/verifies.js";
import { answered, failed, leased } from "./support.js";

const BOTH = {
  does: { declares: { tools: [ECHO, SHOUT] } },
  extension: { deferred: { tools: [ECHO, SHOUT] } },
};

it(
  verifies("LEASE-001", "LAZY-003") + "loading, listing, searching and activating start nothing",
  async () => {
    const { host, starts } = await leased(BOTH);
    expect(host.leases.tools()).toEqual([
      {
        extension: "late",
        name: "echo",
        description: "Says it again",
        inputSchema: { type: "object" },
        schemaDigest: schemaDigest(ECHO.input_schema),
      },
      expect.objectContaining({ name: "shout" }),
    ]);
    expect(host.leases.search("LOUDLY says").map(({ name }) => name)).toEqual(["shout"]);
    expect(host.leases.search("")).toHaveLength(2);
    expect(host.leases.search("nothing of the kind")).toEqual([]);
    expect(statusOf(host, "late").process?.tools).toEqual([ECHO, SHOUT]);
    expect(host.leases.grant("s", "late", "echo")).toBeUndefined();
    expect(starts()).toEqual([]);
    expect(host.leases.live()).toEqual([]);
  },
);

it(
  verifies("LAZY-004") + "without activation a call is refused by its type, and starts nothing",
  async () => {
    const { run, starts, host } = await leased();
    expect(await run({ grant: false })).toEqual(failed("not_granted", false));
    expect(host.leases.grant("s", "nobody", "echo")).toEqual(failed("not_deferred", true));
    expect(host.leases.grant("s", "late", "other")).toEqual(failed("name_not_listed", true));
    expect(starts()).toEqual([]);
  },
);

it(verifies("LEASE-002") + "the first call starts one process, which later ones use", async () => {
  const { run, starts, notes, host } = await leased(BOTH);
  const first = await run();
  const [pid = 0] = starts();
  expect(first).toEqual(answered(pid));
  expect(await run({ grant: false })).toEqual(answered(pid));
  expect(notes()).toEqual([`start ${pid}`, "tool.call echo", "tool.call echo"]);
  expect(host.leases.live()).toEqual([{ session: "s", extension: "late", pid }]);
  // The extension itself has no process: each session has its own.
  expect(statusOf(host, "late")).toMatchObject({ state: "loaded", process: { pid: undefined } });
  const other = await run({ session: "t" });
  expect(starts()).toHaveLength(2);
  expect(other).toEqual(answered(starts()[1] ?? 0));
});

it(verifies("LEASE-003") + "many first calls at once start one process", async () => {
  const { run, starts } = await leased({ does: { declares: { tools: [ECHO] }, slowStartMs: 100 } });
  const results = await Promise.all(Array.from({ length: 12 }, () => run()));
  expect(starts()).toHaveLength(1);
  expect(new Set(results.map((one) => JSON.stringify(one))).size).toBe(1);
});

it(verifies("LEASE-004") + "a sibling of an activated tool stays closed and is never called", async () => {
  const { run, notes } = await leased(BOTH);
  await run();
  expect(await run({ tool: "shout", grant: false })).toEqual(failed("not_granted", false));
  expect(await run({ session: "t", grant: false })).toEqual(failed("not_granted", false));
  expect(notes().filter((line) => line.startsWith("tool.call"))).toEqual(["tool.call echo"]);
});

it.each([
  ["a missing tool", { tools: [] }, "name_not_listed"],
  ["another schema", { tools: [{ ...ECHO, input_schema: { type: "string" } }] }, "schema_mismatch"],
  ["another description", { tools: [{ ...ECHO, description: "Sends it home" }] }, "declaration_mismatch"],
  ["a further tool", { tools: [ECHO, SHOUT] }, "declaration_mismatch"],
  ["a tool that is none", { tools: [{ name: "a b" }] }, "declaration_mismatch"],
])(
  verifies("LEASE-005") + "%s ends the process before the call and revokes exactly that activation",
  async (_, declares, reason) => {
    const { run, starts, notes, host } = await leased({ does: { declares } });
    host.leases.grant("t", "late", "echo");
    expect(await run()).toEqual(failed(reason, true));
    const [pid = 0] = starts();
    await gone(pid);
    expect(notes()).toEqual([`start ${pid}`]);
    expect(await run({ grant: false })).toEqual(failed("revoked", false));
    expect(starts()).toHaveLength(1);
    // Another session's activation is its own; it finds out for itself.
    expect(host.leases.refusal("t", "late", "echo")).toBeUndefined();
    // And the user may activate it again.
    expect(host.leases.grant("s", "late", "echo")).toBeUndefined();
    expect(host.leases.refusal("s", "late", "echo")).toBeUndefined();
  },
);

it(verifies("LEASE-006") + "permissions that changed on disk start nothing and revoke", async () => {
  const { run, starts, folder } = await leased();
  late({ folder, extension: { permissions: ["tools.register", "memory.read"] } });
  expect(await run()).toEqual(failed("declaration_drift", true));
  expect(await run({ grant: false })).toEqual(failed("revoked", false));
  expect(starts()).toEqual([]);
});

it.each([
  ["a manifest that broke", { permissions: ["no.such"] }, "manifest_invalid"],
  ["another command", { command: "nodejs" }, "launch_drift"],
  ["another declaration", { deferred: { tools: [SHOUT] } }, "declaration_drift"],
])(verifies("LEASE-006") + "%s starts nothing and revokes", async (_, extension, reason) => {
  const { run, starts, folder } = await leased();
  late({ folder, extension });
  expect(await run()).toEqual(failed(reason, true));
  expect(starts()).toEqual([]);
});

it(verifies("LEASE-007") + "configuration that changed gets a new process, and revokes nothing", async () => {
  const config = [{ key: "mood", default: "good" }];
  const { run, starts, host, base } = await leased({ extension: { config } });
  expect(await run()).toMatchObject({ ok: true });
  const [pid = 0] = starts();
  writeFileSync(join(base, "config"), "extension.late.mood = bad\n");
  expect(await run({ grant: false })).toMatchObject({ ok: true });
  await gone(pid);
  expect(starts()).toHaveLength(2);
  expect(host.leases.live()).toMatchObject([{ pid: starts()[1] }]);
  await host.config.set("late", "mood", "worse");
  expect(await run({ grant: false })).toMatchObject({ ok: true });
  expect(starts()).toHaveLength(3);
  expect(await run({ grant: false })).toMatchObject({ ok: true });
  expect(starts()).toHaveLength(3);
});

it(verifies("LEASE-007") + "a call that is under way ends in the process that it began in", async () => {
  const config = [{ key: "mood", default: "good" }];
  const { run, starts, base, notes, folder } = await leased({
    extension: { config },
    does: { declares: { tools: [ECHO] }, habit: "waits" },
  });
  const first = run();
  await until("the call has begun", () => notes().some((line) => line.startsWith("tool.call")));
  writeFileSync(join(base, "config"), "extension.late.mood = bad\n");
  const second = run({ grant: false });
  await until("another process has begun", () => starts().length === 2);
  writeFileSync(join(folder, "late.log.go"), "");
  const [pid = 0] = starts();
  expect(await first).toMatchObject({ ok: true, result: { pid } });
  expect(await second).toMatchObject({ ok: true, result: { pid: starts()[1] } });
  await gone(pid);
});

it(
  verifies("LEASE-007") + "configuration that is wrong now is refused with its reason until it is right",
  async () => {
    const config = [{ key: "size", type: "number", required: true, default: 1 }];
    const { run, starts, base } = await leased({ extension: { protocol_version: 3, config } });
    writeFileSync(join(base, "config"), "extension.late.size = large\n");
    expect(await run()).toMatchObject({
      ok: false,
      reason: "config_invalid",
      revoked: false,
      message: expect.stringContaining("size"),
    });
    expect(starts()).toEqual([]);
    writeFileSync(join(base, "config"), "extension.late.size = 2\n");
    expect(await run({ grant: false })).toMatchObject({ ok: true });
  },
);

it(
  verifies("LEASE-008") + "an extension's error is withheld, but for its length, and revokes nothing",
  async () => {
    const { run, starts } = await leased({ does: { declares: { tools: [ECHO] }, habit: "error" } });
    const result = await run();
    const bytes = "the secret of the extension: 12345".length;
    expect(result).toMatchObject({ ok: false, reason: "extension_reported", revoked: false });
    expect(JSON.stringify(result)).toContain(`${bytes} bytes, withheld`);
    expect(JSON.stringify(result)).not.toContain("secret");
    expect(await run({ grant: false })).toMatchObject({ reason: "extension_reported" });
    expect(starts()).toHaveLength(1);
  },
);

it(verifies("LEASE-009") + "a megabyte on standard error during a call breaks nothing", async () => {
  const { run, starts, host } = await leased({ does: { declares: { tools: [ECHO] }, habit: "flood" } });
  expect(await run()).toMatchObject({ ok: true, result: { name: "echo" } });
  expect(await run()).toMatchObject({ ok: true });
  expect(starts()).toHaveLength(1);
  await until("all of it was read", () => /^x+ 1999$/.test(host.logs("late", 1)[0]?.line ?? ""));
});

it(
  verifies("LEASE-020") + "a process that falls is an answer; it is not started again for that call",
  async () => {
    const { run, starts, notes, host } = await leased({
      does: { declares: { tools: [ECHO] }, habit: "exit" },
    });
    const result = (await run()) as { message: string };
    expect(result).toMatchObject({ ok: false, reason: "transport", revoked: false });
    expect(result.message).toContain("exited with code 7");
    expect(Buffer.byteLength(result.message)).toBeLessThanOrEqual(300);
    expect(notes()).toEqual([`start ${starts()[0]}`, "tool.call echo"]);
    await until("its place is free", () => host.leases.live().length === 0);
    // The next call is a new start.
    await run();
    expect(starts()).toHaveLength(2);
  },
);

it(
  verifies("LEASE-021") + "a call that is not answered in time ends the process, whoever waits included",
  async () => {
    const { run, starts, host } = await leased({ does: { declares: { tools: [ECHO] }, habit: "silence" } });
    const [one, two] = await Promise.all([run({ deadlineMs: 300 }), run({ deadlineMs: 20_000 })]);
    expect(one).toMatchObject({ reason: "transport", revoked: false });
    expect(two).toMatchObject({ ok: false, revoked: false });
    await gone(starts()[0] ?? 0);
    expect(host.leases.live()).toEqual([]);
  },
);

it(verifies("LEASE-022") + "one call at a time goes to a process; the caller may give up", async () => {
  const { host, run, notes } = await leased({ does: { declares: { tools: [ECHO] }, habit: "silence" } });
  host.leases.grant("s", "late", "echo");
  const over = new AbortController();
  const call = { session: "s", extension: "late", tool: "echo", input: null, deadlineMs: 20_000 };
  const first = host.leases.execute({ ...call, signal: over.signal });
  await until("the first call is with it", () => notes().includes("tool.call echo"));
  const second = run({ grant: false, deadlineMs: 250 });
  expect(await second).toMatchObject({ reason: "transport", message: expect.stringContaining("turn") });
  expect(notes().filter((line) => line.startsWith("tool.call"))).toHaveLength(1);
  over.abort();
  expect(await first).toEqual(failed("cancelled", false));
});
