import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { coverageOf, hashTree } from "../../../../packages/host/src/loading/permission/coverage.js";
import { tempDir, writeExtension } from "../../../helpers/temp.js";
import { verifies } from "../../../requirements/verifies.js";

/** A project with an extension in it, as an approval finds it. */
function make(extension: Record<string, unknown> = { command: "node", args: ["main.js"] }) {
  const project = tempDir();
  const root = writeExtension(join(project, ".synaps", "plugins"), "x", extension, {
    "main.js": "1",
    "lib/a.js": "2",
  });
  return { project, root };
}

const write = (path: string, text = "x"): void => {
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, text);
};

describe("an approval covers", () => {
  it(verifies("TRUST-001") + "every file, whatever its name or folder", async () => {
    const { root } = make();
    const seen = new Set([await hashTree(root)]);
    const names =
      "config data/run.mjs cache/a .cache/b logs/c.js .git/hooks/d __pycache__/e.pyc lib/__pycache__/f.pyc .DS_Store " +
      "lib/data/g.js ü新.js __proto__ node_modules/h/index.js deep/er/still/i";
    for (const name of names.split(" ")) {
      write(join(root, name));
      seen.add(await hashTree(root));
      write(join(root, name), "changed");
      seen.add(await hashTree(root));
    }
    expect(seen.size).toBe(1 + 2 * names.split(" ").length);
  });

  it(
    verifies("TRUST-001") + "links with their targets, files and folders, outside of its folder too",
    async () => {
      const { root, project } = make();
      write(join(project, "shared/real.js"), "1");
      symlinkSync("../../../shared/real.js", join(root, "file"));
      symlinkSync("../../../shared", join(root, "folder"));
      const { files, outside } = await coverageOf(root);
      const shared = join(project, "shared");
      expect(outside).toEqual([shared, join(shared, "real.js")]);
      expect([...files.keys()].filter((name) => name.includes("real.js")).sort()).toEqual([
        `file -> ${join(shared, "real.js")}`,
        `folder -> ${shared}/real.js`,
      ]);
      const before = await hashTree(root);
      write(join(shared, "real.js"), "2");
      const changed = await hashTree(root);
      write(join(shared, "new.js"), "3");
      expect(new Set([before, changed, await hashTree(root)]).size).toBe(3);
    },
  );

  it(verifies("TRUST-001") + "links that lead nowhere, and what appears there later", async () => {
    const { root, project } = make();
    symlinkSync("../../../later.js", join(root, "link.js"));
    const before = await hashTree(root);
    write(join(project, "later.js"));
    expect(await hashTree(root)).not.toBe(before);
  });

  it(verifies("TRUST-001") + "what the system finds behind a link and two dots", async () => {
    const { root, project } = make({ command: "sh", args: ["sub/../run.sh"] });
    write(join(project, "other/folder/a"));
    write(join(project, "other/run.sh"), "1");
    write(join(root, "run.sh"), "decoy");
    symlinkSync("../../../other/folder", join(root, "sub"));
    symlinkSync("sub/../linked.sh", join(root, "link.sh"));
    write(join(project, "other/linked.sh"), "1");
    const { outside } = await coverageOf(root);
    expect(outside).toContain(join(project, "other/run.sh"));
    expect(outside).toContain(join(project, "other/linked.sh"));
  });

  it(verifies("TRUST-001") + "a link's target that a name in the folder imitates", async () => {
    const { root, project } = make();
    write(join(project, "a.js"), "1");
    symlinkSync("../../../a.js", join(root, "l"));
    const before = await hashTree(root);
    write(join(project, "a.js"), "2");
    write(join(root, `l -> ${project}/a.js`), "1");
    expect(await hashTree(root)).not.toBe(before);
  });

  it.each([
    { args: ["-r", "tool", "main.js"], led: "node_modules/tool/index.js" },
    { args: ["--import=@own/tool", "main.js"], led: "node_modules/@own/tool/index.js" },
    { args: ["-c", ". ../../../tools/a.sh && make"], led: "tools/a.sh" },
    { args: ["-e", 'require("../../../tools/b.js")'], led: "tools/b.js" },
    { args: ["@../../../tools/args.txt"], led: "tools/args.txt" },
  ])(verifies("TRUST-001") + "$led, to which $args lead", async ({ args, led }) => {
    const { root, project } = make({ command: "node", args });
    const before = await hashTree(root);
    write(join(project, led), "1");
    const first = await hashTree(root);
    write(join(project, led), "2");
    expect(new Set([before, first, await hashTree(root)]).size).toBe(3);
  });

  it("no more words of a manifest than can be looked for", async () => {
    const words = Array.from({ length: 100_000 }, (_, index) => `a/${index}`).join(" ");
    const { root } = make({ command: "sh", args: ["-c", words] });
    const { problems } = await coverageOf(root);
    expect(problems).toEqual(["the words of its manifest may name more than 1000 files"]);
  });

  it("links in a circle, and links to a folder above, once", async () => {
    const { root, project } = make();
    symlinkSync("b", join(root, "a"));
    symlinkSync("a", join(root, "b"));
    symlinkSync(project, join(root, "up"));
    write(join(project, "app.js"));
    const { files, problems } = await coverageOf(root);
    expect(problems).toEqual([]);
    expect([...files.keys()].filter((name) => name.startsWith("up"))).toEqual([
      "up",
      `up -> ${project}/app.js`,
    ]);
  });

  it.each([
    ["an argument", { command: "node", args: ["../../../real.cjs"] }],
    ["an option's value", { command: "node", args: ["--require=../../../real.cjs", "main.js"] }],
    ["a short option", { command: "node", args: ["-r../../../real.cjs", "main.js"] }],
    ["an argument without its suffix", { command: "node", args: ["../../../real"] }],
    ["the command", { command: "../../../real.cjs", args: [] }],
    ["the setup", { command: "node", args: ["main.js"], setup: "../../../real.cjs" }],
  ])(verifies("TRUST-002") + "what %s leads to", async (_, extension) => {
    const { root, project } = make(extension);
    write(join(project, "real.cjs"), "1");
    const before = await coverageOf(root);
    expect(before.outside).toEqual([join(project, "real.cjs")]);
    write(join(project, "real.cjs"), "2");
    expect(await hashTree(root)).not.toBe(before.hash);
  });

  it(
    verifies("TRUST-002") + "a folder of the project that is run, and of one elsewhere what is run first",
    async () => {
      const elsewhere = tempDir();
      write(join(elsewhere, "index.js"));
      write(join(elsewhere, "big.bin"));
      const { root, project } = make({ command: "node", args: ["../../../app", elsewhere, ".."] });
      const app = join(project, "app");
      write(join(app, "__main__.py"));
      write(join(app, "helper.py"));
      const { files } = await coverageOf(root);
      expect([...files.keys()].filter((name) => name.startsWith("/")).sort()).toEqual(
        [`${app}/__main__.py`, `${app}/helper.py`, join(elsewhere, "index.js")].sort(),
      );
    },
  );

  it("no program that is found along PATH", async () => {
    const { root } = make();
    expect((await coverageOf(root)).outside).toEqual([]);
  });

  it("a pipe by its kind: nobody waits for its writer", async () => {
    const { root } = make();
    const before = await hashTree(root);
    execFileSync("mkfifo", [join(root, "pipe")]);
    const { hash, problems } = await coverageOf(root);
    expect(hash).not.toBe(before);
    expect(problems).toEqual([]);
  });
});

