import { defineExtension, ExtensionError, type ExtensionContext } from "@synaps/sdk";
import { WIRE_ERRORS } from "@synaps/sdk/protocol";
import { describe, expect, it } from "vitest";
import { converse, initializeParams } from "../../helpers/conversation.js";
import { verifies } from "../../requirements/verifies.js";

const TOOL = { description: "Adds", input_schema: { type: "object" }, run: () => null };

describe("initialize", () => {
  it.each([1, 2])("answers protocol %i with the keys of the reference", async (version) => {
    const { ask } = converse(defineExtension({}));
    expect(await ask("initialize", initializeParams(version, { features: ["meta"] }))).toEqual({
      jsonrpc: "2.0",
      id: 1,
      result: { protocol_version: version, capabilities: {} },
    });
  });

  it("answers protocol 3 with the features that both know", async () => {
    const { ask } = converse(defineExtension({}));
    const reply = await ask("initialize", initializeParams(3, { features: ["ping", "telepathy", "meta"] }));
    expect(reply?.result).toEqual({ protocol_version: 3, capabilities: {}, features: ["meta", "ping"] });
    expect(
      (await converse(defineExtension({})).ask("initialize", initializeParams(3)))?.result,
    ).toMatchObject({ features: [] });
  });

  it("declares the tools, without their code", async () => {
    const { ask } = converse(defineExtension({ tools: { add: TOOL } }));
    expect((await ask("initialize", initializeParams(1)))?.result).toEqual({
      protocol_version: 1,
      capabilities: { tools: [{ name: "add", description: "Adds", input_schema: { type: "object" } }] },
    });
  });

  it.each([0, 4, "3", null, undefined])("refuses the version %j with the ones it knows", async (version) => {
    const { ask } = converse(defineExtension({}));
    const params = { ...(initializeParams() as object), extension_protocol_version: version };
    expect((await ask("initialize", params))?.error).toEqual({
      code: WIRE_ERRORS.unsupported_version,
      message: "unsupported protocol version (supported: 1, 2, 3)",
    });
  });

  it("refuses to be called twice, or without params", async () => {
    const { ask } = converse(defineExtension({}));
    await ask("initialize", initializeParams());
    expect((await ask("initialize", initializeParams()))?.error).toEqual({
      code: -32600,
      message: "initialize was already called",
    });
    expect((await converse(defineExtension({})).ask("initialize"))?.error).toEqual({
      code: -32600,
      message: "initialize needs params",
    });
  });

  it("tells start who it is, and waits for it before it answers", async () => {
    let open = (): void => {};
    let seen: ExtensionContext | undefined;
    const { ask, say, replies, logs } = converse(
      defineExtension({
        start: (context) => {
          seen = context;
          context.log("starting");
          return new Promise<void>((resolve) => {
            open = resolve;
          });
        },
      }),
    );
    expect(await ask("initialize", initializeParams())).toBeUndefined();
    expect(seen).toMatchObject({ id: "sample", root: "/somewhere/sample", config: {} });
    expect(logs).toEqual(["starting"]);
    const early = await ask("hook.handle", { kind: "on_usage" });
    expect(early?.error).toEqual({ code: -32600, message: "initialize must be answered first" });
    open();
    await say({ method: "nothing" });
    expect(replies.at(-1)).toMatchObject({ id: 1, result: { protocol_version: 3 } });
  });

  it("hands on what start throws", async () => {
    const { ask } = converse(
      defineExtension({
        start: () => {
          throw new ExtensionError("no database", { code: 4711, data: { path: "x.db" } });
        },
      }),
    );
    expect((await ask("initialize", initializeParams()))?.error).toEqual({
      code: 4711,
      message: "no database",
      data: { path: "x.db" },
    });
    expect((await ask("hook.handle", { kind: "on_usage" }))?.error?.code).toBe(-32600);
  });

  it("takes a root of null and a missing config", async () => {
    let root: unknown = "unset";
    const { ask } = converse(defineExtension({ start: (context) => void (root = context.root) }));
    await ask("initialize", initializeParams(1, { plugin_root: null, config: undefined }));
    expect(root).toBeNull();
  });
});

describe("stopping", () => {
  it("runs stop once, answers with null and then says that it has finished", async () => {
    let stops = 0;
    const { ask, finished, session } = converse(defineExtension({ stop: () => void (stops += 1) }));
    await ask("initialize", initializeParams());
    expect(finished()).toBe(0);
    expect(await ask("shutdown", null)).toEqual({ jsonrpc: "2.0", id: 2, result: null });
    await session.stop();
    expect([stops, finished()]).toEqual([1, 1]);
  });

  it("does not run stop when start never ran, and answers all the same", async () => {
    let stops = 0;
    const { ask, finished } = converse(defineExtension({ stop: () => void (stops += 1) }));
    expect((await ask("shutdown", null))?.result).toBeNull();
    expect([stops, finished()]).toEqual([0, 1]);
  });

  it("logs what stop throws and ends anyway", async () => {
    const { ask, logs, finished } = converse(
      defineExtension({
        stop: () => {
          throw new Error("disk full");
        },
      }),
    );
    await ask("initialize", initializeParams());
    expect((await ask("shutdown", null))?.result).toBeNull();
    expect(logs).toEqual(["stop failed: disk full"]);
    expect(finished()).toBe(1);
  });

  it(verifies("AUTH-005") + "can still ask the host, and answers when that is done", async () => {
    const { ask, say, replies, finished } = converse(
      defineExtension({ stop: async ({ memory }) => void (await memory.append({ content: "last words" })) }),
    );
    await ask("initialize", initializeParams());
    expect(await ask("shutdown", null)).toBeUndefined();
    const asked = replies.at(-1) as unknown as { id: number; method: string };
    expect(asked).toMatchObject({ method: "memory.append", params: { content: "last words" } });
    await say({ jsonrpc: "2.0", id: asked.id, result: {} });
    expect(replies.at(-1)).toEqual({ jsonrpc: "2.0", id: 2, result: null });
    expect(finished()).toBe(1);
  });

  it(verifies("AUTH-005") + "does not wait for a host that is gone", async () => {
    const { ask, logs, session, finished } = converse(
      defineExtension({ stop: async ({ memory }) => void (await memory.append({ content: "last words" })) }),
    );
    await ask("initialize", initializeParams());
    await ask("shutdown", null);
    session.hostIsGone();
    await session.stop();
    expect(logs).toEqual(["stop failed: the host did not answer 'request': the conversation is over"]);
    await expect.poll(finished).toBe(1);
  });

  it("aborts what is under way", async () => {
    let aborted = false;
    const { ask } = converse(
      defineExtension({
        hooks: {
          before_message: (_, { signal }) =>
            new Promise<void>(() => {
              signal.addEventListener("abort", () => void (aborted = true));
            }),
        },
      }),
    );
    await ask("initialize", initializeParams());
    await ask("hook.handle", { kind: "before_message" });
    await ask("shutdown", null);
    expect(aborted).toBe(true);
  });
});
