import { beforeAll, describe, expect, it } from "vitest";
import { verifies } from "../requirements/verifies.js";
import { compile, type Finding } from "./compile.js";

const IMPORTS = `import { block, confirm, defineExtension, defineHook, inject, modify, type EventParts } from "@synaps/sdk";
import { events, eventsOf, spawnHarness } from "@synaps/sdk/testing";
import { gatewayCatalog, messagingCatalog } from "@synaps/sdk/catalogs";
import { defineCatalog, object, whole } from "@synaps/sdk/protocol";
const mine = defineCatalog({
  name: "mine", chain: "first_decision", permissions: { "mine.see": "See" },
  kinds: {
    "mine.step": {
      permission: "mine.see", toolFilter: false, actions: ["continue", "block"], delivery: "gate", canFailClosed: true,
      since: 3, deadlineMs: 1_000, description: "A step", payload: object({ data: object({ n: whole() }) }),
    },
  },
});
const catalogs = [gatewayCatalog, messagingCatalog, mine] as const;
`;

interface Pair {
  mistake: string;
  api: string;
  passes: string;
  fails: string;
  code: number;
}

const tool = `description: "Adds", input_schema: {}, run: () => 1`;
const spawned = `const child = await spawnHarness({ command: "node" });\n`;

const PAIRS: readonly Pair[] = [
  {
    mistake: "part that may be absent",
    api: "defineHook",
    passes: `defineHook("before_tool_call", ({ tool_name }: EventParts<"before_tool_call">) => block(tool_name ?? "no"));`,
    fails: `defineHook("before_tool_call", ({ tool_name }: EventParts<"before_tool_call">) => block(tool_name));`,
    code: 2345,
  },
  {
    mistake: "unknown kind",
    api: "defineHook",
    passes: `defineHook("before_tool_call", () => block("no"));`,
    fails: `defineHook("before_toolcall", () => block("no"));`,
    code: 2345,
  },
  {
    mistake: "unknown kind",
    api: "defineExtension",
    passes: `defineExtension({ hooks: { before_tool_call() {}, "gateway.connection"() {} } });`,
    fails: `defineExtension({ hooks: { before_toolcall() {} } });`,
    code: 2561,
  },
  {
    mistake: "unknown kind of a catalog of ours",
    api: "defineExtension",
    passes: `defineExtension({ catalogs, hooks: { "gateway.connection": () => block("no") } });`,
    fails: `defineExtension({ catalogs, hooks: { "gateway.conection": () => block("no") } });`,
    code: 2353,
  },
  {
    mistake: "unknown kind of a catalog of one's own",
    api: "defineExtension",
    passes: `defineExtension({ catalogs, hooks: { "mine.step": () => block("no") } });`,
    fails: `defineExtension({ catalogs, hooks: { "mine.stepp": () => block("no") } });`,
    code: 2353,
  },
  {
    mistake: "answer that a kind of ours does not allow",
    api: "defineExtension",
    passes: `defineExtension({ catalogs, hooks: { "messaging.message_enqueue": () => block("no") } });`,
    fails: `defineExtension({ catalogs, hooks: { "messaging.fetch": () => block("no") } });`,
    code: 2322,
  },
  {
    mistake: "answer that a kind of one's own does not allow",
    api: "defineExtension",
    passes: `defineExtension({ catalogs, hooks: { "mine.step": () => block("no") } });`,
    fails: `defineExtension({ catalogs, hooks: { "mine.step": () => modify(1) } });`,
    code: 2322,
  },
  {
    mistake: "member that a payload has not",
    api: "defineExtension",
    passes: `defineExtension({ catalogs, hooks: { "mine.step": ({ data }) => (data.n > 1 ? block("no") : undefined) } });`,
    fails: `defineExtension({ catalogs, hooks: { "mine.step": ({ data }) => (data.m > 1 ? block("no") : undefined) } });`,
    code: 2339,
  },
  {
    mistake: "sealed sender taken for a text",
    api: "defineExtension",
    passes: `defineExtension({ catalogs, hooks: { "messaging.message_enqueue": ({ data }) => void data.sender_identity?.length } });`,
    fails: `defineExtension({ catalogs, hooks: { "messaging.message_enqueue": ({ data }) => void data.sender_identity.length } });`,
    code: 18047,
  },
  {
    mistake: "missing member of a payload",
    api: "eventsOf",
    passes: `${spawned}await child.send(eventsOf(mine)["mine.step"]({ data: { n: 1 } }));`,
    fails: `${spawned}await child.send(eventsOf(mine)["mine.step"]({ data: {} }));`,
    code: 2741,
  },
  {
    mistake: "unknown kind",
    api: "spawnHarness",
    passes: `${spawned}await child.send(events.before_message({ message: "hi" }));`,
    fails: `${spawned}await child.send(events.before_mesage({ message: "hi" }));`,
    code: 2551,
  },
  {
    mistake: "missing field",
    api: "defineHook",
    passes: `defineHook("before_tool_call", ({ tool_input }) => block(tool_input.command), { inputs: { bash: { command: "string" } } });`,
    fails: `defineHook("before_tool_call", ({ tool_input }) => block(tool_input.comand), { inputs: { bash: { command: "string" } } });`,
    code: 2551,
  },
  {
    mistake: "missing field",
    api: "defineExtension",
    passes: `defineExtension({ tools: { add: { ${tool} } } });`,
    fails: `defineExtension({ tools: { add: { description: "Adds", input_schema: {} } } });`,
    code: 2741,
  },
  {
    mistake: "missing field",
    api: "spawnHarness",
    passes: `await spawnHarness({ command: "node" });`,
    fails: `await spawnHarness({ args: ["main.mjs"] });`,
    code: 2741,
  },
  {
    mistake: "wrong type",
    api: "defineHook",
    passes: `defineHook("before_message", ({ message }) => inject(message));`,
    fails: `defineHook("before_message", ({ session_id }) => inject(session_id));`,
    code: 2345,
  },
  {
    mistake: "wrong type",
    api: "defineExtension",
    passes: `defineExtension({ config: { limit: { type: "number", default: 3 } }, start: ({ config }) => void config.limit.toFixed() });`,
    fails: `defineExtension({ config: { limit: { type: "int", default: 3 } } });`,
    code: 2322,
  },
  {
    mistake: "wrong type",
    api: "spawnHarness",
    passes: `await spawnHarness({ command: "node", stopMs: 30 });`,
    fails: `await spawnHarness({ command: "node", stopMs: "30" });`,
    code: 2322,
  },
  {
    mistake: "wrong result",
    api: "defineHook",
    passes: `defineHook("before_tool_call", () => confirm("sure?"));`,
    fails: `defineHook("before_message", () => modify({}));`,
    code: 2322,
  },
  {
    mistake: "wrong result",
    api: "defineExtension",
    passes: `defineExtension({ hooks: { before_tool_call: async () => block("no") } });`,
    fails: `defineExtension({ hooks: { on_usage: async () => block("no") } });`,
    code: 2322,
  },
  {
    mistake: "wrong result",
    api: "spawnHarness",
    passes: `await spawnHarness({ command: "node", answers: { "memory.query": () => ({ records: [] }) } });`,
    fails: `await spawnHarness({ command: "node", answers: { "memory.query": () => undefined } });`,
    code: 2322,
  },
  {
    mistake: "unknown option",
    api: "defineHook",
    passes: `defineHook("before_tool_call", () => {}, { inputs: { "*": {} } });`,
    fails: `defineHook("before_tool_call", () => {}, { input: { "*": {} } });`,
    code: 2561,
  },
  {
    mistake: "unknown option",
    api: "defineExtension",
    passes: `defineExtension({ hooks: {} });`,
    fails: `defineExtension({ hook: {} });`,
    code: 2561,
  },
  {
    mistake: "unknown option",
    api: "spawnHarness",
    passes: `await spawnHarness({ command: "node", env: {} });`,
    fails: `await spawnHarness({ command: "node", enviroment: {} });`,
    code: 2353,
  },
];

