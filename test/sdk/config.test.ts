import { defineExtension, ExtensionError, type ConfigSpec, type JsonObject } from "@synaps/sdk";
import { createHarness } from "@synaps/sdk/testing";
import { describe, expect, it } from "vitest";

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
});
