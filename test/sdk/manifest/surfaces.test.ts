import { parseKey, parseManifest, RESERVED_KEYS } from "@synaps/sdk/manifest";
import { synapsCatalog } from "@synaps/sdk/protocol";
import { describe, expect, it } from "vitest";
import { problemsOf, section } from "../../helpers/manifests.js";
import { verifies } from "../../requirements/verifies.js";

/** Problems of a manifest with these keys beside a section that is in order, as "severity pointer: message". */
function found(keys: Record<string, unknown>): string[] {
  const text = JSON.stringify({ name: "sample", ...keys, extension: section() });
  const parsed = parseManifest(text, { id: "sample", catalogs: [synapsCatalog] });
  return problemsOf(parsed).map(({ severity, pointer, message }) => `${severity} ${pointer}: ${message}`);
}

describe("commands", () => {
  it(verifies("CMD-040") + "takes the four shapes, and unknown keys in them", () => {
    const commands = [
      { name: "a", command: "bin/x", args: ["1"], extra: 1 },
      { name: "b", command: "x" },
      { name: "c", tool: "t", input: { q: "${args}" } },
      { name: "d", tool: "t" },
      { name: "e", skill: "s", prompt: "p" },
      { name: "f", interactive: true, subcommands: ["on", "off"], description: "d" },
    ];
    expect(found({ commands })).toEqual([]);
  });

  it.each([
    [{ name: "a" }, "/commands/0", "a command has a name and one of"],
    [{ command: "x" }, "/commands/0", "a command has a name and one of"],
    [{ name: "a", interactive: false }, "/commands/0/interactive", "expected true"],
    [{ name: "a", command: "x", args: "y" }, "/commands/0/args", "expected array"],
    [{ name: "a", command: 7 }, "/commands/0/command", "expected string"],
    ["a", "/commands/0", "a command has a name and one of"],
  ])(verifies("CMD-041") + "leaves %j out with a warning", (command, pointer, message) => {
    const [problem, ...more] = found({ commands: [command] });
    expect(more).toEqual([]);
    expect(problem).toContain(`warning ${pointer}: `);
    expect(problem).toContain(message);
  });

  it.each([
    [{ name: "", command: "x" }, "/commands/0/name: command name '' must be"],
    [{ name: "a b", command: "x" }, "/commands/0/name: command name 'a b' must be"],
    [{ name: "a:b", interactive: true }, "/commands/0/name: command name 'a:b' must be"],
    [{ name: "a\u0007", interactive: true }, "/commands/0/name: command name 'a?' must be"],
    [{ name: "a", command: " " }, "/commands/0/command: command 'a' has an empty program"],
    [
      { name: "a", command: "/bin/ls" },
      "/commands/0/command: command 'a' starts '/bin/ls', which is outside",
    ],
    [{ name: "a", command: "../x" }, "/commands/0/command: command 'a' starts '../x', which is outside"],
    [{ name: "a", command: "b/../../x" }, "which is outside"],
    [{ name: "a", command: "C:\\x" }, "which is outside"],
    [{ name: "a", tool: "" }, "/commands/0/tool: command 'a' names no tool"],
    [{ name: "a", skill: " " }, "/commands/0/skill: command 'a' names no skill"],
  ])(verifies("CMD-042") + "leaves %j out by rule", (command, message) => {
    expect(found({ commands: [command] })).toEqual([expect.stringMatching(/^warning /)]);
    expect(found({ commands: [command] })[0]).toContain(message);
  });

  it(verifies("CMD-043") + "warns of a name that is there twice", () => {
    const twice = { name: "a", interactive: true };
    expect(found({ commands: [twice, twice] })).toEqual([
      "warning /commands/1/name: the command 'a' is declared twice",
    ]);
  });
});

