import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Host } from "@synaps/host";
import { expect, it } from "vitest";
import { startedHost } from "../../helpers/hosts.js";
import { repo } from "../../helpers/paths.js";
import { tempDir, writeExtension } from "../../helpers/temp.js";
import { until } from "../../helpers/wait.js";
import { verifies } from "../../requirements/verifies.js";
import { call, inState, told } from "./support/fixture.js";

const SECTION = {
  protocol_version: 3,
  runtime: "process",
  command: "node",
  args: ["main.mjs"],
  permissions: ["tools.intercept", "config.subscribe", "config.write"],
  hooks: [{ hook: "before_tool_call" }],
  config: [
    { key: "name", type: "string", default: "nobody" },
    { key: "size", type: "number" },
  ],
};

/** Asks to be told at its start, and writes every message that it gets to a file. */
const RECORDER = `
import { appendFileSync, existsSync } from "node:fs";
import { CONTINUE, answer, read, send } from ${JSON.stringify(repo("test/fixtures/fixture-kit.mjs"))};
const [file, features = "config.changed"] = process.argv.slice(2);
read(({ id, method, params, result, error }) => {
  appendFileSync(file, JSON.stringify({ id, method, params, result, error }) + "\\n");
  if (method === "initialize") {
    answer(id, { protocol_version: params.extension_protocol_version, capabilities: {}, features: [features] });
    const asked = process.argv[4] === "once" && existsSync(file + ".exited");
    if (!asked) send({ jsonrpc: "2.0", id: "sub", method: "config.subscribe", params: {} });
  }
  // An event is sent again after a crash: the second process answers it.
  if (method === "hook.handle") {
    if (params.tool_input?.exit && !existsSync(file + ".exited")) {
      appendFileSync(file + ".exited", "");
      process.exit(1);
    }
    answer(id, CONTINUE);
  }
  if (method === "shutdown") answer(id, null);
});`;

interface Message {
  id?: number | string;
  method?: string;
  params?: Record<string, unknown>;
  result?: unknown;
  error?: unknown;
}

interface Recorded {
  host: Host;
  path: string;
  messages: () => Message[];
  changes: () => unknown[];
}

async function recorder(section: object = {}, args: readonly string[] = []): Promise<Recorded> {
  const [folder, baseDir, notes] = [tempDir(), tempDir(), tempDir()];
  const file = join(notes, "messages");
  writeFileSync(file, "");
  const extension = { ...SECTION, args: ["main.mjs", file, ...args], ...section };
  writeExtension(folder, "follower", extension, { "main.mjs": RECORDER });
  const path = join(baseDir, "plugins", "follower", "config");
  const { host } = await startedHost([folder], { baseDir });
  const messages = (): Message[] =>
    readFileSync(file, "utf8")
      .split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Message);
  await until("it was answered", () => messages().some(({ id }) => id === "sub"));
  const changes = (): unknown[] =>
    messages().flatMap(({ method, params }) => (method === "config.changed" ? [params] : []));
  return { host, path, messages, changes };
}

