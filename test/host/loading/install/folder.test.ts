import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { installFolder, planFolder, settingsOf } from "@synaps/host/tooling";
import { describe, expect, it } from "vitest";
import { tidyUp } from "../../../../packages/host/src/loading/install/folder/leftovers.js";
import { tempDir, writeExtension } from "../../../helpers/temp.js";
import { verifies } from "../../../requirements/verifies.js";

const SECTION = { runtime: "process", command: "true", permissions: ["tools.register"] };

/** No process has this id. */
const NOBODY = 2 ** 30;

function place() {
  const baseDir = tempDir();
  return {
    baseDir,
    plugins: join(baseDir, "plugins"),
    settings: settingsOf({ baseDir, projectDir: baseDir }),
  };
}

function leftover(plugins: string, kind: string, pid = NOBODY): string {
  const name = `.ext.${pid}-0123456789ab.${kind}.tmp`;
  writeExtension(plugins, name, SECTION, { config: "mine", "data/kept": "", "cache/gone": "" });
  return name;
}

describe("a folder to install", () => {
  const refusals: [string, (root: string) => void, RegExp][] = [
    [
      "a link that leads outside",
      (root) => symlinkSync("../..", join(root, "up")),
      /the link 'up' leads outside/,
    ],
    [
      "an absolute link",
      (root) => symlinkSync(join(root, ".synaps-plugin"), join(root, "abs")),
      /the link 'abs' leads outside/,
    ],
    [
      "a link that leads nowhere",
      (root) => symlinkSync("absent", join(root, "dead")),
      /the link 'dead' leads nowhere/,
    ],
    ["a pipe", (root) => void execFileSync("mkfifo", [join(root, "pipe")]), /'pipe' is neither a file nor/],
    [
      "too many files",
      (root) => [1, 2, 3, 4].forEach((n) => writeFileSync(join(root, `f${n}`), "")),
      /more than 5 files/,
    ],
    ["too much", (root) => writeFileSync(join(root, "big"), "x".repeat(2_000)), /larger than 1000 bytes/],
    ["too deep", (root) => mkdirSync(join(root, "a/b/c"), { recursive: true }), /nested deeper than 2/],
  ];

  it.each(refusals)(
    verifies("INST-043") + "with %s is refused before anything is written",
    async (_, spoil, why) => {
      const { baseDir, settings } = place();
      const root = writeExtension(tempDir(), "ext", SECTION);
      spoil(root);
      const limits = { entries: 5, bytes: 1_000, depth: 2 };
      await expect(planFolder(root, { settings, limits })).rejects.toMatchObject({
        code: "INSTALL_REFUSED",
        message: expect.stringMatching(why) as unknown,
      });
      expect(readdirSync(baseDir)).toEqual([]);
    },
  );

  it(verifies("INST-043") + "that changes after it was agreed to is not installed", async () => {
    const { plugins, settings } = place();
    const root = writeExtension(tempDir(), "ext", SECTION, { "main.js": "good" });
    const plan = await planFolder(root, { settings });
    writeFileSync(join(root, "main.js"), "evil");
    await expect(installFolder(plan, { settings })).rejects.toThrow("it changed while it was read");
    expect(readdirSync(plugins)).toEqual([]);
  });

  it(verifies("INST-043") + "keeps links inside, and the right to execute", async () => {
    const { plugins, settings } = place();
    const root = writeExtension(tempDir(), "ext", SECTION, { "bin/run": "" });
    execFileSync("chmod", ["4755", join(root, "bin/run")]);
    symlinkSync("bin/run", join(root, "run"));
    await installFolder(await planFolder(root, { settings }), { settings });
    const shown = execFileSync("find", ["ext", "-name", "*run", "-printf", "%p %M %l\n"], {
      cwd: plugins,
      encoding: "utf8",
    });
    expect(shown.trim().split(/ *\n/).sort()).toEqual([
      "ext/bin/run -rwxr-xr-x",
      "ext/run lrwxrwxrwx bin/run",
    ]);
  });

  it("that holds the user's folder, or stands in it, or has the name of a copy, is refused", async () => {
    const { baseDir, plugins, settings } = place();
    writeExtension(plugins, "ext", SECTION);
    writeExtension(baseDir, "..", SECTION);
    const old = writeExtension(tempDir(), "ext.bak", SECTION);
    for (const folder of [join(plugins, "ext"), plugins, baseDir, old])
      await expect(planFolder(folder, { settings })).rejects.toMatchObject({ code: "INSTALL_REFUSED" });
  });
});

describe("what a killed installation left", () => {
  it(verifies("INST-044") + "comes back when the new version is not in its place", async () => {
    const { baseDir, plugins } = place();
    leftover(plugins, "replaced");
    await tidyUp(baseDir, Date.now());
    expect(readdirSync(plugins)).toEqual(["ext"]);
    expect(readdirSync(join(plugins, "ext")).sort()).toEqual([".synaps-plugin", "cache", "config", "data"]);
  });

  it.each(["replaced", "removed"])(
    verifies("INST-044") + "%s: the user's state goes where it belongs",
    async (kind) => {
      const { baseDir, plugins } = place();
      leftover(plugins, kind);
      writeExtension(plugins, "ext", SECTION, { "main.js": "new" });
      await tidyUp(baseDir, Date.now());
      expect(readdirSync(plugins)).toEqual(["ext"]);
      expect(readdirSync(join(plugins, "ext")).sort()).toEqual([
        ".synaps-plugin",
        "config",
        "data",
        "main.js",
      ]);
    },
  );

  it(
    verifies("INST-044") + "is deleted when it was only a copy, and left alone while its program runs",
    async () => {
      const { baseDir, plugins } = place();
      leftover(plugins, "new");
      const live = leftover(plugins, "replaced", process.pid);
      await tidyUp(baseDir, Date.now());
      expect(readdirSync(plugins)).toEqual([live]);
      // Process ids are used again: after an hour nobody is at work on it.
      await tidyUp(baseDir, Date.now() + 3_700_000);
      expect(existsSync(join(plugins, "ext", "config"))).toBe(true);
    },
  );
});