describe("keybinds", () => {
  it.each([
    ["C-S-s", "C-S-s"],
    ["S-C-X", "C-S-x"],
    ["A-p", "A-p"],
    ["C--", "C--"],
    ["f5", "F5"],
    ["F12", "F12"],
    ["C-Space", "C-Space"],
    ["bs", "Backspace"],
    ["Del", "Delete"],
    ["pgdn", "PageDown"],
    ["S", "s"],
    ["ß", "ß"],
  ])(verifies("UI-021") + "reads the key %s as %s", (text, key) => {
    expect(parseKey(text)).toBe(key);
  });

  it.each(["", "C-", "X-a", "F0", "F13", "ab", "C-Foo", "C-\u0007"])(
    verifies("UI-021") + "does not take %j for a key",
    (text) => {
      expect(parseKey(text)).toBeUndefined();
    },
  );

  it(verifies("UI-022") + "reserves 22 keys, each in its own spelling", () => {
    expect(RESERVED_KEYS).toHaveLength(22);
    expect(RESERVED_KEYS.map(parseKey)).toEqual(RESERVED_KEYS);
  });

  it.each([
    [{ key: "nope", action: "load_skill", skill: "s" }, "/keybinds/0/key: 'nope' is no key combination"],
    [{ key: "C-c", action: "load_skill", skill: "s" }, "/keybinds/0/key: the key C-c is reserved"],
    [{ key: "F5", action: "load_skill" }, "/keybinds/0/action: the action 'load_skill' needs 'skill'"],
    [{ key: "F5", action: "slash_command", command: "/" }, "needs 'command'"],
    [{ key: "F5", action: "inject_prompt", prompt: " " }, "needs 'prompt'"],
    [{ key: "F5", action: "run_script" }, "needs 'script'"],
    [{ key: "F5", action: "run_script", script: "../x" }, "is outside of the extension's folder"],
  ])(verifies("UI-023") + "leaves %j out with a warning", (keybind, message) => {
    const good = { key: "F6", action: "slash_command", command: "/x" };
    const [problem, ...more] = found({ keybinds: [keybind, good] });
    expect(more).toEqual([]);
    expect(problem).toContain("warning ");
    expect(problem).toContain(message);
  });

  it(verifies("UI-023") + "an action that does not exist costs its key", () => {
    expect(found({ keybinds: [{ key: "F5", action: "explode" }] })[0]).toContain(
      "warning /keybinds/0/action",
    );
  });
});

describe("help, settings and the sidecar", () => {
  const entry = { id: "x", command: "/x", title: "X", summary: "s" };
  const field = { key: "k", label: "K", editor: "text" };

  it(verifies("UI-024") + "help stands under either name; what cannot be used is left out", () => {
    expect(found({ help_entries: [entry], help: [{ ...entry, id: "y", topic: "Branch" }] })).toEqual([]);
    expect(
      found({ help: [entry, entry, { ...entry, id: " " }, { ...entry, id: "z", command: "" }] }),
    ).toEqual([
      "warning /help/1/id: the help entry 'x' is there twice",
      "warning /help/2/id: a help entry has an empty id",
      "warning /help/3/command: the help entry 'z' has an empty command",
    ]);
    expect(found({ help: [{ ...entry, topic: "Tree" }] })[0]).toContain("warning /help/0/topic");
  });

  it(verifies("UI-025") + "settings stand under either name; what cannot be used is left out", () => {
    const category = { id: "c", label: "C", fields: [field] };
    expect(found({ settings: { category: [category] } })).toEqual([]);
    const fields = [field, field, { ...field, key: "a.b" }];
    expect(
      found({ settings: { categories: [{ ...category, fields }, category, { id: "", label: "" }] } }),
    ).toEqual([
      "warning /settings/categories/0/fields/1/key: the settings key 'k' is there twice",
      "warning /settings/categories/0/fields/2/key: settings key 'a.b' must be non-empty, without dot, slash or white space",
      "warning /settings/categories/1/id: the settings category 'c' is there twice",
      "warning /settings/categories/2/id: a settings category has an empty id",
    ]);
    const odd = { categories: [{ ...category, fields: [{ ...field, editor: "slider" }] }] };
    expect(found({ settings: odd })[0]).toContain("warning /settings/categories/0/fields/0/editor");
  });

  it(verifies("SIDE-020") + "a sidecar needs a command", () => {
    expect(
      found({ provides: { sidecar: { command: "bin/voice", lifecycle: { command: "voice" } } } }),
    ).toEqual([]);
    expect(found({ provides: { sidecar: { command: " " } } })).toEqual([
      "warning /provides/sidecar/command: the sidecar has an empty command",
    ]);
    expect(found({ provides: { sidecar: {} } })[0]).toContain("warning /provides/sidecar/command");
    expect(found({ provides: { other: 1 } })).toEqual([]);
  });
});