function put(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

it(
  verifies("CFG-050") + "protocol 3 is told of each changed key, with its value and in its type",
  async () => {
    const { host, path, messages, changes } = await recorder();
    expect(messages()[1]).toEqual({ id: "sub", result: { ok: true } });
    put(path, "name = Ann\nsize = 4\nfree = x\n");
    const first = [
      { key: "free", value: "x" },
      { key: "name", value: "Ann" },
      { key: "size", value: 4 },
    ];
    await expect.poll(changes, { timeout: 10_000 }).toEqual(first);
    await host.config.set("follower", "name", null);
    await expect.poll(changes, { timeout: 10_000 }).toEqual([...first, { key: "name", value: "nobody" }]);
    put(path, "");
    await expect
      .poll(() => changes().slice(4), { timeout: 10_000 })
      .toEqual([
        { key: "free", value: null },
        { key: "size", value: null },
      ]);
  },
);

it(
  verifies("CFG-050") + "its next process starts with what is true then, and is told only what comes after",
  async () => {
    const { host, path, messages, changes } = await recorder();
    put(path, "name = Ann\n");
    await expect.poll(changes, { timeout: 10_000 }).toEqual([{ key: "name", value: "Ann" }]);
    await host.emit(call({ exit: true }));
    await inState(host, "follower", "degraded");
    const starts = (): Message[] => messages().filter(({ method }) => method === "initialize");
    await until("it asked again", () => messages().filter(({ id }) => id === "sub").length === 2);
    expect(starts().map(({ params }) => params?.["config"])).toEqual([{ name: "nobody" }, { name: "Ann" }]);
    put(path, "name = Bob\n");
    await expect.poll(changes, { timeout: 10_000 }).toEqual([
      { key: "name", value: "Ann" },
      { key: "name", value: "Bob" },
    ]);
  },
);

it(verifies("CFG-050") + "a next process that does not ask is not told", async () => {
  const { host, path, messages, changes } = await recorder({}, ["config.changed", "once"]);
  await host.emit(call({ exit: true }));
  await inState(host, "follower", "degraded");
  let heard = 0;
  host.config.onChange("follower", () => (heard += 1));
  put(path, "name = Ann\n");
  await until("the program heard of it", () => heard === 1);
  await host.emit(call());
  expect(messages().filter(({ method }) => method === "initialize")).toHaveLength(2);
  expect(changes()).toEqual([]);
});

it.each<[what: string, section: object, args: string[]]>([
  ["protocol 1", { protocol_version: 1 }, []],
  ["protocol 2", { protocol_version: 2 }, []],
  ["protocol 3 that does not know config.changed", {}, ["meta"]],
])(verifies("CFG-051") + "%s gets the acknowledgement and nothing else", async (_, section, args) => {
  const { host, path, messages, changes } = await recorder(section, args);
  expect(messages().find(({ id }) => id === "sub")).toEqual({ id: "sub", result: { ok: true } });
  let heard = 0;
  host.config.onChange("follower", () => (heard += 1));
  put(path, "name = Ann\n");
  await until("the program heard of it", () => heard === 1);
  // An event behind it: what was to be told would have come before.
  await host.emit(call());
  expect(messages().map(({ method }) => method ?? "answer")).toEqual(["initialize", "answer", "hook.handle"]);
  expect(changes()).toEqual([]);
});

it(verifies("CFG-051") + "without the permission nobody is told", async () => {
  const permissions = ["tools.intercept"];
  const { host, messages, changes } = await recorder({ permissions });
  expect(messages().find(({ id }) => id === "sub")?.error).toMatchObject({ code: -32602 });
  await host.config.set("follower", "name", "Ann");
  expect(await host.config.get("follower", "name")).toBe("Ann");
  await host.emit(call());
  expect(changes()).toEqual([]);
});

it(
  verifies("CFG-052") +
    "on the SDK `config` follows, and a handler is told; a value that does not fit changes nothing",
  async () => {
    const [folder, baseDir] = [tempDir(), tempDir()];
    const main = `
    import { defineExtension, modify, serve } from ${JSON.stringify(repo("packages/sdk/dist/index.js"))};
    const seen = [];
    serve(defineExtension({
      config: { name: { type: "string" }, size: { type: "number", default: 1 } },
      onConfigChange: ({ key, value }, ctx) => {
        seen.push({ key, value, config: ctx.config });
        if (value === "trouble") throw new Error("the author's own trouble");
      },
      hooks: {
        async before_tool_call({ tool_input }, ctx) {
          if (tool_input.set) await ctx.configuration.set(...tool_input.set);
          return modify({ seen, config: ctx.config, name: await ctx.configuration.get("name") });
        },
      },
    }));`;
    writeExtension(folder, "follower", SECTION, { "main.mjs": main });
    const { host } = await startedHost([folder], { baseDir });
    const state = async (input: object = {}): Promise<Record<string, unknown>> =>
      told(await host.emit(call(input)));
    expect(await state()).toEqual({ seen: [], config: { name: "nobody", size: 1 }, name: "nobody" });
    await state({ set: ["size", 8] });
    await host.config.set("follower", "name", "trouble");
    await until("it was told", async () => ((await state())["seen"] as unknown[]).length === 2);
    expect(await state()).toEqual({
      seen: [
        { key: "size", value: 8, config: { name: "nobody", size: 8 } },
        { key: "name", value: "trouble", config: { name: "trouble", size: 8 } },
      ],
      config: { name: "trouble", size: 8 },
      name: "trouble",
    });
    put(join(baseDir, "plugins", "follower", "config"), "size = huge\nname = Ann\n");
    await until("the name came", async () => (await state())["name"] === "Ann");
    await until("it was told", async () => ((await state())["seen"] as unknown[]).length === 3);
    expect((await state())["config"]).toEqual({ name: "Ann", size: 8 });
  },
);
