import { defineCatalog, synapsCatalog } from "@synaps/sdk/protocol";
import { describe, expect, it } from "vitest";
import { SubscriptionRegistry } from "../../../packages/host/src/dispatch/registry.js";
import { CHAIN, CONFIRM, optionsCheck, SIGNAL } from "../../../packages/host/src/dispatch/options-check.js";
import { HostError } from "../../../packages/host/src/errors.js";
import { testHost } from "../../helpers/hosts.js";

const KIND = "before_tool_call";

/** Code, message and hint of the error that this throws or rejects with. */
async function errorOf(
  run: () => unknown,
): Promise<{ code: string; message: string; hint: string | undefined }> {
  try {
    await run();
  } catch (error) {
    expect(error).toBeInstanceOf(HostError);
    const { code, message, hint } = error as HostError;
    return { code, message, hint };
  }
  throw new Error("nothing was refused");
}

const wrongOptions = optionsCheck<{ chain: unknown; confirm: unknown; signal: unknown }>(
  "intercept",
  { chain: CHAIN, confirm: CONFIRM, signal: SIGNAL },
  "EVENT_INVALID",
);
const WRONG_CHAIN = "'chain' must be the name of a chain policy: first_decision or rewrite_then_veto";

describe("options of an event", () => {
  it.each([
    [null, "they are no object"],
    ["block", "they are no object"],
    [() => true, "they are no object"],
    [{ chain: "strictest" }, WRONG_CHAIN],
    [{ chain: null }, WRONG_CHAIN],
    [{ chain: "" }, WRONG_CHAIN],
    [{ confirm: "ask" }, "'confirm' must be a function or 'block'"],
    [{ confirm: null }, "'confirm' must be a function or 'block'"],
    [{ signal: {} }, "'signal' must be an AbortSignal"],
    [{ chian: "first_decision" }, "there is no 'chian'; did you mean 'chain'?"],
    [{ prompt: () => true }, "there is no 'prompt'; known are chain, confirm, signal"],
    [{ chain: "first_decision", confirm: true }, "'confirm' must be a function or 'block'"],
  ])("that are %j are refused in words", (options, words) => {
    const wrong = wrongOptions(options);
    expect(wrong).toBeInstanceOf(HostError);
    expect(wrong).toMatchObject({
      code: "EVENT_INVALID",
      message: `The options of intercept are wrong: ${words}`,
      hint: "Pass an object with any of these, or nothing: chain, confirm, signal.",
    });
  });

  it.each([
    {},
    { chain: undefined, confirm: undefined },
    { chain: "first_decision" },
    { chain: "rewrite_then_veto" },
    { confirm: "block" },
    { confirm: () => true },
  ])("may be %j", (options) => {
    expect(wrongOptions(options)).toBeUndefined();
  });
});

describe("arguments of intercept", () => {
  const refused = (kinds: unknown, run: unknown = () => "ran") =>
    errorOf(() => testHost().host.intercept(kinds as never, { tool_name: "bash" }, run as never));
  const inWords = (wrong: string) => ({
    code: "EVENT_INVALID",
    message: `The arguments of intercept are wrong: ${wrong}`,
    hint: "Call intercept({ before, after }, event, operation).",
  });

  it.each([undefined, null, {}, { before: 5 }, { after: KIND }])(
    "without the kind before, %j, are refused in words",
    async (kinds) => {
      expect(await refused(kinds)).toEqual(inWords("'before' must be the name of a hook kind"));
    },
  );

  it("with a kind after that is none are refused in words", async () => {
    for (const after of [null, 5, {}])
      expect(await refused({ before: KIND, after })).toEqual(
        inWords("'after' must be the name of a hook kind, if it is there"),
      );
  });

  it("without an operation are refused in words", async () => {
    expect(await refused({ before: KIND }, "run")).toEqual(inWords("the operation is no function"));
  });

  it("with a kind before that comes after an operation are refused in words", async () => {
    expect(await refused({ before: "after_tool_call" })).toEqual(
      inWords("the kind 'after_tool_call' comes after an operation"),
    );
  });

  it("with a kind after that nobody declares are refused before anything runs", async () => {
    let ran = 0;
    const error = await refused({ before: KIND, after: "nope" }, () => (ran += 1));
    expect([error.code, ran]).toEqual(["EVENT_UNKNOWN_KIND", 0]);
  });
});

describe("a registry", () => {
  const known = Object.keys(synapsCatalog.kinds).join(", ");
  const unknownKind = (kind: string) => ({
    code: "EVENT_UNKNOWN_KIND",
    message: `No catalog has the hook kind '${kind}'`,
    hint: `Known: ${known}.`,
  });

  it("names an unknown kind and those that it knows, whatever was asked of it", async () => {
    const registry = new SubscriptionRegistry([synapsCatalog]);
    const stranger = { kind: "nope", extension: "x" } as never;
    for (const ask of [
      () => registry.kind("nope"),
      () => registry.route("nope"),
      () => registry.add([stranger], undefined),
    ])
      expect(await errorOf(ask)).toEqual(unknownKind("nope"));
    expect([registry.count(), registry.ownedBy("x").size]).toEqual([0, 0]);
  });

  it("names at most 64 characters of an unknown kind", async () => {
    const registry = new SubscriptionRegistry([synapsCatalog]);
    const name = "n".repeat(64);
    expect(await errorOf(() => registry.kind(name))).toEqual(unknownKind(name));
    expect(await errorOf(() => registry.kind(`${name}!`))).toEqual(unknownKind(name));
  });

  it("refuses a kind that two catalogs declare, in words", async () => {
    const kinds = { on_usage: synapsCatalog.kinds.on_usage };
    const mine = defineCatalog({ name: "mine", chain: "first_decision", kinds });
    expect(await errorOf(() => new SubscriptionRegistry([synapsCatalog, mine]))).toEqual({
      code: "CATALOG_CONFLICT",
      message: "Two catalogs declare the hook kind 'on_usage'",
      hint: "Kind names are unique across the catalogs of a host: rename one.",
    });
  });
});