const fileOf = ({ mistake, api }: Pair, kind: string): string =>
  `${mistake.replace(" ", "-")}-${api}-${kind}.ts`;

describe(verifies("AUTH-011") + "a mistake does not compile", () => {
  let found: Record<string, Finding[]> = {};
  beforeAll(async () => {
    const programs = PAIRS.flatMap((pair) => [
      [fileOf(pair, "passes"), IMPORTS + pair.passes],
      [fileOf(pair, "fails"), IMPORTS + pair.fails],
    ]);
    found = await compile(Object.fromEntries(programs) as Record<string, string>);
  });

  it.each(PAIRS)("$mistake, $api: TS$code", (pair) => {
    expect(found[fileOf(pair, "passes")]).toEqual([]);
    const codes = found[fileOf(pair, "fails")]?.map(({ code }) => code);
    expect(codes).toEqual([pair.code]);
  });

  it("types the inputs of tools, each by its name", async () => {
    const program = `import { defineExtension, type JsonValue } from "@synaps/sdk";
defineExtension({
  config: { limit: { type: "number", default: 3 } },
  inputs: { bash: { command: "string", timeout: "number?" }, write: { path: "string", more: "json" } },
  hooks: {
    before_tool_call(event, { config }) {
      const limit: number = config.limit;
      if (event.tool_name === "bash") {
        const command: string = event.tool_input.command;
        const timeout: number | null | undefined = event.tool_input.timeout;
        return void [command, timeout, limit];
      }
      const path: string = event.tool_input.path;
      const more: JsonValue = event.tool_input.more;
      const wrong = event.tool_input.command;
      return void [path, more, wrong];
    },
    before_message: ({ message }) => void message.length,
  },
});
defineExtension({ hooks: { before_tool_call: ({ tool_input }) => void tool_input.command } });`;
    const { "inputs.ts": findings } = await compile({ "inputs.ts": program });
    expect(findings?.map(({ code, line }) => [code, line])).toEqual([
      [2339, 15],
      [18047, 21],
      [2339, 21],
    ]);
  });
});
