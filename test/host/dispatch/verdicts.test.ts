import { MALFORMED_MODIFY, synapsCatalog, type HookKindSpec, type Permission } from "@synaps/sdk/protocol";
import { describe, expect, it } from "vitest";
import type { Subscription } from "../../../packages/host/src/dispatch/subscription.js";
import type { Judged } from "../../../packages/host/src/dispatch/verdict.js";
import { judge, kindSpec, members } from "../../helpers/chain-kit.js";

const BEFORE = kindSpec("before_tool_call");
const subscriber = (permissions: readonly Permission[] = ["tools.intercept"], closed = false): Subscription =>
  members({ name: "e", permissions: new Set(permissions), closed }).subscriptions[0] as Subscription;
const answered = (
  result: unknown,
  { spec = BEFORE, inexact }: { spec?: HookKindSpec; inexact?: readonly string[] } = {},
  subscription = subscriber(),
): Judged =>
  judge(spec, subscription, {
    answered: true,
    result,
    queueMs: 2,
    runMs: 3,
    ...(inexact === undefined ? {} : { inexact }),
  });

const base = { extension: "e", subscription: "e#1", queueMs: 2, runMs: 3 };
const abstained = (reason: string, detail: string, closed = false): unknown => ({
  vote: { status: "abstained", ...base, reason, detail, closed },
  effective: undefined,
});
const voted = (verdict: unknown, more: object = {}): unknown => ({
  vote: { status: "voted", ...base, verdict, ...more },
  effective: "ignored" in more ? undefined : verdict,
});
const LOST = "is beyond 2^53: send its digits as a string";

describe("an answer", () => {
  it("to go on counts whatever else it carries", () => {
    expect(answered({ action: "continue" })).toStrictEqual(voted({ action: "continue" }));
    expect(answered({ action: "continue", reason: 1 })).toStrictEqual(voted({ action: "continue" }));
  });

  it.each([
    [null, "the result is null, not an object"],
    [undefined, "the result is null, not an object"],
    [7, "the result is a number, not an object"],
    ["continue", "the result is a string, not an object"],
    [[], "the result is a list, not an object"],
    [{}, "the result has no action"],
    [{ action: "" }, "the action '' does not exist"],
    [{ action: "replace" }, "the action 'replace' needs 'output'"],
  ])("that is %j is none, with the reason in words", (result, detail) => {
    expect(answered(result)).toStrictEqual(abstained("invalid", detail));
    expect(answered(result, {}, subscriber([], true))).toStrictEqual(abstained("invalid", detail, true));
  });

  it("that was not given has the reason, and the detail if there is one", () => {
    const lost = { answered: false, queueMs: 2, runMs: 3 } as const;
    expect(judge(BEFORE, subscriber(), { ...lost, reason: "crash", detail: "code 1" })).toStrictEqual(
      abstained("crash", "code 1"),
    );
    expect(judge(BEFORE, subscriber([], true), { ...lost, reason: "timeout" }).vote).toStrictEqual({
      status: "abstained",
      ...base,
      reason: "timeout",
      closed: true,
    });
  });

  it("without the permission for its action is denied, and with it counts", () => {
    const spec = kindSpec("after_tool_call");
    const result = { action: "replace", output: "x" };
    expect(answered(result, { spec }, subscriber(["tools.intercept"], true))).toStrictEqual(
      abstained("denied", "'replace' needs the permission 'tools.transform_output'", true),
    );
    expect(answered(result, { spec }, subscriber(["tools.transform_output"]))).toStrictEqual(voted(result));
  });

  it("that the kind does not allow is kept and ignored", () => {
    const result = { action: "inject", content: "x" };
    const ignored = "'inject' is not allowed for before_tool_call";
    expect(answered(result)).toStrictEqual(voted(result, { ignored }));
  });
});

