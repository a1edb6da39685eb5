import {
  block,
  confirm,
  inject,
  modify,
  replace,
  type HookKindSpec,
  type Verdict,
} from "@synaps/sdk/protocol";
import { describe, expect, it } from "vitest";
import { rewriteThenVeto } from "../../../packages/host/src/dispatch/rewrite-then-veto.js";
import { OutgoingEvent } from "../../../packages/host/src/delivery/outgoing-event.js";
import {
  abstains,
  chainOf,
  decideInTurn,
  kindSpec,
  members,
  slowMember,
  votesOf,
  type Member,
} from "../../helpers/chain-kit.js";

const AFTER = kindSpec("after_tool_call");
/** A kind whose input and output may both be changed, and that may be stopped. */
const BOTH: HookKindSpec = {
  ...AFTER,
  actions: ["continue", "block", "confirm", "modify", "inject", "replace"],
  modifies: "tool_input",
};
/** A kind that may be stopped and not changed. */
const STOPS: HookKindSpec = {
  ...kindSpec("before_message"),
  actions: ["continue", "block", "confirm", "inject"],
};

async function run(
  policy: "first_decision" | "rewrite_then_veto",
  spec: HookKindSpec,
  list: readonly Member[],
  now: () => number = () => 0,
) {
  const { subscriptions, asked } = members(...list);
  const chain = chainOf(spec, subscriptions, {}, now);
  const event = OutgoingEvent.from({ kind: "x", tool_input: "in", tool_output: "out" }, 0);
  const { decision } = await (policy === "first_decision" ? decideInTurn : rewriteThenVeto)(chain, event);
  return {
    decision,
    votes: votesOf(chain),
    asked: asked.map(({ name, input, output }) => `${name} ${String(input)} ${String(output)}`),
    untilMs: asked.map(({ untilMs }) => untilMs),
  };
}
const says = (name: string, verdict: Verdict, more: Partial<Member> = {}): Member => ({
  name,
  answer: () => verdict,
  ...more,
});
const closed = { closed: true } as const;

describe("a kind whose input and output may both be changed, under rewrite_then_veto", () => {
  it("passes on the replaced output", async () => {
    const { decision, asked } = await run("rewrite_then_veto", BOTH, [says("a", replace("clean"))]);
    expect(decision).toEqual({ action: "replace", output: "clean", by: "a" });
    expect(asked).toEqual(["a in out"]);
  });

  it("passes on the replaced output also where somebody changed the input, before or after it", async () => {
    const list = [
      says("a", replace("clean"), { phase: "rewrite" }),
      says("b", modify("new"), { phase: "rewrite" }),
    ];
    for (const one of [list, [...list].reverse()])
      expect((await run("rewrite_then_veto", BOTH, one)).decision).toEqual({
        action: "replace",
        output: "clean",
        by: "a",
      });
  });

  it("withholds the output when a closed one cannot answer and blocking is no action of the kind", async () => {
    const spec: HookKindSpec = { ...BOTH, actions: ["continue", "modify", "replace"] };
    const { decision } = await run("rewrite_then_veto", spec, [
      says("a", modify("new")),
      { name: "g", ...closed, answer: abstains("timeout") },
    ]);
    expect(decision).toEqual({
      action: "replace",
      output: "[output withheld: 'g' could not answer (timeout) and must not be passed over]",
      by: "g",
    });
  });

  it("changes the input where nobody replaced the output", async () => {
    const { decision } = await run("rewrite_then_veto", BOTH, [says("a", modify("new"))]);
    expect(decision).toEqual({ action: "modify", input: "new", by: "a" });
  });

  it("hands the input to a question to the user only where it was changed", async () => {
    const ask = says("g", confirm("sure?"), { phase: "veto" });
    const changed = await run("rewrite_then_veto", BOTH, [says("a", modify("new")), ask]);
    expect(changed.decision).toStrictEqual({ action: "confirm", message: "sure?", by: "g", input: "new" });
    const replaced = await run("rewrite_then_veto", BOTH, [says("a", replace("clean")), ask]);
    const instead = { action: "replace", output: "clean", by: "a" };
    expect(replaced.decision).toStrictEqual({ action: "confirm", message: "sure?", by: "g", instead });
  });

  it("joins injections in the order of the chain, in whatever phase they came", async () => {
    const { decision, asked } = await run("rewrite_then_veto", BOTH, [
      says("a", inject("one"), { phase: "veto" }),
      says("b", inject("two"), { phase: "rewrite" }),
      says("c", inject("three"), { phase: "veto" }),
      says("d", inject("four"), { phase: "rewrite" }),
    ]);
    expect(asked.map((one) => one[0])).toEqual(["b", "d", "a", "c"]);
    expect(decision).toEqual({ action: "inject", content: "one\n\ntwo\n\nthree\n\nfour" });
  });
});

