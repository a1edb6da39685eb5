import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { HelpEntry } from "@synaps/host";
import { expect, it } from "vitest";
import { HelpIndex } from "../../../../packages/host/src/surfaces/ui/help.js";
import { readInfo } from "../../../../packages/host/src/surfaces/ui/info.js";
import { startedHost } from "../../../helpers/hosts.js";
import { FIXTURES } from "../../../helpers/paths.js";
import { tempDir } from "../../../helpers/temp.js";
import { until } from "../../../helpers/wait.js";
import { verifies } from "../../../requirements/verifies.js";
import { offering, writeOffer } from "../commands/support.js";

const main = join(FIXTURES, "offers-commands", "main.mjs");
const bind = (key: string, command: string): object => ({ key, action: "slash_command", command });

it(verifies("UI-050") + "the user's keybinds win, then the first extension; who lost is listed", async () => {
  const folder = tempDir();
  const script = { key: "F7", action: "run_script", script: "bin/go.sh", description: "Go" };
  writeOffer(folder, { id: "a", manifest: { keybinds: [bind("F5", "a"), bind("F6", "a"), script] } });
  writeOffer(folder, { id: "b", manifest: { keybinds: [bind("f5", "b"), bind("S-C-x", "b")] } });
  const baseDir = tempDir();
  mkdirSync(baseDir, { recursive: true });
  const lines = [
    "keybind.F6 = disabled",
    "keybind.C-S-x = hello there",
    "keybind.C-c = /x",
    "keybind.Foo = /x",
    "keybind.A-t = /theme dark",
  ];
  writeFileSync(join(baseDir, "config"), lines.join("\n"));
  const { host } = await startedHost([folder], { baseDir });
  const { binds, collisions, ignored } = await host.ui.keybinds();
  const table = Object.fromEntries(binds.map(({ key, action, extension }) => [key, { action, extension }]));
  expect(table).toEqual({
    F6: { action: { type: "disabled" }, extension: undefined },
    "C-S-x": { action: { type: "inject_prompt", prompt: "hello there" }, extension: undefined },
    "A-t": { action: { type: "slash_command", command: "theme dark" }, extension: undefined },
    F5: { action: { type: "slash_command", command: "a" }, extension: "a" },
    F7: { action: { type: "run_script", script: join(folder, "a", "bin/go.sh") }, extension: "a" },
  });
  expect(collisions).toEqual([
    { key: "F6", extension: "a", takenBy: undefined },
    { key: "F5", extension: "b", takenBy: "a" },
    { key: "C-S-x", extension: "b", takenBy: undefined },
  ]);
  expect(ignored).toEqual([
    { line: "keybind.C-c", reason: "the key C-c is reserved" },
    { line: "keybind.Foo", reason: "it names no key" },
  ]);
});

const BUILT_IN: HelpEntry[] = [
  entry({ id: "help", command: "/help", title: "Help", summary: "About help", protected: true }),
  entry({ id: "model", command: "/model", title: "Model", summary: "Choose one" }),
];

function entry(change: Partial<HelpEntry>): HelpEntry {
  return {
    id: "x",
    command: "/x",
    title: "X",
    summary: "",
    category: "Core",
    topic: "Command",
    protected: false,
    common: false,
    keywords: [],
    usage: undefined,
    examples: [],
    related: [],
    ...change,
  };
}

it(verifies("UI-001") + "an extension adds a help topic under its own name", async () => {
  const own = {
    id: "voice",
    command: "/voice",
    title: "Voice\u0007",
    summary: "Talk",
    topic: "Branch",
    usage: "a\nb\u001b",
  };
  const { host } = await offering({ manifest: { help: [own] } });
  const help = host.ui.help(BUILT_IN);
  expect(help.topic("offers-commands:voice")).toMatchObject({
    extension: "offers-commands",
    title: "Voice",
    topic: "Branch",
    category: "Plugin",
    usage: "a\nb",
    protected: false,
  });
  expect([help.topic("/voice")?.id, help.topic("VOICE")?.id, help.topic("nothing")]).toEqual([
    "voice",
    "voice",
    undefined,
  ]);
});

const declared = (id: string, command: string, more: object = {}): never =>
  ({ ...entry({ id, command }), keywords: [], examples: [], ...more }) as never;

