import { describe, expect, it } from "vitest";
import { changesText, compareCoverage } from "../../../../packages/host/src/loading/permission/compare.js";
import { evaluateConsent } from "../../../../packages/host/src/loading/permission/evaluate.js";
import { isLoadable } from "../../../../packages/host/src/loading/permission/loadable.js";
import { leadsOf, pathsIn } from "../../../../packages/host/src/loading/permission/leads.js";

const CODE = { name: "a.js", what: "changed", loadable: true } as const;
const DATA = { name: "a.txt", what: "new", loadable: false } as const;

describe("what may run", () => {
  const pending = (why: "new" | "changed") => ({ type: "pending", why }) as const;
  const [run, record] = [{ type: "run" }, { type: "run_and_record" }] as const;
  it.each([
    ["named", false, undefined, run],
    ["named", true, [CODE], run],
    ["user", false, undefined, record],
    ["user", false, [], run],
    ["user", false, [DATA], record],
    ["user", false, [CODE], record],
    ["user", true, undefined, pending("new")],
    ["user", true, [], run],
    ["user", true, [DATA], run],
    ["user", true, [DATA, CODE], pending("changed")],
    ["project", true, undefined, pending("new")],
    ["project", true, [], run],
    ["project", true, [DATA], run],
    ["project", true, [CODE], pending("changed")],
    ["project", false, [CODE], pending("changed")],
  ] as const)("from a %s folder, strict: %j, with the changes %j", (origin, strict, changes, expected) => {
    expect(evaluateConsent({ origin, strict, changes })).toEqual(expected);
  });
});

describe("the differences between an approval and now", () => {
  const covered = (files: Record<string, [value: string, loadable: boolean]>) =>
    new Map(
      Object.entries(files).map(([name, [value, loadable]]) => [
        name,
        { value, loadable, approved: name !== "f.js" },
      ]),
    );

  it("are changed, removed and new files; what was approved counts as code whatever its name", () => {
    const before = covered({
      "a.txt": ["1", false],
      "b.js": ["1", true],
      "c.md": ["1", false],
      "f.js": ["1", true],
    });
    const now = covered({
      "a.txt": ["2", false],
      "b.js": ["1", true],
      "d.log": ["1", false],
      "e.py": ["1", true],
      "f.js": ["1", true],
    });
    expect(compareCoverage(before, now)).toEqual([
      { name: "a.txt", what: "changed", loadable: true },
      { name: "c.md", what: "removed", loadable: true },
      { name: "d.log", what: "new", loadable: false },
      { name: "e.py", what: "new", loadable: true },
      // It lay there already, and the approval did not cover it.
      { name: "f.js", what: "new", loadable: true },
    ]);
  });

  it("are told by name, the first five of them", () => {
    const changes = ["a", "b", "c", "d", "e", "f", "g"].map((name) => ({ ...CODE, name }));
    expect(changesText(changes.slice(0, 2))).toBe("a (changed), b (changed)");
    expect(changesText(changes)).toMatch(/e \(changed\) and 2 more$/);
  });
});

describe("files that may run or be loaded", () => {
  it.each([
    ["main.js", false],
    ["lib/x.pyc", false],
    ["libx.so", false],
    ["tool", false],
    ["package.json", false],
    ["a/package.json", false],
    ["tsconfig.build.json", false],
    ["pyvenv.cfg", false],
    ["Cargo.toml", false],
    [".yarnrc.yml", false],
    [".mocharc.json", false],
    ["main.runtimeconfig.json", false],
    ["evil.pth", false],
    ["notes.txt", true],
    [".npmrc", false],
    ["x.JS", false],
  ])("%s, executable: %j", (name, isExecutable) => {
    expect(isLoadable(name, isExecutable)).toBe(true);
  });

  it.each(["prefs.json", "seen.JSON", "notes.md", "state.db", "state.db-wal", "app.log", "model.onnx"])(
    "not %s",
    (name) => {
      expect(isLoadable(name, false)).toBe(false);
    },
  );
});

describe("the words of a manifest that may lead to files", () => {
  it("are those of the extension, its setup, sidecar, commands and keys", () => {
    const manifest = {
      extension: { command: "node", args: ["a.js", "--x"], setup: "setup.sh" },
      provides: { sidecar: { command: "./side", args: ["s.py"], setup: "side.sh" } },
      commands: [{ command: "sh", args: ["c.sh"] }, { prompt: "x" }],
      keybinds: [{ key: "F5", action: "run_script", script: "k.sh" }],
    };
    const words = leadsOf(manifest).map(({ kind, word }) => `${kind} ${word}`);
    expect(words.sort()).toEqual(
      [
        "program node",
        "program ./side",
        "program sh",
        ..."a.js --x s.py c.sh setup.sh side.sh k.sh".split(" ").map((word) => `argument ${word}`),
      ].sort(),
    );
  });

  it.each([undefined, null, 3, [], "x", { extension: [1] }, { extension: { args: "x", command: {} } }])(
    "of whatever stands there: %j",
    (manifest) => {
      expect(leadsOf(manifest)).toEqual([]);
    },
  );

  it.each([
    ["../a.js", "../a.js"],
    ["--require=../a.js", "../a.js"],
    ["-r../a.js", "../a.js"],
    ["--import=file:///x/a%20b.mjs", "/x/a b.mjs"],
    ["file:///x/a.mjs", "/x/a.mjs"],
    ["x=1,../a.js", "../a.js"],
  ])("in %s is %s", (word, path) => {
    expect(pathsIn(word)).toContain(path);
  });
});