describe("closed ones behind the end of a chain, under first_decision", () => {
  it("are asked again when the input was changed after they saw it, also where outputs may be replaced", async () => {
    const { asked } = await run("first_decision", BOTH, [{ name: "g", ...closed }, says("a", modify("new"))]);
    expect(asked).toEqual(["g in out", "a in out", "g new out"]);
  });

  it("are not asked again when nothing can be changed", async () => {
    const { asked, decision } = await run("first_decision", STOPS, [
      { name: "g", ...closed },
      says("a", block("no")),
    ]);
    expect(asked).toEqual(["g in out", "a in out"]);
    expect(decision).toEqual({ action: "block", reason: "no", by: "a" });
  });

  it("are not asked again about an output that was replaced after they saw it", async () => {
    const { asked, decision } = await run("first_decision", AFTER, [
      { name: "g", ...closed },
      says("a", replace("clean")),
      { name: "h", ...closed },
    ]);
    expect(asked).toEqual(["g in out", "a in out", "h in clean"]);
    expect(decision).toEqual({ action: "replace", output: "clean", by: "a" });
  });

  it("are asked at the same time about an input", async () => {
    let release = (): void => {};
    const bothAsked = new Promise<undefined>((resolve) => (release = () => resolve(undefined)));
    const { asked, untilMs } = await run("first_decision", kindSpec("before_tool_call"), [
      says("a", modify("new")),
      { name: "g", ...closed, answer: () => bothAsked },
      { name: "h", ...closed, answer: () => void release() as undefined },
    ]);
    expect(asked).toEqual(["a in out", "g new out", "h new out"]);
    expect(untilMs).toEqual([9_500, 10_000, 10_000]);
  });

  it("are asked in turn about an output, the last with all the time that is left", async () => {
    const { asked, untilMs, votes } = await run("first_decision", AFTER, [
      says("a", replace("1")),
      says("g", replace("2"), closed),
      { name: "h", ...closed },
      says("i", replace("3"), closed),
    ]);
    expect(asked).toEqual(["a in out", "g in 1", "h in 2", "i in 2"]);
    expect(untilMs).toEqual([9_500, 9_500, 9_500, 10_000]);
    expect(votes).toEqual(["a replace", "g replace", "h continue", "i replace"]);
  });

  it("are asked at the same time about an output when the time runs short", async () => {
    const { slow, now } = slowMember(replace("1"), "a");
    const { asked, decision } = await run(
      "first_decision",
      AFTER,
      [slow, says("g", replace("2"), closed), says("h", replace("3"), closed)],
      now,
    );
    expect(asked).toEqual(["a in out", "g in 1", "h in 1"]);
    expect(decision).toEqual({
      action: "replace",
      output: "[output withheld: 'g' and 'h' replaced it at the same time]",
      by: "g",
    });
  });

  it("stop what was replaced, whoever replaces beside them", async () => {
    for (const stop of [block("no"), confirm("sure?")]) {
      const { slow, now } = slowMember(replace("1"), "a");
      const { decision } = await run(
        "first_decision",
        BOTH,
        [slow, says("g", replace("2"), closed), says("h", stop, closed)],
        now,
      );
      const instead =
        stop.action === "confirm" ? { instead: { action: "replace", output: "1", by: "a" } } : {};
      expect(decision).toStrictEqual({ ...stop, by: "h", ...instead });
    }
  });

  it("that ask the user carry no input where none was changed", async () => {
    const { decision } = await run("first_decision", BOTH, [
      says("a", replace("1")),
      says("g", confirm("sure?"), closed),
    ]);
    const instead = { action: "replace", output: "1", by: "a" };
    expect(decision).toStrictEqual({ action: "confirm", message: "sure?", by: "g", instead });
  });

  it("see the input that a question to the user carries", async () => {
    const { decision, asked } = await run("rewrite_then_veto", kindSpec("before_tool_call"), [
      says("a", modify("new"), { phase: "rewrite" }),
      says("b", block("no"), { phase: "rewrite" }),
      { name: "g", ...closed },
    ]);
    expect(asked).toEqual(["a in out", "b new out", "g new out"]);
    expect(decision).toEqual({ action: "block", reason: "no", by: "b" });
  });
});

describe("who is asked again under rewrite_then_veto", () => {
  it("is a closed one of the rewrite phase, and whoever declares none", async () => {
    const list: Member[] = [
      { name: "open", phase: "rewrite" },
      { name: "g", phase: "rewrite", ...closed },
      { name: "any" },
    ];
    const { asked } = await run("rewrite_then_veto", kindSpec("before_tool_call"), [
      ...list,
      says("a", modify("new"), { phase: "rewrite" }),
    ]);
    expect(asked.slice(0, 4)).toEqual(["open in out", "g in out", "any in out", "a in out"]);
    expect(asked.slice(4)).toEqual(["g new out", "any new out"]);
  });

  it("is nobody when nothing was changed", async () => {
    const { asked } = await run("rewrite_then_veto", kindSpec("before_tool_call"), [
      { name: "a" },
      { name: "g", ...closed },
    ]);
    expect(asked).toEqual(["a in out", "g in out"]);
  });

  it("may not change the input any more, closed or not, and is not taken for one who never could", async () => {
    const { decision, votes } = await run("rewrite_then_veto", kindSpec("before_tool_call"), [
      says("g", modify("g"), closed),
      says("a", modify("new"), { phase: "rewrite" }),
    ]);
    expect(decision).toEqual({ action: "modify", input: "new", by: "a" });
    expect(votes).toEqual([
      "g modify (it was final by then: only a stop counts in the veto phase)",
      "a modify",
    ]);
  });
});

describe("a rewrite that comes too late to apply", () => {
  const late = (more: Partial<Member>) => {
    const { slow, now } = slowMember();
    const list = [slow, says("g", modify("clean"), more)];
    return run("rewrite_then_veto", kindSpec("before_tool_call"), list, now);
  };
  const ignored = "g modify (it was final by then: only a stop counts in the veto phase)";

  it("blocks when it must not be passed over", async () => {
    const { decision, votes } = await late(closed);
    expect(decision).toEqual({
      action: "block",
      reason: "Blocked: the time was too short to apply the rewrite of 'g', which must not be passed over",
      by: "g",
    });
    expect(votes).toEqual(["slow continue", ignored]);
  });

  it("is ignored when it is open, or of one who declares itself a veto", async () => {
    for (const more of [{}, { phase: "rewrite" }, { phase: "veto", ...closed }] as const) {
      const { decision, votes } = await late(more);
      expect(decision).toEqual({ action: "continue" });
      expect(votes).toEqual(["slow continue", ignored]);
    }
  });
});
