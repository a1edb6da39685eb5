import { defineCatalog, synapsCatalog, type Catalog } from "@synaps/sdk/protocol";
import { expect, it } from "vitest";
import { statusOf } from "../../../e2e/host/support/fixture.js";
import { ECHO, late } from "../../../helpers/late.js";
import { verifies } from "../../../requirements/verifies.js";
import { leased } from "./support.js";

it(
  verifies("LEASE-024") + "the host's tools name sleeping ones, and calling one starts it for the session",
  async () => {
    const { host, starts } = await leased();
    expect(host.tools.list()).toMatchObject([{ name: "late:echo", apiName: "late_echo", extension: "late" }]);
    expect(starts()).toEqual([]);
    const result = await host.tools.call("late_echo", { n: 1 }, { sessionId: "s" });
    const [pid = 0] = starts();
    expect(result).toMatchObject({
      status: "ok",
      structured: { method: "tool.call", params: { name: "echo", input: { n: 1 } }, pid },
    });
    await host.tools.call("late:echo", {}, { sessionId: "s" });
    expect(starts()).toHaveLength(1);
    await host.tools.call("late:echo", {});
    expect(host.leases.live().map(({ session }) => session)).toEqual(["s", ""]);
    expect(statusOf(host, "late").process?.pid).toBeUndefined();
  },
);

it(verifies("LEASE-024") + "hooks and the schema come before the start", async () => {
  const tool = { ...ECHO, input_schema: { type: "object", required: ["n"] } };
  const { host, starts } = await leased({ extension: { deferred: { tools: [tool] } } });
  expect(await host.tools.call("late:echo", {})).toMatchObject({ status: "invalid_input" });
  host.subscribe("before_tool_call", () => ({ action: "block", reason: "not now" }));
  expect(await host.tools.call("late:echo", { n: 1 })).toMatchObject({ status: "blocked" });
  expect(starts()).toEqual([]);
});

it(verifies("LEASE-024") + "guards are asked also where no catalog has a kind after tools", async () => {
  const { after_tool_call: _, ...kinds } = synapsCatalog.kinds;
  const guarded = defineCatalog({ ...synapsCatalog, name: "guarded", kinds } as Catalog);
  const { host, starts, run } = await leased({}, { catalogs: [guarded] });
  host.subscribe("before_tool_call", () => ({ action: "block", reason: "not now" }));
  expect(await run()).toMatchObject({
    ok: false,
    reason: "blocked",
    message: expect.stringMatching(/not now/),
  });
  expect(starts()).toEqual([]);
});

it(verifies("LEASE-024") + "drift closes the tool until it is activated again", async () => {
  const { host, folder, starts } = await leased();
  late({ folder, extension: { permissions: ["tools.register", "memory.read"] } });
  for (const _ of [1, 2]) {
    expect(await host.tools.call("late:echo", {}, { sessionId: "s" })).toMatchObject({
      status: "unavailable",
      reason: "denied",
      content: expect.stringMatching(/^The tool 'late:echo' gave no answer: /),
    });
  }
  expect(starts()).toEqual([]);
  expect(host.leases.refusal("s", "late", "echo")).toMatchObject({ reason: "revoked" });
});

it(verifies("LEASE-024") + "an error of the tool reaches the caller as of any other tool", async () => {
  const { host } = await leased({ does: { declares: { tools: [ECHO] }, habit: "error" } });
  const result = await host.tools.call("late:echo", {});
  expect(result).toMatchObject({
    status: "error",
    isError: true,
    error: { code: expect.any(Number) as number },
  });
  expect(result.content).toMatch(/secret/);
});

it(verifies("LEASE-024") + "one that is given up is cancelled", async () => {
  const { host } = await leased({ does: { declares: { tools: [ECHO] }, habit: "silence" } });
  const over = new AbortController();
  const calling = host.tools.call("late:echo", {}, { signal: over.signal });
  over.abort();
  expect(await calling).toMatchObject({ status: "cancelled" });
});
