import { describe, expect, it } from "vitest";
import { startedHost } from "../../helpers/hosts.js";

const KIND = "before_tool_call";
const CALL = { tool_name: "bash", tool_input: { command: "ls" } };

function throwing(name: string): object {
  const get = (): never => {
    throw new Error("unreadable");
  };
  return Object.defineProperty({}, name, { get, enumerable: true });
}

const unlisted = new Proxy(
  {},
  {
    ownKeys() {
      throw new Error("unlisted");
    },
  },
);

describe("subscribe", () => {
  it.each([
    ["a kind that is no text", 5, () => {}, {}],
    ["options that are null", KIND, () => {}, null],
    ["a handler that is none", KIND, {}, {}],
    ["an empty id", KIND, () => {}, { id: "" }],
    ["an id that is a number", KIND, () => {}, { id: 5 }],
    ["a priority that is a text", KIND, () => {}, { priority: "1" }],
    ["closed that is a text", KIND, () => {}, { closed: "yes" }],
    ["permissions that are a text", KIND, () => {}, { permissions: "tools.intercept" }],
    ["a filter that is null", KIND, () => {}, { filter: null }],
    ["tools that are a text", KIND, () => {}, { filter: { tools: "bash" } }],
    ["a tool that is a number", KIND, () => {}, { filter: { tools: [5] } }],
    ["a text to contain that is a number", KIND, () => {}, { filter: { inputContains: 5 } }],
    ["a value to equal without its wrapping", KIND, () => {}, { filter: { inputEquals: { command: "ls" } } }],
    ["a value to equal that is not JSON", KIND, () => {}, { filter: { inputEquals: { value: [NaN] } } }],
    ["options that throw", KIND, () => {}, throwing("priority")],
    ["a filter that throws", KIND, () => {}, { filter: throwing("tool") }],
    ["a breaker that throws", KIND, () => {}, { breaker: throwing("failures") }],
    ["a breaker without a list of its members", KIND, () => {}, { breaker: unlisted }],
  ])("refuses %s, and events go on as before", async (_, kind, handler, options) => {
    const made = (await startedHost([])).host;
    expect(() => made.subscribe(kind as never, handler as never, options as never)).toThrow(
      expect.objectContaining({ code: "SUBSCRIBE_DENIED" }),
    );
    expect(made.isEmpty()).toBe(true);
    expect(await made.emit({ kind: KIND, ...CALL })).toMatchObject({ action: "continue", votes: [] });
  });

  it("keeps a copy of its breaker, which was looked at once", async () => {
    const made = (await startedHost([])).host;
    let looks = 0;
    const breaker = {
      get failures() {
        return (looks += 1) === 1 ? 1 : Number.NaN;
      },
    };
    const fails = (): never => {
      throw new Error("no");
    };
    made.subscribe(KIND, fails, { breaker });
    await made.emit({ kind: KIND, ...CALL });
    expect(await made.emit({ kind: KIND, ...CALL })).toMatchObject({ votes: [{ reason: "breaker" }] });
  });

  it("keeps a copy of its filter, with the values that JSON has", async () => {
    const made = (await startedHost([])).host;
    const tools = ["bash"];
    const value: Record<string, unknown> = { command: "ls", cwd: undefined };
    made.subscribe(KIND, () => ({ action: "block", reason: "no" }), {
      filter: { tools, inputEquals: { value: value as never } },
    });
    tools[0] = "other";
    value["command"] = "rm";
    expect(await made.emit({ kind: KIND, ...CALL })).toMatchObject({ action: "block" });
  });
});

describe("emit and intercept", () => {
  it.each([
    ["null", null],
    ["a policy that does not exist", { chain: "strictest" }],
    ["a prompt that is no function", { confirm: "ask" }],
  ])("refuse options that are %s before anything runs", async (_, options) => {
    const { host } = await startedHost([]);
    const ran: string[] = [];
    host.subscribe(KIND, () => void ran.push("guard"));
    const refused = { code: "EVENT_INVALID" };
    await expect(host.emit({ kind: KIND, ...CALL }, options as never)).rejects.toMatchObject(refused);
    const operation = (): void => void ran.push("operation");
    const intercepted = host.intercept({ before: KIND }, CALL, operation, options as never);
    await expect(intercepted).rejects.toMatchObject(refused);
    expect(ran).toEqual([]);
  });

  it.each([
    ["no kinds", null, (): string => "ran"],
    ["a kind that is a number", { before: 5 }, (): string => "ran"],
    ["a kind behind it that is null", { before: KIND, after: null }, (): string => "ran"],
    ["an operation that is no function", { before: KIND }, "ran"],
  ])("intercept refuses %s before it asks anybody", async (_, kinds, run) => {
    const { host } = await startedHost([]);
    const asked: string[] = [];
    host.subscribe(KIND, () => void asked.push("guard"));
    await expect(host.intercept(kinds as never, CALL, run as never)).rejects.toMatchObject({
      code: "EVENT_INVALID",
    });
    expect(asked).toEqual([]);
  });
});
