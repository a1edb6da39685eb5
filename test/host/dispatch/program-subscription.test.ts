import { synapsCatalog } from "@synaps/sdk/protocol";
import { describe, expect, it } from "vitest";
import { programSubscription } from "../../../packages/host/src/dispatch/from-program.js";
import { ProgramCalls } from "../../../packages/host/src/dispatch/program-calls.js";
import { SubscriptionRegistry } from "../../../packages/host/src/dispatch/registry.js";
import { DEFAULT_LIMITS } from "../../../packages/host/src/options.js";
import { HostError } from "../../../packages/host/src/errors.js";
import { Activity } from "../../../packages/host/src/time/activity.js";
import { FakeClock } from "../../helpers/fake-clock.js";

const KIND = "before_tool_call";

function kit() {
  const registry = new SubscriptionRegistry([synapsCatalog]);
  const make = (options: unknown = {}, kind: unknown = KIND, handler: unknown = () => {}) =>
    programSubscription(
      registry,
      new ProgramCalls(new FakeClock(), new Activity(), DEFAULT_LIMITS),
      kind as never,
      handler as never,
      options as never,
    );
  return { registry, make };
}

/** The error's own words behind what all of them begin with. */
const IN_FILTER = "The options of subscribe, in 'filter', are wrong: ";

function refusal(options: unknown, kind: string = KIND, handler?: unknown): string {
  const starts = [`The subscription to '${kind}' is wrong: `, "The options of subscribe are wrong: "];
  try {
    kit().make(options, kind, handler);
  } catch (error) {
    expect(error).toBeInstanceOf(HostError);
    const { code, message, hint } = error as HostError;
    expect(code).toBe("SUBSCRIBE_DENIED");
    expect(hint).toMatch(
      /^Correct the arguments of subscribe\.$|^Pass an object with any of these, or nothing: /,
    );
    const start = starts.find((one) => message.startsWith(one));
    return start === undefined ? message : message.slice(start.length);
  }
  return "accepted";
}

describe("a subscription of the program without options", () => {
  it("has the defaults of its kind", () => {
    const { target, ...rest } = kit().make();
    expect(rest).toEqual({
      id: "before_tool_call#1",
      extension: "program",
      kind: "before_tool_call",
      filter: {},
      conditional: false,
      priority: 0,
      phase: undefined,
      closed: false,
      deadlineMs: 5_000,
      permissions: new Set(["tools.intercept"]),
    });
    expect(target).toMatchObject({ id: "program", health: "running", restartCount: 0 });
  });

  it("has the permissions that the actions of its kind need", () => {
    expect(kit().make({}, "after_tool_call").permissions).toEqual(
      new Set(["tools.intercept", "tools.transform_output"]),
    );
  });
});

describe("a subscription of the program with options", () => {
  it("has all that they say", () => {
    const { target, ...rest } = kit().make({
      id: "guard",
      priority: -3,
      phase: "veto",
      closed: true,
      deadlineMs: 17,
      filter: { tools: ["a", "b*"], inputContains: "x", inputEquals: { value: { n: [1] } } },
      permissions: ["tools.intercept", "session.lifecycle"],
    });
    expect(rest).toEqual({
      id: "before_tool_call#1",
      extension: "guard",
      kind: "before_tool_call",
      filter: { tools: ["a", "b*"], inputContains: "x", inputEquals: { value: { n: [1] } } },
      conditional: true,
      priority: -3,
      phase: "veto",
      closed: true,
      deadlineMs: 17,
      permissions: new Set(["tools.intercept", "session.lifecycle"]),
    });
    expect(target.id).toBe("guard");
  });

  it("keeps in its filter only the conditions that are given", () => {
    const { make } = kit();
    expect(Object.keys(make({ filter: { tools: [] } }).filter)).toEqual(["tools"]);
    expect(Object.keys(make({ filter: { inputContains: "" } }).filter)).toEqual(["inputContains"]);
    expect(Object.keys(make({ filter: { inputEquals: { value: 1 } } }).filter)).toEqual(["inputEquals"]);
  });

  it("takes a value to equal that is not there for null", () => {
    const { filter, conditional } = kit().make({ filter: { inputEquals: { value: undefined } } });
    expect({ filter, conditional }).toEqual({ filter: { inputEquals: { value: null } }, conditional: true });
  });

  it("keeps its list of tools when the program changes its own", () => {
    const tools = ["bash"];
    const value = { deep: [1] };
    const { filter } = kit().make({ filter: { tools, inputEquals: { value } } });
    tools.push("other");
    value.deep.push(2);
    expect(filter).toEqual({ tools: ["bash"], inputEquals: { value: { deep: [1] } } });
  });

  it.each([
    { deadlineMs: 1 },
    { deadlineMs: 60_000 },
    { priority: -1.5 },
    { priority: 0 },
    { phase: "rewrite" },
    { phase: "veto" },
    { closed: true },
    { closed: false },
    { permissions: ["tools.intercept"] },
    { id: "x" },
    { filter: {} },
    { filter: { tools: [] } },
    { filter: { inputContains: "" } },
    { filter: { inputEquals: { value: null } } },
  ])("may have %j", (options) => {
    expect(refusal(options)).toBe("accepted");
  });

  it("of a kind that stops nothing and knows no tools may say that it is open and filters the input", () => {
    expect(refusal({ closed: false, filter: { inputContains: "x" } }, "on_message_complete")).toBe(
      "accepted",
    );
  });
});

