import { beforeAll, describe, expect, it } from "vitest";
import { compile, type Finding } from "./compile.js";

const IMPORTS = `import { createHost } from "@synaps/host";
import { binary, defineCatalog, list, nullable, object, oneOfTexts, synapsCatalog } from "@synaps/sdk/protocol";
const host = createHost({ folders: [] });
const gateway = defineCatalog({
  name: "gateway",
  chain: "first_decision",
  kinds: {
    "gateway.connection": {
      permission: "session.lifecycle", toolFilter: false, requires: ["data"], delivery: "gate", since: 3,
      actions: ["continue", "block"], canFailClosed: true, deadlineMs: 1_000, description: "A client connects",
      attributes: {
        protocol: { at: "/data/protocol", type: "string", description: "Protocol" },
        hops: { at: "/data/hops", type: "number", description: "Hops" },
      },
    },
    "gateway.packet": {
      permission: "gateway.see", toolFilter: false, delivery: "observe", since: 3, actions: ["continue"],
      canFailClosed: false, deadlineMs: 1_000, description: "A packet passes",
      payload: object({ data: object({ side: oneOfTexts("in", "out"), key: nullable(binary(32)), sizes: list(binary()) }) }),
    },
  },
  permissions: { "gateway.see": "See packets" },
});
`;

interface Pair {
  mistake: string;
  api: string;
  passes: string;
  fails: string;
  code: number;
}

const both = `const two = createHost({ folders: [], catalogs: [synapsCatalog, gateway] });\n`;
const around = `{ before: "before_tool_call", after: "after_tool_call" }, { tool_name: "bash" }`;

