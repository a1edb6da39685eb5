import {
  composite,
  conditional,
  firstMatch,
  sequence,
  timed,
  type AnyAnswer,
  type AnyHandler,
} from "@synaps/sdk/protocol";
import { describe, expect, it, vi } from "vitest";
import { eventOf } from "../../helpers/events.js";
import { startedHost } from "../../helpers/hosts.js";
import { verifies } from "../../requirements/verifies.js";

type Handler = AnyHandler<string, unknown, AnyAnswer>;

/** A handler that answers with the action, and the list of those that were called. */
function kit() {
  const called: string[] = [];
  const answers =
    (action: string | undefined, name = action ?? "nothing"): Handler =>
    () => {
      called.push(name);
      return action === undefined ? undefined : { action, name };
    };
  const throws =
    (name: string): Handler =>
    () => {
      called.push(name);
      throw new Error(name);
    };
  return { called, answers, throws };
}

describe(verifies("INP-012") + "sequence", () => {
  it("ends with the first answer that is not continue", async () => {
    const { called, answers } = kit();
    const run = sequence(answers(undefined), answers("continue"), answers("modify"), answers("block"));
    expect(await run("e", {})).toMatchObject({ action: "modify" });
    expect(called).toEqual(["nothing", "continue", "modify"]);
    expect(await sequence(answers("continue"))("e", {})).toBeUndefined();
  });

  it("ends with an error", async () => {
    const { called, answers, throws } = kit();
    await expect(sequence(throws("a"), answers("block"))("e", {})).rejects.toThrow("a");
    expect(called).toEqual(["a"]);
  });
});

describe("firstMatch and conditional", () => {
  it("call the handler of the first predicate that holds", async () => {
    const { called, answers } = kit();
    const run = firstMatch<string, unknown, AnyAnswer>(
      [(event) => event === "a", answers("block", "a")],
      [(event) => event !== "c", answers("confirm", "b")],
      [(event) => event === "b", answers("block", "never")],
    );
    expect(await run("b", {})).toMatchObject({ action: "confirm" });
    expect(await run("c", {})).toBeUndefined();
    expect(called).toEqual(["b"]);
    const only = conditional((event: string) => event === "a", answers("block"));
    expect([await only("a", {}), await only("b", {})]).toMatchObject([{ action: "block" }, undefined]);
  });
});

describe("composite", () => {
  it.each([
    [["continue", "modify", "block", "confirm"], "block"],
    [["modify", "confirm", "replace"], "confirm"],
    [["continue", undefined], "continue"],
    [["confirm", "reject"], "reject"],
    [["block", "cancel"], "block"],
  ])("calls all and takes the strictest: %j gives %s", async (actions, strictest) => {
    const { called, answers } = kit();
    expect(await composite(...actions.map((one) => answers(one)))("e", {})).toMatchObject({
      action: strictest,
    });
    expect(called).toHaveLength(actions.length);
  });

  it("hears all when one throws: a stop counts, and else the error", async () => {
    const { called, answers, throws } = kit();
    expect(await composite(throws("a"), answers("block"))("e", {})).toMatchObject({ action: "block" });
    await expect(composite(throws("a"), answers("modify"))("e", {})).rejects.toThrow("a");
    expect(called).toEqual(["a", "block", "a", "modify"]);
  });
});

describe("timed", () => {
  it("tells the time of a handler that took longer, and hands its answer on", async () => {
    const { answers, throws } = kit();
    const onSlow = vi.fn();
    expect(await timed(answers("block"), { warnMs: 0, onSlow })("e", {})).toMatchObject({ action: "block" });
    await expect(timed(throws("a"), { warnMs: 0, onSlow })("f", {})).rejects.toThrow("a");
    expect(onSlow.mock.calls).toMatchObject([[{ event: "e" }], [{ event: "f" }]]);
    expect(onSlow.mock.calls[0]?.[0].ms).toBeGreaterThan(0);
    await timed(answers("block"), { warnMs: 60_000, onSlow })("g", {});
    expect(onSlow).toHaveBeenCalledTimes(2);
  });
});

it("combinators are handlers of hooks", async () => {
  const { host } = await startedHost([]);
  const refuse = (reason: string) => () => ({ action: "block" as const, reason });
  await host.use({
    id: "chain",
    events: ["before_tool_call"],
    on: sequence(
      conditional(({ tool_name }: { tool_name: string | null }) => tool_name === "ls", refuse("never")),
      composite(refuse("no")),
    ),
  });
  expect(await host.emit(eventOf("before_tool_call"))).toMatchObject({ action: "block", reason: "no" });
});
