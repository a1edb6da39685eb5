import { describe, expect, it } from "vitest";
import { PROTOCOL_FEATURES, SYNAPS_VERSION } from "@synaps/sdk/protocol";
import type { HostError } from "../../../../packages/host/src/errors.js";
import { initializeParams, readHandshake } from "../../../../packages/host/src/supervision/handshake.js";
import type { LoadedExtension } from "../../../../packages/host/src/loading/manifest/loaded.js";
import { loadedExtension } from "./loaded-kit.js";

const THREE = loadedExtension({ protocol_version: 3 });
const TOOL = { name: "t", description: "d", input_schema: {} };

/** The error of a handshake, in parts. */
function refusal(extension: LoadedExtension, result: unknown): unknown {
  try {
    readHandshake(extension, result);
  } catch (error) {
    const { code, message, hint, data } = error as HostError;
    return { code, message, hint, data };
  }
  return undefined;
}

describe("the parameters of initialize", () => {
  it("are the reference's keys, and the features from protocol 3 on", () => {
    const config = [{ key: "a" }, { key: "b" }];
    const file = { a: "1", other: "2" };
    for (const protocol_version of [1, 2, 3]) {
      const extension = loadedExtension({ protocol_version, config }, { root: "/the/root", file });
      expect(initializeParams(extension)).toStrictEqual({
        synaps_version: SYNAPS_VERSION,
        extension_protocol_version: protocol_version,
        plugin_id: "x",
        plugin_root: "/the/root",
        config: { a: "1" },
        ...(protocol_version === 3 ? { features: [...PROTOCOL_FEATURES] } : {}),
      });
    }
  });
});

describe("an answer to initialize", () => {
  it("says what the extension declares, and which features both sides have from protocol 3 on", () => {
    const result = {
      protocol_version: 3,
      capabilities: { capabilities: [{ kind: "k", name: "n" }] },
      features: ["ping", "unknown", "meta"],
    };
    const declarations = { tools: [], providers: [], capabilities: [{ kind: "k", name: "n" }] };
    expect(readHandshake(THREE, result)).toEqual({ declarations, features: new Set(["meta", "ping"]) });
    const two = loadedExtension({ protocol_version: 2 });
    expect(readHandshake(two, { ...result, protocol_version: 2 })).toEqual({
      declarations,
      features: new Set(),
    });
    const bare = { declarations: { tools: [], providers: [], capabilities: [] }, features: new Set() };
    expect(readHandshake(THREE, { protocol_version: 3 })).toEqual(bare);
  });

  it("without a version speaks 1", () => {
    expect(refusal(loadedExtension(), {})).toBeUndefined();
    expect(refusal(loadedExtension(), { protocol_version: null })).toBeUndefined();
    expect(refusal(THREE, {})).toMatchObject({ code: "HANDSHAKE_VERSION" });
  });

  it("is an object", () => {
    for (const [result, evidence] of [
      [null, "null"],
      [undefined, "nothing"],
      [[], "[]"],
      ["text", '"text"'],
      [1, "1"],
    ])
      expect(refusal(THREE, result)).toEqual({
        code: "HANDSHAKE_MALFORMED",
        message: "Extension 'x' failed its handshake: the answer to initialize is not an object",
        hint: "Answer with {protocol_version, capabilities}.",
        data: { extension: "x", evidence },
      });
  });

  it("names the version of the manifest", () => {
    for (const [version, words] of [
      [2, "2"],
      ["3", '"3"'],
      [[3], "[3]"],
    ])
      expect(refusal(THREE, { protocol_version: version })).toEqual({
        code: "HANDSHAKE_VERSION",
        message: `Extension 'x' failed its handshake: unsupported protocol_version ${String(words)} (the manifest says 3)`,
        hint:
          words === '"3"'
            ? "Answer with the number 3, not with a text."
            : "Make the extension answer with the version that its manifest names.",
        data: { extension: "x", evidence: `"protocol_version": ${String(words)}` },
      });
  });

  it("declares nothing that breaks a rule", () => {
    const answer = (capabilities: unknown): unknown => refusal(THREE, { protocol_version: 3, capabilities });
    const hint = "Correct what the extension declares in its answer to initialize, or its permissions.";
    expect(answer({ tools: [TOOL] })).toEqual({
      code: "HANDSHAKE_MALFORMED",
      message: "Extension 'x' failed its handshake: tools need the permission 'tools.register'",
      hint,
      data: { extension: "x" },
    });
    const long = answer({ tools: [{ name: "t", description: "d", input_schema: 1 }, TOOL] });
    expect(long).toMatchObject({ code: "HANDSHAKE_MALFORMED", hint });
    const named = (
      answer({ capabilities: [{ kind: "k", name: "n".repeat(5_000), permissions: 1 }] }) as {
        message: string;
      }
    ).message;
    expect(named).toBe(
      `Extension 'x' failed its handshake: ${`permissions of capability '${"n".repeat(5_000)}`.slice(0, 1_024)}`,
    );
  });

  it("declares what a lazy extension declared before, and an eager one may declare anything", () => {
    const permissions = ["tools.intercept", "tools.register"];
    const deferred = { tools: [TOOL] };
    const make = (
      activation: LoadedExtension["activation"],
      declared: object = { deferred },
    ): LoadedExtension => loadedExtension({ protocol_version: 3, permissions, ...declared }, { activation });
    const answer = { protocol_version: 3, capabilities: { tools: [{ ...TOOL, name: "other" }] } };
    expect(refusal(make("eager"), answer)).toBeUndefined();
    expect(refusal(make("tool", {}), answer)).toBeUndefined();
    expect(refusal(make("tool"), { ...answer, capabilities: { tools: [TOOL] } })).toBeUndefined();
    expect(refusal(make("tool"), answer)).toEqual({
      code: "HANDSHAKE_DRIFT",
      message: "Extension 'x' failed its handshake: it declares 't' otherwise than its manifest",
      hint: "Make its answer to initialize and /extension/deferred say exactly the same.",
      data: { extension: "x", drift: "tool_missing", name: "t" },
    });
  });
});