const PAIRS: readonly Pair[] = [
  {
    mistake: "undeclared attribute of another catalog",
    api: "subscribe",
    passes: `${both}two.subscribe("gateway.connection", () => {}, { filter: { where: { protocol: ["http*"], hops: 3 } } });`,
    fails: `${both}two.subscribe("gateway.connection", () => {}, { filter: { where: { protocl: "http" } } });`,
    code: 2561,
  },
  {
    mistake: "value of a wrong type",
    api: "subscribe",
    passes: `${both}two.subscribe("gateway.connection", () => {}, { filter: { where: { hops: [1, 2] } } });`,
    fails: `${both}two.subscribe("gateway.connection", () => {}, { filter: { where: { hops: "3" } } });`,
    code: 2322,
  },
  {
    mistake: "undeclared attribute",
    api: "subscribe",
    passes: `host.subscribe("before_tool_call", () => {}, { filter: { tools: ["bash"] } });`,
    fails: `host.subscribe("before_tool_call", () => {}, { filter: { where: { tool: "bash" } } });`,
    code: 2322,
  },
  {
    mistake: "unknown kind",
    api: "emit",
    passes: `await host.emit({ kind: "before_tool_call", tool_name: "bash" });`,
    fails: `await host.emit({ kind: "before_toolcall", tool_name: "bash" });`,
    code: 2820,
  },
  {
    mistake: "unknown kind of another catalog",
    api: "emit",
    passes: `${both}await two.emit({ kind: "gateway.connection", data: { ip: "::1" } });`,
    fails: `${both}await two.emit({ kind: "gateway.conection", data: { ip: "::1" } });`,
    code: 2820,
  },
  {
    mistake: "unknown kind",
    api: "intercept",
    passes: `await host.intercept(${around}, () => "done");`,
    fails: `await host.intercept({ before: "before_toolcall" }, { tool_name: "bash" }, () => "done");`,
    code: 2820,
  },
  {
    mistake: "unknown kind",
    api: "subscribe",
    passes: `host.subscribe("before_tool_call", () => ({ action: "block", reason: "no" }));`,
    fails: `host.subscribe("before_toolcall", () => ({ action: "block", reason: "no" }));`,
    code: 2345,
  },
  {
    mistake: "unknown kind",
    api: "use",
    passes: `await host.use({ id: "a", events: ["before_tool_call"], on: ({ tool_name }) => void tool_name.length });`,
    fails: `await host.use({ id: "a", events: ["before_toolcall"], on() {} });`,
    code: 2820,
  },
  {
    mistake: "unknown kind of another catalog",
    api: "use",
    passes: `${both}await two.use({ id: "a", events: [{ kind: "gateway.connection", handler: () => ({ action: "block", reason: "no" }) }] });`,
    fails: `${both}await two.use({ id: "a", events: [{ kind: "gateway.conection", handler() {} }] });`,
    code: 2820,
  },
  {
    mistake: "wrong result",
    api: "use",
    passes: `await host.use({ id: "a", events: ["before_message"], on: () => ({ action: "inject", content: "hi" }) });`,
    fails: `await host.use({ id: "a", events: ["before_message"], on: () => ({ action: "block", reason: "no" }) });`,
    code: 2322,
  },
  {
    mistake: "unknown kind",
    api: "hooks.registerMultiple",
    passes: `await host.hooks.registerMultiple([{ id: "a", events: ["before_message"], on() {} }]);`,
    fails: `await host.hooks.registerMultiple([{ id: "a", events: ["before_mesage"], on() {} }]);`,
    code: 2820,
  },
  {
    mistake: "missing field",
    api: "emit",
    passes: `await host.emit({ kind: "after_tool_call", tool_name: "bash", tool_output: null });`,
    fails: `await host.emit({ kind: "after_tool_call", tool_name: "bash" });`,
    code: 2345,
  },
  {
    mistake: "missing field of another catalog",
    api: "emit",
    passes: `${both}await two.emit({ kind: "gateway.connection", data: {} });`,
    fails: `${both}await two.emit({ kind: "gateway.connection" });`,
    code: 2345,
  },
  {
    mistake: "missing member of a payload",
    api: "emit",
    passes: `${both}await two.emit({ kind: "gateway.packet", data: { side: "in", key: null, sizes: [] } });`,
    fails: `${both}await two.emit({ kind: "gateway.packet", data: { side: "in", sizes: [] } });`,
    code: 2741,
  },
  {
    mistake: "value off a payload",
    api: "emit",
    passes: `${both}await two.emit({ kind: "gateway.packet", data: { side: "out", key: "", sizes: [] } });`,
    fails: `${both}await two.emit({ kind: "gateway.packet", data: { side: "up", key: "", sizes: [] } });`,
    code: 2322,
  },
  {
    mistake: "member of an event that a closed payload has not",
    api: "emit",
    passes: `${both}await two.emit({ kind: "gateway.packet", data: { side: "out", key: "", sizes: [] }, correlation_id: "c" });`,
    fails: `${both}await two.emit({ kind: "gateway.packet", data: { side: "out", key: "", sizes: [] }, message: "m" });`,
    code: 2353,
  },
  {
    mistake: "unknown member of a payload",
    api: "subscribe",
    passes: `${both}two.subscribe("gateway.packet", ({ data }) => void data.key?.length);`,
    fails: `${both}two.subscribe("gateway.packet", ({ data }) => void data.keys);`,
    code: 2551,
  },
  {
    mistake: "null of a payload passed over",
    api: "subscribe",
    passes: `${both}two.subscribe("gateway.packet", ({ data }) => void data.sizes[0]);`,
    fails: `${both}two.subscribe("gateway.packet", ({ data }) => void data.key.length);`,
    code: 18047,
  },
  {
    mistake: "missing field",
    api: "intercept",
    passes: `await host.intercept({ before: "before_message" }, { message: "hi" }, () => {});`,
    fails: `await host.intercept({ before: "before_message" }, { session_id: "s" }, () => {});`,
    code: 2345,
  },
  {
    mistake: "wrong type",
    api: "emit",
    passes: `await host.emit({ kind: "before_tool_call", tool_name: "bash", tool_input: { n: 5 } });`,
    fails: `await host.emit({ kind: "before_tool_call", tool_name: 5 });`,
    code: 2322,
  },
  {
    mistake: "wrong type",
    api: "intercept",
    passes: `await host.intercept(${around}, (input) => JSON.stringify(input));`,
    fails: `await host.intercept(${around}, (input: { command: string }) => input.command);`,
    code: 2345,
  },
  {
    mistake: "wrong type",
    api: "subscribe",
    passes: `host.subscribe("on_session_end", ({ transcript }) => void transcript?.length);`,
    fails: `host.subscribe("on_session_end", ({ transcript }) => void transcript?.size);`,
    code: 2339,
  },
  {
    mistake: "misspelt field",
    api: "emit",
    passes: `await host.emit({ kind: "before_tool_call", tool_name: "bash", tool_input: {} });`,
    fails: `await host.emit({ kind: "before_tool_call", tool_name: "bash", toolInput: {} });`,
    code: 2561,
  },
  {
    mistake: "wrong result",
    api: "subscribe",
    passes: `host.subscribe("before_message", () => ({ action: "inject", content: "hello" }));`,
    fails: `host.subscribe("before_message", () => ({ action: "block", reason: "no" }));`,
    code: 2322,
  },
  {
    mistake: "wrong result of another catalog",
    api: "subscribe",
    passes: `${both}two.subscribe("gateway.connection", () => ({ action: "reject", reason: "no" }));`,
    fails: `${both}two.subscribe("gateway.connection", () => ({ action: "modify", input: 1 }));`,
    code: 2322,
  },
  {
    mistake: "wrong result",
    api: "emit",
    passes: `const { action } = await host.emit({ kind: "before_tool_call", tool_name: "bash" });\nif (action === "block") throw new Error();`,
    fails: `const { action } = await host.emit({ kind: "before_tool_call", tool_name: "bash" });\nif (action === "inject") throw new Error();`,
    code: 2367,
  },
  {
    mistake: "wrong result",
    api: "intercept",
    passes: `await host.intercept(${around}, () => ({ output: null, isError: true }));`,
    fails: `await host.intercept(${around}, () => 5);`,
    code: 2322,
  },
  {
    mistake: "wrong after",
    api: "intercept",
    passes: `await host.intercept({ before: "before_tool_call" }, { tool_name: "bash" }, () => "done");`,
    fails: `await host.intercept({ before: "before_tool_call", after: "before_message" }, { tool_name: "bash" }, () => "done");`,
    code: 2322,
  },
  {
    mistake: "wrong before",
    api: "intercept",
    passes: `await host.intercept({ before: "before_tool_call" }, { tool_name: "bash" }, () => "done");`,
    fails: `await host.intercept({ before: "after_tool_call" }, { tool_name: "bash", tool_output: null }, () => "done");`,
    code: 2322,
  },
  {
    mistake: "unknown option",
    api: "createHost",
    passes: `createHost({ folders: ["./extensions"], limits: { drainMs: 1 } });`,
    fails: `createHost({ folder: ["./extensions"] });`,
    code: 2561,
  },
  {
    mistake: "unknown option",
    api: "emit",
    passes: `await host.emit({ kind: "before_tool_call", tool_name: "bash" }, { chain: "rewrite_then_veto" });`,
    fails: `await host.emit({ kind: "before_tool_call", tool_name: "bash" }, { chian: "rewrite_then_veto" });`,
    code: 2561,
  },
  {
    mistake: "unknown option",
    api: "intercept",
    passes: `await host.intercept(${around}, () => "done", { confirm: "block" });`,
    fails: `await host.intercept(${around}, () => "done", { confrim: "block" });`,
    code: 2561,
  },
  {
    mistake: "unknown option",
    api: "subscribe",
    passes: `host.subscribe("before_tool_call", () => {}, { closed: true });`,
    fails: `host.subscribe("before_tool_call", () => {}, { closd: true });`,
    code: 2561,
  },
  {
    mistake: "input used before the outcome",
    api: "emit",
    passes: `const outcome = await host.emit({ kind: "before_tool_call", tool_name: "bash" });\nif (outcome.action === "modify") JSON.stringify(outcome.input);`,
    fails: `const outcome = await host.emit({ kind: "before_tool_call", tool_name: "bash" });\nJSON.stringify(outcome.input);`,
    code: 2339,
  },
  {
    mistake: "output used before the result",
    api: "intercept",
    passes: `const result = await host.intercept(${around}, () => "done");\nif (result.ran) JSON.stringify(result.output);`,
    fails: `const result = await host.intercept(${around}, () => "done");\nJSON.stringify(result.output);`,
    code: 2339,
  },
];

describe("a mistake in a program that embeds the host", () => {
  let findings: Record<string, Finding[]>;

  beforeAll(async () => {
    const programs = PAIRS.flatMap(({ passes, fails }, n) => [
      [`passes-${n}.ts`, `${IMPORTS}${passes}`],
      [`fails-${n}.ts`, `${IMPORTS}${fails}`],
    ]);
    findings = await compile(Object.fromEntries(programs));
  });

  it.each(PAIRS.map(({ mistake, api, code }, n) => [mistake, api, code, n] as const))(
    "%s, %s: does not compile (TS%d)",
    (_mistake, _api, code, n) => {
      expect(findings[`passes-${n}.ts`]).toEqual([]);
      expect(findings[`fails-${n}.ts`]?.map((finding) => finding.code)).toEqual([code]);
    },
  );
});