it(
  verifies("UI-002", "UI-003") + "topics and commands of extensions are found by searching, the best first",
  () => {
    const help = new HelpIndex(BUILT_IN, [
      {
        extension: "e",
        entries: [
          declared("talk", "/voice talk", { summary: "Speak to it", keywords: ["microphone"] }),
          declared("about", "/about", { summary: "All about voice" }),
        ],
      },
    ]);
    const ids = (query: string): string[] => help.find(query).map(({ id }) => id);
    expect(ids("voice")).toEqual(["talk", "about"]);
    expect(ids("MICRO")).toEqual(["talk"]);
    expect(ids("all voice")).toEqual(["about"]);
    expect(ids("voice nowhere")).toEqual([]);
    expect(ids(" ")).toHaveLength(4);
  },
);

it(
  verifies("UI-004") +
    "a protected topic cannot be hijacked by id or command; an unprotected one can be replaced",
  () => {
    const help = new HelpIndex(BUILT_IN, [
      {
        extension: "evil",
        entries: [declared("help", "/mine"), declared("mine", "HELP", { protected: true })],
      },
      {
        extension: "good",
        entries: [declared("model", "/model", { title: "Better" }), declared("new", "/new")],
      },
      { extension: "late", entries: [declared("new", "/other")] },
    ]);
    expect(help.entries.map(({ id, extension }) => [id, extension])).toEqual([
      ["help", undefined],
      ["model", "good"],
      ["new", "good"],
    ]);
    expect(help.rejected).toEqual([
      { extension: "evil", id: "help", takenBy: undefined },
      { extension: "evil", id: "mine", takenBy: undefined },
      { extension: "late", id: "new", takenBy: "good" },
    ]);
  },
);

it(
  verifies("UI-051") + "theme tokens of discovered extensions are kept, with a name of their own",
  async () => {
    const { host } = await offering({ extension: { theme_tokens: { accent: "#AbC", deep: " #0a0B0c " } } });
    expect(host.ui.theme()).toEqual([
      { token: "offers-commands.accent", extension: "offers-commands", name: "accent", colour: "#aabbcc" },
      { token: "offers-commands.deep", extension: "offers-commands", name: "deep", colour: "#0a0b0c" },
    ]);
  },
);

it(verifies("RPC-004") + "what info.get answered is typed and can be read again", async () => {
  const answer = {
    build: { backend: "cpu", features: ["x"], extra: 1 },
    capabilities: [
      { kind: "voice", name: "stt", modes: ["live"] },
      { kind: "k", name: "n" },
    ],
    models: [{ id: "m", display_name: "M", installed: true }, { id: "n" }],
    settings: {},
  };
  const args = [main, JSON.stringify({ "info.get": answer })];
  const { host } = await offering({ extension: { args } });
  await until("it was asked", () => host.ui.info("offers-commands").status !== "none");
  expect(host.ui.info("offers-commands")).toEqual({
    status: "known",
    info: {
      build: { backend: "cpu", features: ["x"], version: "" },
      capabilities: [
        { kind: "voice", name: "stt", modes: ["live"] },
        { kind: "k", name: "n", modes: [] },
      ],
      models: [
        { id: "m", displayName: "M", installed: true },
        { id: "n", displayName: undefined, installed: false },
      ],
    },
  });
  expect(() => host.ui.info("nobody")).toThrow("There is no extension 'nobody'");
});

it.each([
  [7, "the answer is no object"],
  [{ build: [] }, "build is no object"],
  [{ build: {} }, "build.backend must be a text"],
  [{ capabilities: {} }, "capabilities must be a list"],
  [{ capabilities: [{ kind: "x" }] }, "the name of a capability must be a text"],
  [{ models: [{}] }, "the id of a model must be a text"],
])(verifies("UI-052") + "info %j is malformed", (answer, problem) => {
  expect(readInfo(answer)).toEqual({ status: "malformed", problem });
});

it(verifies("UI-052") + "no answer is none, an empty one is known", () => {
  expect([readInfo(undefined).status, readInfo({}).status, readInfo({ build: null }).status]).toEqual([
    "none",
    "known",
    "known",
  ]);
});

it(verifies("UI-053") + "a snapshot says what an extension can do, as plain data", async () => {
  const hooks = [{ hook: "before_tool_call", tool: "bash" }, { hook: "after_tool_call" }];
  const { host } = await offering({
    extension: { hooks, permissions: ["tools.intercept", "tools.register"] },
  });
  const snapshot = host.ui.capabilities("offers-commands");
  expect(snapshot).toEqual({
    id: "offers-commands",
    health: "running",
    restartCount: 0,
    hooks: [
      { kind: "before_tool_call", toolFilter: ["bash"] },
      { kind: "after_tool_call", toolFilter: undefined },
    ],
    tools: [{ name: "offers-commands:say" }],
    providers: [],
    future: [],
  });
  expect(JSON.parse(JSON.stringify(snapshot))).toMatchObject({
    id: "offers-commands",
    tools: snapshot.tools,
  });
});
