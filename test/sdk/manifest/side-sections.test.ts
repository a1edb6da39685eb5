import { evidenceOfProblem, parseManifest, readCommands, readHelp, readSettings } from "@synaps/sdk/manifest";
import { synapsCatalog } from "@synaps/sdk/protocol";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse, section } from "../../helpers/manifests.js";
import { verifies } from "../../requirements/verifies.js";

type Parsed = Extract<ReturnType<typeof parseManifest>, { manifest: unknown }>;

function read(manifest: Record<string, unknown>): Parsed {
  const text = JSON.stringify({ name: "sample", ...manifest });
  const parsed = parseManifest(text, { id: "sample", catalogs: [synapsCatalog] });
  if (!("manifest" in parsed)) throw new Error(`it is ${JSON.stringify(parsed)}`);
  for (const warning of parsed.warnings) expect(evidenceOfProblem(text, warning)).toBeDefined();
  return parsed;
}

const warningsOf = (manifest: Record<string, unknown>): string[] =>
  read({ ...manifest, extension: section() }).warnings.map(({ pointer, hint }) => `${pointer} ${hint}`);

describe("a fault beside 'extension'", () => {
  it(verifies("MAN-040") + "costs its entry, and the pointers of all others stay those of the file", () => {
    const good = { name: "good", command: "x" };
    const { manifest, warnings } = read({
      extension: section(),
      commands: [
        "odd",
        { kind: "shell", exec: "x" },
        { name: "a b", command: "x" },
        good,
        { ...good, args: 1 },
        good,
      ],
      help: [7, { id: "h", command: "/h", title: "H", summary: "s", keywords: [1] }],
      settings: {
        categories: [
          "odd",
          {
            id: "c",
            label: "C",
            fields: [
              null,
              { key: "k", label: "K", editor: "text" },
              { key: "a.b", label: "", editor: "text" },
            ],
          },
        ],
      },
    });
    expect(readCommands(manifest.commands).entries.map(({ name }) => name)).toEqual(["good"]);
    expect(readHelp(manifest).entries).toEqual([]);
    expect(readSettings(manifest).entries).toMatchObject([{ id: "c", fields: [{ key: "k" }] }]);
    expect(warnings.map(({ pointer }) => pointer).toSorted()).toEqual([
      "/commands/0",
      "/commands/1",
      "/commands/2/name",
      "/commands/4/args",
      "/commands/5/name",
      "/help/0",
      "/help/1/keywords/0",
      "/settings/categories/0",
      "/settings/categories/1/fields/0",
      "/settings/categories/1/fields/2/key",
    ]);
    expect(new Set(warnings.map(({ severity, code }) => `${severity} ${code}`))).toEqual(
      new Set(["warning MANIFEST_ENTRY_UNUSED"]),
    );
  });

  it.each([
    [{ commands: {} }, "/commands", "/commands"],
    [{ keybinds: "F5" }, "/keybinds", "/keybinds"],
    [{ settings: [] }, "/settings", "/settings"],
    [{ settings: { categories: {} } }, "/settings/categories", "/settings/categories"],
    [{ provides: ["sidecar"] }, "/provides", "/provides"],
    [{ provides: { sidecar: "./x" } }, "/provides/sidecar", "/provides/sidecar"],
    [
      { provides: { sidecar: { command: "x", lifecycle: {} } } },
      "/provides/sidecar/lifecycle/command",
      "/provides/sidecar/lifecycle",
    ],
    [{ provides: { sidecar: { command: 5 } } }, "/provides/sidecar/command", "/provides/sidecar"],
    [{ compatibility: ">=0.1" }, "/compatibility", "/compatibility"],
    [{ compatibility: { synaps: 1 } }, "/compatibility/synaps", "/compatibility/synaps"],
    [{ version: 1.5 }, "/version", "/version"],
    [{ license: { type: "MIT" } }, "/license", "/license"],
    [{ name: ["x"] }, "/name", "/name"],
  ])(verifies("MAN-040") + "costs no more than its part: %j", (manifest, pointer, part) => {
    expect(warningsOf(manifest)).toEqual([expect.stringMatching(/Until then, /)]);
    expect(warningsOf(manifest)[0]).toMatch(new RegExp(`^${pointer} .* ${part} is left out\\.$`));
  });

  it(verifies("MAN-040") + "never costs the hooks, whatever stands there", () => {
    const anything = fc.jsonValue({ maxDepth: 3 });
    const entry = fc.dictionary(
      fc.constantFrom(
        "name",
        "command",
        "args",
        "tool",
        "input",
        "key",
        "action",
        "id",
        "title",
        "fields",
        "editor",
        "description",
      ),
      anything,
      { maxKeys: 5 },
    );
    const list = fc.oneof(anything, fc.array(fc.oneof(anything, entry), { maxLength: 4 }));
    const manifest = fc.record(
      {
        name: anything,
        version: anything,
        description: anything,
        compatibility: fc.oneof(anything, fc.record({ synaps: anything, extension_protocol: anything })),
        commands: list,
        keybinds: list,
        help: list,
        help_entries: list,
        settings: fc.oneof(anything, fc.record({ categories: list, category: list })),
        provides: fc.oneof(anything, fc.record({ sidecar: fc.oneof(anything, entry) })),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(manifest, (given) => {
        const { kind, extension } = read({ ...given, extension: section() });
        expect([kind, extension.hooks.length]).toEqual(["extension", 1]);
      }),
      { numRuns: 500 },
    );
  });
});

describe("a key that only this host knows", () => {
  const ODD: [string, unknown][] = [
    ["hooks/priority", "soon"],
    ["hooks/phase", "both"],
    ["hooks/timeout_ms", "5s"],
    ["hooks/on_failure", "closed"],
    ["hooks/on_failure", true],
    ["hooks/tools", "bash"],
    ["hooks/mode", "shadow"],
    ["hooks/id", ""],
    ["env", { A: "1" }],
    ["env", ["LD_PRELOAD"]],
    ["max_concurrency", 0],
    ["activation", "sometimes"],
    ["config/enum", "x"],
    ["config/min", 3],
  ];

  function withKey(place: string, value: unknown, protocol_version: number): Record<string, unknown> {
    const [part, key] = place.split("/");
    const hook = {
      hook: "before_tool_call",
      ...(part === "hooks" && key !== undefined ? { [key]: value } : {}),
    };
    const entry = { key: "k", ...(part === "config" && key !== undefined ? { [key]: value } : {}) };
    const own = key === undefined && part !== undefined ? { [part]: value } : {};
    return section({ protocol_version, hooks: [hook], config: [entry], ...own });
  }

  it.each(ODD)(
    verifies("MAN-041") + "is ignored and named under protocols 1 and 2: %s %j",
    (place, value) => {
      for (const version of [1, 2]) {
        const { extension, warnings } = read({ extension: withKey(place, value, version) });
        const key = place.split("/").at(-1) ?? "";
        expect(warnings).toMatchObject([
          { severity: "warning", pointer: expect.stringContaining(`/${key}`) as string },
        ]);
        const left = JSON.stringify([
          extension.hooks,
          extension.config,
          extension.env,
          extension.max_concurrency,
        ]);
        expect(left).not.toContain(JSON.stringify(value));
        expect(extension.activation).toBeUndefined();
      }
      expect(parse(withKey(place, value, 3))).toMatchObject({
        kind: "invalid",
        problems: [{ severity: "error" }],
      });
    },
  );

  it(verifies("MAN-041") + "counts under every protocol where its form fits", () => {
    const hook = { hook: "before_tool_call", id: "g", priority: "high", timeout_ms: 9, tools: ["b*"] };
    const { extension, warnings } = read({
      extension: section({ hooks: [hook], env: ["A"], max_concurrency: 2, activation: "first_event" }),
    });
    expect(warnings).toEqual([]);
    expect(extension).toMatchObject({
      hooks: [hook],
      env: ["A"],
      max_concurrency: 2,
      activation: "first_event",
    });
  });

  it(
    verifies("MAN-041") +
      "costs only itself: an id used twice, a default name that is taken, one bad name of env",
    () => {
      const kind = { hook: "before_tool_call" };
      const ids = (hooks: object[]): unknown[] =>
        read({ extension: section({ hooks }) }).extension.hooks.map(({ id }) => id);
      expect(
        ids([
          { ...kind, id: "a" },
          { ...kind, id: "a" },
        ]),
      ).toEqual(["a", undefined]);
      expect(ids([{ ...kind, id: "before_tool_call#2" }, kind])).toEqual([undefined, undefined]);
      expect(
        ids([kind, { ...kind, id: "a" }, { ...kind, id: "a" }, { ...kind, id: "before_tool_call#3" }]),
      ).toEqual([undefined, "a", undefined, undefined]);
      const config = [{ key: "k", default: 1 }, { key: " k ", default: 2 }, { key: "a\\b" }];
      expect(read({ extension: section({ config }) }).extension.config.map((one) => one.default)).toEqual([
        2,
        undefined,
      ]);
      expect(read({ extension: section({ env: ["A", "NODE_OPTIONS", "B"] }) }).extension.env).toEqual([
        "A",
        "B",
      ]);
    },
  );

  it(verifies("MAN-041") + "never refuses a manifest of protocol 1 or 2, whatever its value", () => {
    const own = fc.record(
      Object.fromEntries(
        ["id", "priority", "phase", "timeout_ms", "on_failure", "tools", "mode"].map((key) => [
          key,
          fc.jsonValue({ maxDepth: 2 }),
        ]),
      ),
      { requiredKeys: [] },
    );
    const limits = fc.record(
      Object.fromEntries(
        ["enum", "min", "max", "max_length"].map((key) => [key, fc.jsonValue({ maxDepth: 2 })]),
      ),
      { requiredKeys: [] },
    );
    const value = fc.jsonValue({ maxDepth: 2 });
    const beside = fc.record({ env: value, sandbox: value, max_concurrency: value }, { requiredKeys: [] });
    fc.assert(
      fc.property(fc.constantFrom(1, 2), own, own, limits, beside, (protocol_version, a, b, limit, more) => {
        const hooks = [a, b].map((keys) => ({ hook: "before_tool_call", ...keys }));
        const config = [{ key: "k", type: "number", default: 5, ...limit }];
        read({ extension: section({ protocol_version, hooks, config, ...more }) });
      }),
      { numRuns: 500 },
    );
  });
});

describe("a plugin without 'extension'", () => {
  const provides = { sidecar: { command: "./side" } };

  it(verifies("MAN-042") + "is worth loading for its sidecar", () => {
    expect(read({ provides, commands: [5] })).toMatchObject({
      kind: "sidecar_only",
      extension: { command: "", hooks: [], permissions: [] },
      warnings: [{ pointer: "/commands/0" }],
    });
  });

  it(verifies("MAN-042") + "is refused when that is the only offer and of no use", () => {
    for (const sidecar of [{}, { command: " " }, "./side"])
      expect(
        parseManifest(JSON.stringify({ provides: { sidecar } }), { id: "x", catalogs: [] }),
      ).toMatchObject({
        kind: "invalid",
        problems: [{ severity: "error", code: "MANIFEST_INVALID" }],
      });
    expect(parseManifest('{"provides":{"theme":1},"commands":5}', { id: "x", catalogs: [] })).toEqual({
      kind: "no_extension",
    });
  });
});