describe("a wrong option is refused in words that name it", () => {
  it.each([
    [null, "they are no object"],
    ["veto", "they are no object"],
    [() => {}, "they are no object"],
    [{ id: "" }, "'id' must be a text"],
    [{ id: 5 }, "'id' must be a text"],
    [{ id: null }, "'id' must be a text"],
    [{ deadlineMs: 0 }, "'deadlineMs' must be a number from 1 to 60000"],
    [{ deadlineMs: 0.5 }, "'deadlineMs' must be a number from 1 to 60000"],
    [{ deadlineMs: 60_001 }, "'deadlineMs' must be a number from 1 to 60000"],
    [{ deadlineMs: "5" }, "'deadlineMs' must be a number from 1 to 60000"],
    [{ priority: "1" }, "'priority' must be a finite number"],
    [{ priority: Number.NaN }, "'priority' must be a finite number"],
    [{ priority: Number.POSITIVE_INFINITY }, "'priority' must be a finite number"],
    [{ phase: "later" }, "'phase' must be rewrite or veto"],
    [{ phase: "" }, "'phase' must be rewrite or veto"],
    [{ closed: "yes" }, "'closed' must be true or false"],
    [{ closed: null }, "'closed' must be true or false"],
    [{ permissions: "tools.intercept" }, "'permissions' must be a list of names"],
    [{ permissions: ["tools.intercept", 5] }, "'permissions' must be a list of names"],
    [{ filter: null }, "'filter' must be an object"],
    [{ filter: "bash" }, "'filter' must be an object"],
    [{ filter: { tools: "bash" } }, `${IN_FILTER}'tools' must be a list of names`],
    [{ filter: { tools: ["bash", 5] } }, `${IN_FILTER}'tools' must be a list of names`],
    [{ filter: { inputContains: 5 } }, `${IN_FILTER}'inputContains' must be a text`],
    [{ filter: { inputContains: null } }, `${IN_FILTER}'inputContains' must be a text`],
    [{ filter: { inputEquals: null } }, `${IN_FILTER}'inputEquals' must be { value }`],
    [{ filter: { inputEquals: "x" } }, `${IN_FILTER}'inputEquals' must be { value }`],
    [{ filter: { inputEquals: {} } }, `${IN_FILTER}'inputEquals' must be { value }`],
    [
      { filter: { inputEquals: { value: { n: Number.NaN } } } },
      "the number at /filter/inputEquals/value/n is NaN, which JSON does not have",
    ],
  ])("%j", (options, words) => {
    expect(refusal(options)).toBe(words);
  });

  it("a handler that is no function", () => {
    expect(refusal({}, KIND, "handler")).toBe("the handler is no function");
    expect(refusal({}, KIND, null)).toBe("the handler is no function");
  });

  it("closed and tools where the kind allows neither", () => {
    expect(refusal({ closed: true }, "on_usage")).toBe(
      "hook 'on_usage' cannot fail closed: it stops nothing",
    );
    expect(refusal({ filter: { tools: [] } }, "on_usage")).toBe(
      "hook 'on_usage' does not allow a tool filter",
    );
  });

  it("a kind that is no text or that nobody declares", () => {
    expect(() => kit().make({}, 5)).toThrow(
      expect.objectContaining({
        code: "SUBSCRIBE_DENIED",
        message: "A hook kind is named by a string",
        hint: "Correct the arguments of subscribe.",
      }),
    );
    expect(() => kit().make({}, "nope")).toThrow(expect.objectContaining({ code: "EVENT_UNKNOWN_KIND" }));
  });

  it("permissions without that of the kind", () => {
    const denied = (id: string) =>
      `Extension '${id}' lacks permission 'tools.intercept' required for hook '${KIND}'`;
    const permissions = ["session.lifecycle"];
    expect(() => kit().make({ permissions })).toThrow(denied("program"));
    expect(() => kit().make({ id: "mine", permissions: [] })).toThrow(denied("mine"));
  });
});

describe("the name of a subscription", () => {
  it("counts those of its kind and id, and fills the gap that one left", () => {
    const { registry, make } = kit();
    const add = (id: string, kind: string = KIND) => {
      const made = make({ id }, kind);
      registry.add([made], undefined);
      return made;
    };
    const [first, second, third] = [add("a"), add("a"), add("a")];
    expect([first.id, second.id, third.id]).toEqual([`${KIND}#1`, `${KIND}#2`, `${KIND}#3`]);
    expect([add("b").id, add("a", "on_usage").id]).toEqual([`${KIND}#1`, "on_usage#1"]);
    registry.remove([second]);
    expect([add("a").id, add("a").id]).toEqual([`${KIND}#2`, `${KIND}#4`]);
  });
});
