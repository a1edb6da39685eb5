import { createHost, HostError, type Host } from "@synaps/host";
import { defineExtension, type Extension } from "@synaps/sdk";
import { defineCatalog, synapsCatalog } from "@synaps/sdk/protocol";
import { createHarness, spawnHarness } from "@synaps/sdk/testing";
import { beforeEach, describe, expect, it } from "vitest";
import { verifies } from "../requirements/verifies.js";
import { startedHost } from "../helpers/hosts.js";
import { keysOfType, misspellings } from "../helpers/type-keys.js";

/** Something that takes an object of a type. It must throw or reject before anything runs, and say which key was meant. */
interface Taker {
  /** Name of the type, whose keys are read from the built declarations. */
  type: string;
  takes: string;
  /** Code of the HostError; absent for the SDK, which throws a TypeError. */
  code?: string;
  give(extra: Record<string, unknown>): unknown;
}

let host: Host;
let ran = 0;
beforeEach(async () => {
  ({ host } = await startedHost([]));
  host.subscribe("before_tool_call", () => void (ran += 1));
});

const EVENT = { kind: "before_tool_call", tool_name: "bash", tool_input: {} };
const KINDS = { before: "before_tool_call" };
const run = (): void => void (ran += 1);
const noop = (): void => {};
const SPEC = synapsCatalog.kinds.on_usage;
const PROVIDER = { displayName: "x", description: "x", models: { m: {} }, complete: noop };
const TOOL = { description: "x", input_schema: {}, run: noop };
const REQUEST = { model: "a:b:c", messages: [] };
const define = (definition: object): Extension => defineExtension(definition as never);
const OPTIONS = "HOST_OPTIONS_INVALID";

/** A harness around an extension that would count what reaches it. */
async function harnessed(use: (harness: Awaited<ReturnType<typeof createHarness>>) => Promise<unknown>) {
  await using harness = await createHarness(
    define({ hooks: { before_tool_call: run }, tools: { t: { ...TOOL, run } } }),
  );
  await use(harness);
}

