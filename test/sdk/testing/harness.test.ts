import { block, defineExtension, defineHook, ExtensionError, inject } from "@synaps/sdk";
import { gatewayCatalog } from "@synaps/sdk/catalogs";
import { createHarness, envelope, events, eventsOf } from "@synaps/sdk/testing";
import { describe, expect, it } from "vitest";

const guard = defineExtension({
  config: { word: { type: "string", default: "rm" } },
  start: ({ log, id, root }) => log(`${id} in ${root}`),
  hooks: {
    before_tool_call: ({ tool_input }, { config }) =>
      JSON.stringify(tool_input).includes(config.word) ? block(`no ${config.word}`) : undefined,
    before_message: ({ message }) => {
      throw new ExtensionError(`cannot read ${message.length} characters`, { code: 55, data: { a: 1 } });
    },
  },
  tools: { echo: { description: "Says it again", input_schema: { type: "object" }, run: (input) => input } },
});

describe("kinds of catalogs that an extension names", () => {
  const gate = defineExtension({
    catalogs: [gatewayCatalog],
    hooks: {
      "gateway.connection": ({ data }) => (data.peer_ip === "::1" ? undefined : block("not from here")),
      "gateway.auth_success": () => ({ action: "inject", content: "x" }) as never,
    },
  });
  const { "gateway.connection": connection, "gateway.auth_success": login } = eventsOf(gatewayCatalog);

  it("are sent in the whole envelope and answered", async () => {
    await using harness = await createHarness(gate);
    const far = connection({ data: { peer_addr: "10.0.0.9:1", peer_ip: "10.0.0.9" } });
    expect(far).toEqual({ ...envelope("gateway.connection"), data: far.data });
    expect(await harness.send(far)).toEqual(block("not from here"));
    expect(await harness.send(connection({ data: { peer_addr: "[::1]:1", peer_ip: "::1" } }))).toEqual({
      action: "continue",
    });
  });

  it("have their answers checked", async () => {
    await using harness = await createHarness(gate);
    await expect(harness.send(login({ data: { peer_addr: "x", method: "totp" } }))).rejects.toThrow(
      "the action 'inject', which 'gateway.auth_success' does not allow. Allowed: continue, block, modify",
    );
  });

  it("are compared with the names that the catalogs have", () => {
    const hooks = { "gateway.conection": () => {} };
    expect(() => defineExtension({ catalogs: [gatewayCatalog], hooks: hooks as never })).toThrow(
      "'gateway.connection'",
    );
    expect(() => defineExtension({ catalogs: [{ name: "x" }] as never })).toThrow("'chain' is missing");
  });
});

describe("createHarness", () => {
  it.each([undefined, [1], [7, 2]])("sends events and reads verdicts in pieces of %j", async (splitAt) => {
    const harness = await createHarness(guard, splitAt ? { splitAt } : {});
    const call = events.before_tool_call({ tool_name: "bash", tool_input: { command: "rm -rf ü" } });
    expect(await harness.send(call)).toEqual({ action: "block", reason: "no rm" });
    expect(await harness.send({ ...call, tool_input: { command: "ls" } })).toEqual({ action: "continue" });
    expect(await harness.send(envelope("gateway.connection"))).toEqual({ action: "continue" });
  });

  it("does the handshake with what the options say", async () => {
    const harness = await createHarness(guard, { id: "guard", root: "/g", config: { word: "cat" } });
    expect(harness.logs).toEqual(["guard in /g"]);
    expect(harness.initialized).toMatchObject({
      protocol_version: 3,
      features: ["meta", "cancel", "ping", "batch", "progress", "config.changed"],
    });
    const call = events.before_tool_call({ tool_name: "bash", tool_input: "cat x" });
    expect(await harness.send(call)).toMatchObject({ reason: "no cat" });
    expect((await createHarness(guard)).logs).toEqual(["test-extension in null"]);
  });

  it.each([1, 2] as const)("speaks protocol %i without features", async (protocolVersion) => {
    const { initialized } = await createHarness(guard, { protocolVersion });
    expect(initialized).toEqual({
      protocol_version: protocolVersion,
      capabilities: {
        tools: [{ name: "echo", description: "Says it again", input_schema: { type: "object" } }],
      },
    });
  });

  it("rejects with the error of a handler", async () => {
    const harness = await createHarness(guard);
    await expect(harness.send(events.before_message({ message: "abc" }))).rejects.toMatchObject({
      name: "ExtensionError",
      message: "cannot read 3 characters",
      code: 55,
      data: { a: 1 },
    });
  });

  it("rejects an answer that a host would not take, and says why", async () => {
    const wrong = async (answer: unknown): Promise<string> => {
      const harness = await createHarness(defineHook("on_session_start", () => answer as never));
      return harness.send(events.on_session_start({ session_id: "s" })).then(
        () => "accepted",
        (error: Error) => error.message,
      );
    };
    expect(await wrong({ action: "block", reason: "no" })).toContain(
      "returned the action 'block', which 'on_session_start' does not allow. Allowed: continue, inject",
    );
    expect(await wrong({ action: "inject" })).toContain("the action 'inject' needs 'content'");
    expect(await wrong(null)).toContain("returned null, which is no result");
    expect(await wrong(inject("fine"))).toBe("accepted");
  });

  it("calls tools and any other method", async () => {
    const harness = await createHarness(guard);
    expect(await harness.callTool("echo", { a: [1] })).toEqual({ a: [1] });
    await expect(harness.callTool("shout", {})).rejects.toMatchObject({ code: -32602 });
    expect(await harness.request("ping", null)).toEqual({});
    harness.notify("config.changed", {});
    await expect(harness.request("nonsense", null)).rejects.toMatchObject({ code: -32601 });
  });

  it("cancels through a signal, before or after the call", async () => {
    const patient = defineHook(
      "before_message",
      (_, { signal }) =>
        new Promise((resolve) => signal.addEventListener("abort", () => resolve(inject("cancelled")))),
    );
    const harness = await createHarness(patient);
    const event = events.before_message({ message: "wait" });
    const controller = new AbortController();
    const sent = harness.send(event, { signal: controller.signal });
    controller.abort();
    expect(await sent).toEqual({ action: "inject", content: "cancelled" });
    expect(await harness.send(event, { signal: AbortSignal.abort() })).toMatchObject({ action: "inject" });
  });

  it("refuses a start that throws or a configuration that does not fit", async () => {
    const limited = defineExtension({ config: { limit: { type: "number" } } });
    await expect(createHarness(limited, { config: { limit: "many" } })).rejects.toThrow(
      "config key 'limit' must be a number",
    );
  });

  it("refuses an answer over the limit of a host", async () => {
    const large = defineHook("before_message", () => inject("x".repeat(5 * 1024 * 1024)));
    const harness = await createHarness(large);
    await expect(harness.send(events.before_message({ message: "" }))).rejects.toThrow("too_large");
  });

  it("stops once; what is sent later is rejected", async () => {
    let stops = 0;
    const harness = await createHarness(defineExtension({ stop: () => void (stops += 1) }));
    await Promise.all([harness.stop(), harness.stop()]);
    await expect(harness.request("ping", null)).rejects.toThrow("the extension has stopped");
    expect(stops).toBe(1);
  });
});
