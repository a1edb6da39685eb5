import { defineExtension, ExtensionError, type ConfigSpec, type JsonObject } from "@synaps/sdk";
import { createHarness } from "@synaps/sdk/testing";
import { describe, expect, expectTypeOf, it } from "vitest";

/** What handlers see, through the real handshake. */
async function read(config: ConfigSpec, sent: JsonObject): Promise<Record<string, unknown>> {
  let seen: Record<string, unknown> = {};
  const extension = defineExtension({
    config,
    start: (context) => {
      seen = { ...context.config };
    },
  });
  await createHarness(extension, { config: sent });
  return seen;
}

describe("configuration", () => {
  it.each<[ConfigSpec[string]["type"], unknown, unknown]>([
    ["string", "text", "text"],
    ["string", "", ""],
    ["string", 5, "5"],
    ["string", { a: 1 }, '{"a":1}'],
    ["number", "12", 12],
    ["number", " 1.5 ", 1.5],
    ["number", "-1e3", -1000],
    ["number", 7, 7],
    ["boolean", "true", true],
    ["boolean", "YES", true],
    ["boolean", "on", true],
    ["boolean", "1", true],
    ["boolean", "0", false],
    ["boolean", "off", false],
    ["boolean", "", false],
    ["boolean", true, true],
    ["json", '{"a":[1]}', { a: [1] }],
    ["json", ["as", "it", "is"], ["as", "it", "is"]],
    ["json", "null", null],
  ])("reads a %s from %j", async (type, sent, value) => {
    expect(await read({ key: { type } }, { key: sent } as JsonObject)).toEqual({ key: value });
  });

  it.each<[ConfigSpec[string]["type"], unknown, string]>([
    ["number", "many", "config key 'key' must be a number"],
    ["number", "", "config key 'key' must be a number"],
    ["number", "Infinity", "config key 'key' must be a number"],
    ["number", true, "config key 'key' must be a number"],
    ["boolean", "perhaps", "config key 'key' must be a boolean"],
    ["boolean", 2, "config key 'key' must be a boolean"],
    ["json", "{a:1}", "config key 'key' must hold JSON"],
  ])("refuses a %s from %j with the name of the key and not the value", async (type, sent, message) => {
    await expect(read({ key: { type } }, { key: sent } as JsonObject)).rejects.toThrow(
      new ExtensionError(message),
    );
  });

  it("takes the default when nothing or null was sent, and undefined without a default", async () => {
    const spec = { level: { type: "number", default: 3 }, mode: { type: "string" } } as const;
    expect(await read(spec, { level: null, other: "ignored" })).toEqual({ level: 3, mode: undefined });
  });

  it("does not find keys that every object inherits", async () => {
    const spec: ConfigSpec = { ["valueOf" as string]: { type: "string", default: "mine" } };
    expect(await read(spec, {})).toEqual({ valueOf: "mine" });
  });

  it("is frozen, so that one handler cannot change what another reads", async () => {
    const extension = defineExtension({
      config: { level: { type: "number", default: 1 } },
      start: ({ config }) => {
        Object.assign(config, { level: 2 });
      },
    });
    await expect(createHarness(extension)).rejects.toThrow("read only property 'level'");
  });

  it.each<[ConfigSpec[string], unknown, string]>([
    [{ type: "string", enum: ["ask", "log"] }, "lgo", "must be one of ask, log (did you mean 'log'?)"],
    [{ type: "number", min: 1, max: 5 }, "7", "must be a number from 1 to 5"],
    [{ type: "number", enum: [1, 2] }, "3", "must be one of 1, 2"],
    [{ type: "string", max_length: 2 }, "abc", "must be text of at most 2 characters"],
  ])("refuses a value outside of %j: %j", async (field, sent, message) => {
    await expect(read({ key: field }, { key: sent } as JsonObject)).rejects.toThrow(
      `config key 'key' ${message}`,
    );
  });

  it("types a list of allowed values as their union, and refuses a default outside of it", () => {
    defineExtension({
      config: {
        mode: { type: "string", enum: ["ask", "log"], default: "ask" },
        level: { type: "number", enum: [1, 2] },
      },
      start: ({ config }) => {
        expectTypeOf(config.mode).toEqualTypeOf<"ask" | "log">();
        expectTypeOf(config.level).toEqualTypeOf<1 | 2 | undefined>();
      },
    });
    expect(() =>
      defineExtension({ config: { mode: { type: "string", enum: ["ask", "log"], default: "as" } } }),
    ).toThrow("'default' must be one of ask, log (did you mean 'ask'?)");
  });
});
