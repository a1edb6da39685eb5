import { describe, expect, it } from "vitest";
import { startedHost } from "../../helpers/hosts.js";

describe("an event that nobody listens to", () => {
  it("gets the one shared outcome of its kind", async () => {
    const { host } = await startedHost([]);
    const first = host.emit({ kind: "before_tool_call", tool_name: "bash" });
    expect(host.emit({ kind: "before_tool_call", tool_name: "ls" })).toBe(first);
    expect(await first).toEqual({ action: "continue", kind: "before_tool_call", votes: [], durationMs: 0 });
    expect(Object.isFrozen(await first)).toBe(true);
    expect(await (await first).settled).toBe(await first);
  });

  it("is not even serialised: what is no JSON does not matter", async () => {
    const { host } = await startedHost([]);
    host.subscribe("before_tool_call", () => ({ action: "block", reason: "" }), {
      filter: { tools: ["other"] },
    });
    const outcome = await host.emit({ kind: "before_tool_call", tool_name: "bash", tool_input: 1n as never });
    expect(outcome).toMatchObject({ action: "continue", votes: [] });
  });

  it("is refused when no catalog knows its kind", async () => {
    const { host } = await startedHost([]);
    await expect(host.emit({ kind: "nope" })).rejects.toMatchObject({ code: "EVENT_UNKNOWN_KIND" });
  });
});

describe("an event that is not JSON", () => {
  it.each(["before_tool_call", "on_message_complete", "on_session_end"])(
    "rejects the call for %s",
    async (kind) => {
      const { host } = await startedHost([]);
      host.subscribe(kind, () => undefined);
      await expect(host.emit({ kind, data: 1n as never })).rejects.toMatchObject({ code: "EVENT_INVALID" });
    },
  );
});

describe("gates", () => {
  it("use the catalog's policy, the host's, or the call's", async () => {
    const chains = ["first_decision", "rewrite_then_veto"] as const;
    for (const chain of [undefined, ...chains]) {
      const { host } = await startedHost([], chain ? { chain } : {});
      host.subscribe("before_tool_call", () => ({ action: "modify", input: 1 }), { id: "a" });
      host.subscribe("before_tool_call", () => ({ action: "block", reason: "no" }), { id: "b" });
      const event = { kind: "before_tool_call", tool_name: "bash", tool_input: 0 };
      expect((await host.emit(event)).action).toBe(chain === "rewrite_then_veto" ? "block" : "modify");
      expect((await host.emit(event, { chain: "rewrite_then_veto" })).action).toBe("block");
      expect((await host.emit(event, { chain: "first_decision" })).action).toBe("modify");
    }
  });

  it("settle at once", async () => {
    const { host } = await startedHost([]);
    host.subscribe("before_tool_call", () => undefined);
    const outcome = await host.emit({ kind: "before_tool_call", tool_name: "bash" });
    expect(await outcome.settled).toBe(outcome);
    expect(Object.keys(outcome)).not.toContain("settled");
  });
});

describe("observers", () => {
  it("do not make emit wait, and settle with their votes", async () => {
    const { host } = await startedHost([]);
    let answer = (): void => {};
    const held = new Promise<void>((resolve) => (answer = resolve));
    host.subscribe("on_message_complete", () => held, { id: "slow" });
    host.subscribe("on_message_complete", () => ({ action: "block", reason: "x" }), { id: "loud" });
    const outcome = await host.emit({ kind: "on_message_complete", data: {}, message: "m" });
    expect(outcome).toMatchObject({ action: "continue", votes: [] });
    answer();
    const settled = await outcome.settled;
    expect(settled.action).toBe("continue");
    expect(settled.votes).toMatchObject([
      { extension: "slow", status: "voted" },
      { extension: "loud", status: "voted", ignored: "'block' is not allowed for on_message_complete" },
    ]);
    await host.settled();
    expect(host.snapshot().subscriptions.map(({ matched }) => matched)).toEqual([1, 1]);
  });

  it("are waited for by settled", async () => {
    const { host } = await startedHost([]);
    let seen = 0;
    host.subscribe("on_message_complete", async () => {
      await new Promise((resolve) => setImmediate(resolve));
      seen += 1;
    });
    await host.emit({ kind: "on_message_complete", data: {}, message: "m" });
    await host.settled();
    expect(seen).toBe(1);
  });
});