describe("a text beyond its bound", () => {
  const long = "x".repeat(8_200);
  const cut = `${"x".repeat(8_192)}… [cut: 8 more bytes]`;

  it("is cut, and the vote counts the bytes", () => {
    expect(answered({ action: "block", reason: long })).toStrictEqual(
      voted({ action: "block", reason: cut }, { cutBytes: 8 }),
    );
  });

  it("is cut also when it has no effect", () => {
    const ignored = "'confirm' is not allowed for before_message";
    const judged = judge(
      kindSpec("before_message"),
      { ...subscriber(), kind: "before_message" },
      {
        answered: true,
        result: { action: "confirm", message: long },
        queueMs: 2,
        runMs: 3,
      },
    );
    expect(judged).toStrictEqual(voted({ action: "confirm", message: cut }, { ignored, cutBytes: 8 }));
  });
});

describe("integers that lost their digits", () => {
  const spec: HookKindSpec = { ...BEFORE, actions: ["continue", "block", "modify", "cache", "fork"] };

  it.each([
    [{ action: "cache", value: { n: 1 } }, ["/value/n"], "/value/n"],
    [{ action: "cache", value: 1 }, ["/key", "/value"], "/value"],
    [{ action: "fork", operations: [1] }, ["/operations/0", "/operations/1"], "/operations/0"],
  ])("in what %j hands on make it invalid", (result, inexact, pointer) => {
    expect(answered(result, { spec, inexact })).toStrictEqual(
      abstained("invalid", `the integer at '${pointer}' ${LOST}`),
    );
    expect(answered(result, { spec })).toStrictEqual(voted(result));
  });

  it.each([["/input"], ["/input/deep/0"]])("at %s make a rewrite a block, in words", (pointer) => {
    const reason = `${MALFORMED_MODIFY}: the integer at '${pointer}' ${LOST}`;
    expect(answered({ action: "modify", input: 1 }, { inexact: ["/other", pointer] })).toStrictEqual(
      voted({ action: "block", reason }),
    );
  });

  it.each([
    [{ action: "modify", input: 1 }, ["/inputs", "/note/input", "/value", ""]],
    [{ action: "block", reason: "no" }, ["/input", "/value", "/reason", "/undefined"]],
    [{ action: "cache", value: 1 }, ["/values", "/input"]],
    [{ action: "fork", operations: [1] }, ["/other", "/operation/0"]],
  ])("elsewhere than in what %j hands on do not matter", (result, inexact) => {
    expect(answered(result, { spec, inexact })).toStrictEqual(voted(result));
  });
});

describe("a rewrite", () => {
  it("that JSON would change blocks, with the place in words", () => {
    const reason = `${MALFORMED_MODIFY}: the number at /input/n is NaN, which JSON does not have`;
    expect(answered({ action: "modify", input: { n: Number.NaN } })).toStrictEqual(
      voted({ action: "block", reason }),
    );
  });

  it("of a text field blocks when it is no text, in words", () => {
    for (const modifies of ["message", "tool_output"] as const) {
      const spec: HookKindSpec = { ...BEFORE, modifies };
      const reason = `${MALFORMED_MODIFY}: '${modifies}' is a text`;
      expect(answered({ action: "modify", input: 5 }, { spec })).toStrictEqual(
        voted({ action: "block", reason }),
      );
      const rewrite = { action: "modify", input: "text" };
      expect(answered(rewrite, { spec })).toStrictEqual(voted(rewrite));
    }
  });

  it("of another field may be of any type", () => {
    for (const modifies of ["tool_input", "data"] as const)
      for (const input of [5, null, "text", [1], { a: 1 }]) {
        const rewrite = { action: "modify", input };
        expect(answered(rewrite, { spec: { ...BEFORE, modifies } })).toStrictEqual(voted(rewrite));
      }
  });

  it("where the kind has none is ignored as it is", () => {
    const rewrite = { action: "modify", input: 5 };
    const ignored = "'modify' is not allowed for before_tool_call";
    expect(answered(rewrite, { spec: synapsCatalog.kinds.before_message })).toStrictEqual(
      voted(rewrite, { ignored }),
    );
  });
});