const TAKERS: readonly Taker[] = [
  { type: "HostOptions", takes: "createHost", code: OPTIONS, give: (extra) => createHost(extra as never) },
  {
    type: "HostLimits",
    takes: "createHost, limits",
    code: OPTIONS,
    give: (extra) => createHost({ limits: extra as never }),
  },
  {
    type: "EventInput",
    takes: "emit",
    code: "EVENT_INVALID",
    give: (extra) => host.emit({ ...EVENT, ...extra } as never),
  },
  {
    type: "EventInput",
    takes: "intercept",
    code: "EVENT_INVALID",
    give: (extra) =>
      host.intercept(KINDS as never, { tool_name: "bash", tool_input: {}, ...extra } as never, run),
  },
  {
    type: "EmitOptions",
    takes: "emit, options",
    code: "EVENT_INVALID",
    give: (extra) => host.emit(EVENT as never, extra),
  },
  {
    type: "InterceptOptions",
    takes: "intercept, options",
    code: "EVENT_INVALID",
    give: (extra) =>
      host.intercept(KINDS as never, { tool_name: "bash", tool_input: {} } as never, run, extra),
  },
  {
    type: "InterceptKinds",
    takes: "intercept, kinds",
    code: "EVENT_INVALID",
    give: (extra) =>
      host.intercept({ ...KINDS, ...extra } as never, { tool_name: "bash", tool_input: {} } as never, run),
  },
  {
    type: "SubscribeOptions",
    takes: "subscribe",
    code: "SUBSCRIBE_DENIED",
    give: (extra) => host.subscribe("before_tool_call", run, extra),
  },
  {
    type: "Filter",
    takes: "subscribe, filter",
    code: "SUBSCRIBE_DENIED",
    give: (extra) => host.subscribe("before_tool_call", run, { filter: extra }),
  },
  { type: "CallOptions", takes: "start", code: OPTIONS, give: (extra) => host.start(extra) },
  { type: "CallOptions", takes: "stop", code: OPTIONS, give: (extra) => host.stop(extra) },
  { type: "ReloadOptions", takes: "reload", code: OPTIONS, give: (extra) => host.reload("x", extra) },
  {
    type: "ToolCallOptions",
    takes: "tools.call",
    code: OPTIONS,
    give: (extra) => host.tools.call("x", {}, extra),
  },
  {
    type: "InvokeOptions",
    takes: "commands.invoke",
    code: OPTIONS,
    give: (extra) => host.commands.invoke("x", [], extra),
  },
  {
    type: "CompletionOptions",
    takes: "providers.complete",
    code: OPTIONS,
    give: (extra) => host.providers.complete(REQUEST, extra),
  },
  {
    type: "CompletionRequest",
    takes: "providers.complete, request",
    code: OPTIONS,
    give: (extra) => host.providers.complete({ ...REQUEST, ...extra }),
  },
  {
    type: "CompletionOptions",
    takes: "providers.stream",
    code: OPTIONS,
    give: (extra) => host.providers.stream(REQUEST, extra).result,
  },
  {
    type: "OwnTool",
    takes: "providers.complete, a tool",
    code: OPTIONS,
    give: (extra) =>
      host.providers.complete(REQUEST, {
        ownTools: [{ name: "x", description: "x", inputSchema: {}, run, ...extra } as never],
      }),
  },
  {
    type: "LeaseCall",
    takes: "leases.execute",
    code: OPTIONS,
    give: (extra) => host.leases.execute({ session: "s", extension: "x", tool: "t", input: {}, ...extra }),
  },
  {
    type: "HostEventMap",
    takes: "on",
    code: OPTIONS,
    give: (extra) => Object.keys(extra).map((name) => host.on(name as never, noop)),
  },
  { type: "ExtensionDefinition", takes: "defineExtension", give: (extra) => define(extra) },
  {
    type: "ToolDefinition",
    takes: "defineExtension, a tool",
    give: (extra) => define({ tools: { t: { ...TOOL, ...extra } } }),
  },
  {
    type: "ProviderDefinition",
    takes: "defineExtension, a provider",
    give: (extra) => define({ providers: { p: { ...PROVIDER, ...extra } } }),
  },
  {
    type: "ProviderModel",
    takes: "defineExtension, a model",
    give: (extra) => define({ providers: { p: { ...PROVIDER, models: { m: extra } } } }),
  },
  {
    type: "SettingsEditor",
    takes: "defineExtension, an editor",
    give: (extra) => define({ settings: { "a/b": { open: noop, ...extra } } }),
  },
  {
    type: "ConfigField",
    takes: "defineExtension, a config key",
    give: (extra) => define({ config: { key: { type: "string", ...extra } } }),
  },
  {
    type: "HarnessOptions",
    takes: "createHarness",
    give: (extra) => createHarness(define({ hooks: { before_tool_call: run } }), extra),
  },
  {
    type: "SpawnHarnessOptions",
    takes: "spawnHarness",
    give: (extra) => spawnHarness({ command: process.execPath, ...extra }),
  },
  {
    type: "ProviderCallOptions",
    takes: "harness.complete",
    give: (extra) => harnessed((harness) => harness.complete("p", "m", extra)),
  },
  {
    type: "HookKindSpec",
    takes: "defineCatalog, a kind",
    give: (extra) =>
      defineCatalog({ name: "x", chain: "first_decision", kinds: { "x.y": { ...SPEC, ...extra } } }),
  },
  {
    type: "Catalog",
    takes: "defineCatalog",
    give: (extra) => defineCatalog({ name: "x", chain: "first_decision", kinds: {}, ...extra }),
  },
];

async function refusal(give: () => unknown): Promise<unknown> {
  try {
    await give();
    return undefined;
  } catch (error) {
    return error;
  }
}

describe(verifies("EMBED-001") + "a key with one letter changed is refused before anything runs", () => {
  it.each(TAKERS)("$takes: each key of $type", async ({ type, code, give }) => {
    const keys = keysOfType(code === undefined ? "sdk" : "host", type);
    const known = new Set(keys);
    expect(keys.length).toBeGreaterThan(0);
    ran = 0;
    for (const key of keys) {
      for (const wrong of misspellings(key).filter((one) => !known.has(one))) {
        const error = await refusal(() => give({ [wrong]: undefined }));
        expect(error, `'${wrong}'`).toBeInstanceOf(code === undefined ? TypeError : HostError);
        const { message } = error as Error;
        if (code !== undefined) expect((error as HostError).code).toBe(code);
        expect(message).toContain(`'${wrong}'`);
        expect(message.toLowerCase()).toContain(`did you mean '${key}'?`.toLowerCase());
      }
    }
    expect(ran).toBe(0);
  });
});