describe("lifecycle", () => {
  it("takes the end of a session without a transcript, and usage without the id of a message", async () => {
    const { host } = await startedHost([]);
    const seen: unknown[] = [];
    host.subscribe("on_session_end", ({ transcript }) => void seen.push(transcript));
    host.subscribe("on_usage", ({ data }) => void seen.push(data));
    await host.emit({ kind: "on_session_end", session_id: "s" });
    const data = { provider: "p", model: null, usage: { input_tokens: 1, output_tokens: 2 } };
    await (
      await host.emit({ kind: "on_usage", session_id: "s", data } as never)
    ).settled;
    expect(seen).toEqual([null, data]);
  });

  it("asks all at the same time within one budget, and names who was too slow", async () => {
    const { host } = await startedHost([], { limits: { lifecycleBudgetMs: 30 } });
    host.subscribe("on_session_end", () => new Promise(() => {}), { id: "hangs" });
    host.subscribe("on_session_end", () => undefined, { id: "quick" });
    const outcome = await host.emit({ kind: "on_session_end", transcript: [], session_id: "s" });
    expect(outcome.votes).toMatchObject([
      { extension: "hangs", status: "abstained", reason: "budget" },
      { extension: "quick", status: "voted" },
    ]);
  });
});

describe("functions of the program", () => {
  it("may use the spellings of the other hook systems", async () => {
    const { host } = await startedHost([]);
    const event = { kind: "before_tool_call", tool_name: "bash", tool_input: 0 };
    for (const action of ["reject", "abort", "cancel"] as const) {
      const off = host.subscribe("before_tool_call", () => ({ action, reason: action }));
      expect(await host.emit(event)).toMatchObject({ action: "block", reason: action, by: "program" });
      off();
    }
    for (const action of ["modified", "modify_context"] as const) {
      const off = host.subscribe("before_tool_call", () => ({ action, data: 9 }));
      expect(await host.emit(event)).toMatchObject({ action: "modify", input: 9 });
      off();
    }
    expect(host.isEmpty()).toBe(true);
  });

  it("abstain when they throw, at once or later, and when they are late", async () => {
    const { host } = await startedHost([]);
    const boom = (): never => {
      throw new Error("boom");
    };
    host.subscribe("before_tool_call", boom, { id: "throws" });
    host.subscribe("before_tool_call", () => Promise.reject(new Error("later")), { id: "rejects" });
    host.subscribe("before_tool_call", () => new Promise(() => {}), { id: "late", deadlineMs: 10 });
    const { action, votes } = await host.emit({ kind: "before_tool_call", tool_name: "bash" });
    expect(action).toBe("continue");
    expect(votes).toMatchObject([
      { extension: "throws", reason: "error", detail: "boom" },
      { extension: "rejects", reason: "error", detail: "later" },
      { extension: "late", reason: "timeout" },
    ]);
  });

  it("are refused without the permission or with a tool filter that the kind does not allow", async () => {
    const { host } = await startedHost([]);
    expect(() => host.subscribe("before_tool_call", () => undefined, { permissions: [] })).toThrow(
      "lacks permission 'tools.intercept' required for hook 'before_tool_call'",
    );
    expect(() => host.subscribe("before_message", () => undefined, { filter: { tools: ["x"] } })).toThrow(
      "does not allow a tool filter",
    );
    expect(host.handlerCount()).toBe(0);
  });

  it("can fail closed", async () => {
    const { host } = await startedHost([]);
    host.subscribe("before_tool_call", () => Promise.reject(new Error("down")), {
      id: "guard",
      closed: true,
    });
    const outcome = await host.emit({ kind: "before_tool_call", tool_name: "bash" });
    expect(outcome).toMatchObject({ action: "block", by: "guard" });
  });
});
