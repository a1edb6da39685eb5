import { describe, expect, it } from "vitest";
import { namesOfUsual, readEvent } from "../../../packages/host/src/delivery/event-input.js";
import { HostError } from "../../../packages/host/src/errors.js";

const NOTHING = {
  tool_name: null,
  tool_runtime_name: null,
  tool_input: null,
  tool_output: null,
  message: null,
  session_id: null,
  transcript: null,
  data: null,
};

const EVERYTHING = {
  kind: "before_tool_call",
  tool_name: "bash",
  tool_runtime_name: "p:bash",
  tool_input: { command: "ls" },
  tool_output: "out",
  message: "m",
  session_id: "s",
  transcript: [1],
  data: { n: 1 },
};

function refused(event: unknown): HostError {
  try {
    readEvent(event);
  } catch (error) {
    return error as HostError;
  }
  throw new Error("it was read");
}

describe("an event that is read", () => {
  it("has null for each member of the envelope that is absent, and nothing beside it", () => {
    expect(readEvent({ kind: "x" })).toEqual({
      envelope: { kind: "x", ...NOTHING },
      extras: undefined,
      hasOutput: false,
    });
    expect(readEvent({ kind: "x", tool_output: null }).hasOutput).toBe(true);
    const undefinedOnes = Object.fromEntries(Object.keys(NOTHING).map((name) => [name, undefined]));
    expect(readEvent({ kind: "x", ...undefinedOnes }).envelope).toEqual({ kind: "x", ...NOTHING });
    expect(readEvent({ kind: "x", ...NOTHING }).envelope).toEqual({ kind: "x", ...NOTHING });
  });

  it.each([
    ["toolInput", "there is no 'toolInput'; did you mean 'tool_input'?"],
    ["sesion_id", "there is no 'sesion_id'; did you mean 'session_id'?"],
    ["payload", /^there is no 'payload'; known are kind, tool_name, .*, is_error$/],
  ])("may not have a member '%s'", (name, words) => {
    const { code, message } = refused({ kind: "x", [name]: 1 });
    expect(code).toBe("EVENT_INVALID");
    expect(message.replace("The event is wrong: ", "")).toMatch(words);
  });

  it("has every member, in the order of the wire", () => {
    const { envelope, extras } = readEvent(EVERYTHING);
    expect(JSON.stringify(envelope)).toBe(JSON.stringify(EVERYTHING));
    expect(extras).toBeUndefined();
  });

  it.each([
    { correlation_id: "c", tool_call_id: undefined, is_error: undefined },
    { correlation_id: undefined, tool_call_id: "t", is_error: undefined },
    { correlation_id: undefined, tool_call_id: undefined, is_error: false },
    { correlation_id: "c", tool_call_id: "t", is_error: true },
  ])("keeps what goes beside the envelope: %o", (extras) => {
    const read = readEvent({ kind: "x", ...extras });
    expect(read.extras).toEqual(extras);
    expect(Object.keys(read.envelope)).toEqual(["kind", ...Object.keys(NOTHING)]);
  });

  it("takes the kind that it is given, whatever the event says", () => {
    expect(readEvent({ kind: "mine" }, "theirs").envelope.kind).toBe("theirs");
    expect(readEvent({}, "theirs").envelope.kind).toBe("theirs");
  });

  it("is read once: a getter cannot say two things", () => {
    const asked: string[] = [];
    const event = new Proxy(EVERYTHING, {
      get: (target, name) => {
        asked.push(String(name));
        return Reflect.get(target, name) as unknown;
      },
    });
    readEvent(event);
    const names = [...Object.keys(EVERYTHING), "correlation_id", "tool_call_id", "is_error"];
    expect(asked.sort()).toEqual(names.sort());
  });
});

describe("an event of a wrong type", () => {
  const TEXTS = ["tool_name", "tool_runtime_name", "tool_output", "message", "session_id"];

  it.each([
    [undefined, "an event is an object, not undefined"],
    [null, "an event is an object, not null"],
    ["text", "an event is an object, not string"],
    [() => {}, "an event is an object, not function"],
    [[], "an event is an object, not a list"],
    [{}, "'kind' must be a string, not undefined"],
    [{ kind: 7 }, "'kind' must be a string, not number"],
    ...TEXTS.map((name) => [{ kind: "x", [name]: 7 }, `'${name}' must be a string or null, not number`]),
    ...TEXTS.map((name) => [{ kind: "x", [name]: [] }, `'${name}' must be a string or null, not a list`]),
    [{ kind: "x", transcript: {} }, "'transcript' must be a list or null, not an object"],
    [{ kind: "x", transcript: "t" }, "'transcript' must be a list or null, not string"],
    [{ kind: "x", correlation_id: null }, "'correlation_id' must be a string, not null"],
    [{ kind: "x", tool_call_id: 1 }, "'tool_call_id' must be a string, not number"],
    [{ kind: "x", correlation_id: "c", tool_call_id: 1 }, "'tool_call_id' must be a string, not number"],
    [{ kind: "x", is_error: "yes" }, "'is_error' must be true or false, not string"],
    [{ kind: "x", is_error: null }, "'is_error' must be true or false, not null"],
  ] as [unknown, string][])("is refused: %o", (event, why) => {
    const error = refused(event);
    expect(error).toBeInstanceOf(HostError);
    expect([error.code, error.message]).toEqual(["EVENT_INVALID", `The event is wrong: ${why}`]);
    expect(error.hint).toBe("Pass {kind, tool_name, tool_input, ...} with the types of EventInput.");
  });

  it("is told by its first wrong member", () => {
    expect(refused({ kind: 1, message: 2 }).message).toContain("'kind'");
    expect(refused({ kind: "x", message: 2, is_error: 3 }).message).toContain("'message'");
    expect(refused({ kind: "x", transcript: 2, is_error: 3 }).message).toContain("'is_error'");
  });

  it("is refused when it cannot be read", () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    expect(refused(proxy).message).toMatch(/^The event is wrong: it cannot be read: .*revoked/);
    const thrower = {
      get message(): string {
        throw new Error("no message today");
      },
    };
    expect(refused(thrower).message).toBe("The event is wrong: it cannot be read: no message today");
  });
});

describe("a look without a copy", () => {
  it("takes only what reading would take, and leaves the rest to it", () => {
    const throws = {
      kind: "x",
      get tool_name(): string {
        throw new Error("no");
      },
    };
    for (const event of [
      { kind: "x" },
      { kind: "x", tool_name: null, tool_input: 1n, message: "m", data: [] },
    ])
      expect(namesOfUsual(event)).toEqual({ kind: "x", tool_name: null, tool_runtime_name: null });
    const others = [null, undefined, "x", [], {}, { kind: 5 }, { kind: "x", toolName: "y" }, throws];
    for (const event of [...others, { kind: "x", tool_name: 5 }, { kind: "x", transcript: [] }])
      expect(namesOfUsual(event)).toBeUndefined();
  });
});
