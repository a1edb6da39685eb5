import { defineExtension, defineHook, type ExtensionDefinition } from "@synaps/sdk";
import { synapsCatalog } from "@synaps/sdk/protocol";
import { describe, expect, it } from "vitest";
import { DEFINITION } from "../../../packages/sdk/src/checks/definition.js";
import { verifies } from "../../requirements/verifies.js";

/** The message of the TypeError that a definition throws. */
function refusal(definition: unknown): string {
  try {
    defineExtension(definition as ExtensionDefinition);
  } catch (error) {
    expect(error).toBeInstanceOf(TypeError);
    return (error as Error).message;
  }
  return "accepted";
}

const run = () => null;
const tool = { description: "Adds", input_schema: { type: "object" }, run };
const provider = { displayName: "P", description: "d", models: { m: {} }, complete: () => ({ content: [] }) };

/** Each name with one letter changed, at each place. */
function misspelt(name: string): string[] {
  return [...name].map(
    (letter, at) => `${name.slice(0, at)}${letter === "z" ? "y" : "z"}${name.slice(at + 1)}`,
  );
}

describe(verifies("AUTH-001") + "a definition", () => {
  it("has a suggestion for each of its keys with one letter changed", () => {
    for (const key of Object.keys(DEFINITION)) {
      for (const wrong of misspelt(key)) {
        const message = `defineExtension: unknown key '${wrong}'. Did you mean '${key}'?`;
        expect(refusal({ [wrong]: undefined })).toBe(message);
      }
    }
  });

  it("has a suggestion for each hook kind with one letter changed, also in the one-line form", () => {
    for (const kind of Object.keys(synapsCatalog.kinds)) {
      for (const wrong of misspelt(kind)) {
        const rest = `unknown hook kind '${wrong}'. Did you mean '${kind}'?`;
        expect(refusal({ hooks: { [wrong]: run } })).toBe(`defineExtension: ${rest}`);
        expect(() => defineHook(wrong as "on_usage", run as never)).toThrow(
          new TypeError(`defineHook: ${rest}`),
        );
      }
    }
  });

  it.each<[string, unknown, string]>([
    ["nothing", undefined, "defineExtension: the definition must be an object, not undefined."],
    ["a list", [], "defineExtension: the definition must be an object, not a list."],
    ["a function", run, "defineExtension: the definition must be an object, not a function."],
    [
      "an instance of a class",
      new (class Mine {})(),
      "defineExtension: the definition must be a plain object, not an object.",
    ],
    [
      "a key without a likeness",
      { on_thing: run },
      "defineExtension: unknown key 'on_thing'. Allowed: catalogs, config, inputs, hooks, tools, providers, commands, settings, info, start, stop, onConfigChange, onEvent, onDropped, sidecarArgs, driveSession.",
    ],
    ["hooks that are a list", { hooks: [] }, "defineExtension: 'hooks' must be an object, not a list."],
    ["start that is text", { start: "now" }, "defineExtension: 'start' must be a function, not a string."],
    [
      "a hook that is no function",
      { hooks: { before_message: "log" } },
      "defineExtension: the hook 'before_message' must be a function, not a string.",
    ],
    [
      "a kind with a dot too many",
      { hooks: { "before.tool_call": run } },
      "defineExtension: unknown hook kind 'before.tool_call'. Did you mean 'before_tool_call'?",
    ],
    [
      "a kind without a likeness",
      { hooks: { everything: run } },
      "defineExtension: unknown hook kind 'everything'. Allowed: before_tool_call, after_tool_call, before_message, on_message_complete, on_compaction, on_usage, on_decision, on_session_start, on_session_end.",
    ],
    [
      "a tool without its function",
      { tools: { add: { description: "", input_schema: {} } } },
      "defineExtension: the tool 'add': 'run', a function, is missing.",
    ],
    [
      "a tool of nothing",
      { tools: { add: null } },
      "defineExtension: the tool 'add' must be an object, not null.",
    ],
    [
      "a tool with the key of another protocol",
      { tools: { add: { ...tool, inputSchema: {} } } },
      "defineExtension: the tool 'add': unknown key 'inputSchema'. Did you mean 'input_schema'?",
    ],
    [
      "a provider without models",
      { providers: { p: { ...provider, models: {} } } },
      "defineExtension: the provider 'p' needs at least one model.",
    ],
    [
      "a model that streams alone",
      { providers: { p: { ...provider, models: { m: { streaming: true } } } } },
      "defineExtension: the provider 'p': the model 'm' streams: 'stream', a function, is missing.",
    ],
    [
      "a model with an unknown key",
      { providers: { p: { ...provider, models: { m: { context_window: 1 } } } } },
      "defineExtension: the provider 'p': the model 'm': unknown key 'context_window'. Did you mean 'contextWindow'?",
    ],
    [
      "a command that is no function",
      { commands: { deploy: {} } },
      "defineExtension: the command 'deploy' must be a function, not an object.",
    ],
    [
      "an editor without a category",
      { settings: { model: { open: run } } },
      "defineExtension: the settings editor 'model' must be named <category>/<field>.",
    ],
    [
      "an editor with an unknown key",
      { settings: { "a/model": { open: run, comit: run } } },
      "defineExtension: the settings editor 'a/model': unknown key 'comit'. Did you mean 'commit'?",
    ],
    [
      "a configuration of an unknown type",
      { config: { level: { type: "strin" } } },
      "defineExtension: the config key 'level': unknown type 'strin'. Did you mean 'string'?",
    ],
    [
      "a default of another type",
      { config: { level: { type: "number", default: "3" } } },
      "defineExtension: the config key 'level': 'default' must be a number, not a string.",
    ],
  ])("refuses %s", (_, definition, message) => {
    expect(refusal(definition)).toBe(message);
  });

  it("shows no more than the beginning of a long name", () => {
    expect(refusal({ ["x".repeat(10_000)]: 1 }).length).toBeLessThan(300);
  });

  it("takes all that it documents", () => {
    const { hooks } = defineExtension({
      config: { level: { type: "number", default: 3 }, rules: { type: "json", default: [] } },
      hooks: { before_tool_call: () => undefined },
      tools: { add: tool },
      providers: { p: provider },
      commands: { deploy: () => undefined },
      settings: { "a/model": { open: () => undefined } },
      info: {},
      start: () => undefined,
      stop: () => undefined,
      onConfigChange: () => undefined,
      sidecarArgs: () => ({}),
      driveSession: () => ({}),
    }).definition;
    expect(Object.keys(hooks ?? {})).toEqual(["before_tool_call"]);
  });

  it("may hold instances of classes where an object is asked for", () => {
    class Adds {
      calls = 0;
      description = "Adds";
      input_schema = {};
      run(): number {
        return ++this.calls;
      }
    }
    expect(refusal({ tools: { add: new Adds() } })).toBe("accepted");
  });
});