describe("the hash", () => {
  it("is the same whatever the order in which the files were written", async () => {
    const [one, two] = [tempDir(), tempDir()];
    const names = ["b", "a", "ä", "A", "ab", "a-", "lib/z", "lib/y"];
    for (const name of names) write(join(one, name), name);
    for (const name of names.toReversed()) write(join(two, name), name);
    expect(await hashTree(one)).toBe(await hashTree(two));
  });

  it("cannot be fooled by a content that looks like a name", async () => {
    const [one, two] = [tempDir(), tempDir()];
    write(join(one, "a"), "1");
    write(join(one, "b"), "2");
    write(join(two, "a"), ["1", "file", "b", "2"].join("\0"));
    expect(await hashTree(one)).not.toBe(await hashTree(two));
  });

  it("tells a link from a file with the same content", async () => {
    const { root } = make();
    symlinkSync("main.js", join(root, "link"));
    const linked = await hashTree(root);
    rmSync(join(root, "link"));
    symlinkSync("lib/a.js", join(root, "link"));
    const other = await hashTree(root);
    rmSync(join(root, "link"));
    write(join(root, "link"), "2");
    expect(new Set([linked, other, await hashTree(root)]).size).toBe(3);
  });
});

describe("what did not change", () => {
  const old = new Date("2026-01-01T00:00:00.123Z");
  // The change times of files are of now: a later look is one after the clock has moved on.
  const later = (): number => Date.now() + 60_000;

  it(verifies("TRUST-003") + "is not read again; what has another time or size is", async () => {
    const { root } = make();
    for (const name of ["main.js", "lib/a.js"]) utimesSync(join(root, name), old, old);
    const first = await coverageOf(root, { nowMs: later });
    expect(first.read).toBe(3);
    const second = await coverageOf(root, { known: first.files, nowMs: later });
    expect([second.read, second.hash]).toEqual([0, first.hash]);
    write(join(root, "main.js"), "9");
    utimesSync(join(root, "main.js"), old, old);
    const third = await coverageOf(root, { known: first.files, nowMs: later });
    expect(third.read).toBe(1);
    expect(third.hash).not.toBe(first.hash);
  });

  it(verifies("TRUST-003") + "is read again while its times are not older than its hash", async () => {
    const { root } = make();
    const first = await coverageOf(root, { nowMs: () => Date.now() - 60_000 });
    expect((await coverageOf(root, { known: first.files })).read).toBe(3);
  });
});

describe("what cannot be looked into", () => {
  it.skipIf(process.getuid?.() === 0)("is named", async () => {
    const { root } = make();
    chmodSync(join(root, "lib"), 0);
    const { problems } = await coverageOf(root);
    chmodSync(join(root, "lib"), 0o755);
    expect(problems).toEqual(["'lib' cannot be looked into: you may not read it"]);
  });

  it("is a folder that is too deep", async () => {
    const { root } = make();
    write(join(root, ...Array.from({ length: 70 }, () => "d"), "x"));
    const { problems } = await coverageOf(root);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/deeper than 64 folders/);
  });
});
