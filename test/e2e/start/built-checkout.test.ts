import { spawnSync } from "node:child_process";
import {
  appendFileSync,
  chownSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { EXTENSIONS, repo } from "../../helpers/paths.js";
import { tempDir } from "../../helpers/temp.js";
import { verifies } from "../../requirements/verifies.js";

/** A user without rights, on most systems "nobody". */
const NOBODY = 65_534;

function asNobody(command: readonly string[], home: string) {
  const user = [`--reuid=${NOBODY}`, `--regid=${NOBODY}`, "--clear-groups"];
  return spawnSync("setpriv", [...user, ...command], {
    cwd: repo("."),
    encoding: "utf8",
    env: { PATH: process.env["PATH"], HOME: home, npm_config_cache: join(home, ".npm"), TMPDIR: home },
  });
}

/** Needs root to become somebody else, and a checkout that others may read. */
const canBeNobody =
  process.getuid?.() === 0 &&
  asNobody(["test", "-r", repo("packages/cli/bin/synaps-ext.js")], "/").status === 0;

const BUNDLED = ["audit-log", "response-cache", "secret-redactor", "security-validator", "shell-guard"];

const bundles = () => BUNDLED.map((name) => statSync(join(EXTENSIONS, name, "dist", "main.js")).mtimeMs);

describe("npm start in a checkout that is built", () => {
  it.skipIf(!canBeNobody)(
    verifies("DOC-003") +
      "works for a user who may not write there (needs root and setpriv, to become that user)",
    () => {
      const home = tempDir();
      chownSync(home, NOBODY, NOBODY);
      expect(asNobody(["test", "-w", repo("extensions/shell-guard/dist")], home).status).toBe(1);
      const before = bundles();
      const { status, stdout, stderr } = asNobody(["npm", "start"], home);
      expect([status, stderr.includes("EACCES")]).toEqual([0, false]);
      expect(stdout).toContain("shell-guard: 9 matched, 9 voted, 0 abstained\n");
      expect(bundles()).toEqual(before);
    },
    // A whole example with its extensions: a busy machine takes its time.
    400_000,
  );

  it(
    verifies("DOC-003") + "under npx with a Node of its own, pnpm is not replaced by the command of npx",
    () => {
      const script = `import(${JSON.stringify(repo("scripts/pnpm.mjs"))}).then(({ pnpm }) => pnpm(["--version"], "."))`;
      const { stderr } = spawnSync(process.execPath, ["-e", script], {
        cwd: tempDir(),
        encoding: "utf8",
        env: { ...process.env, npm_config_package: "node@22", npm_config_call: "echo once more" },
      });
      expect(stderr).toMatch(/^\d+\.\d+\.\d+$/m);
      expect(stderr).not.toContain("once more");
    },
  );
});

describe("bundling the extensions", () => {
  it(verifies("DOC-004") + "does nothing when nothing changed, and else what is needed", () => {
    const root = tempDir();
    mkdirSync(join(root, "scripts"));
    for (const path of [
      "scripts/bundle.mjs",
      "scripts/direct-imports.mjs",
      "scripts/third-party.mjs",
      "pnpm-lock.yaml",
      "tsconfig.base.json",
      "extensions",
      "packages/sdk",
      "packages/audit",
      "packages/builtins",
      "packages/guards",
    ])
      cpSync(repo(path), join(root, path), {
        recursive: true,
        filter: (from) => !/\/(node_modules|dist\/main\.js)$/.test(from),
      });
    // Modules are found where the real workspace has them; the stamp stands in a folder of its own.
    mkdirSync(join(root, "node_modules"));
    for (const name of readdirSync(repo("node_modules")).filter((one) => !one.startsWith(".")))
      symlinkSync(join(repo("node_modules"), name), join(root, "node_modules", name));
    const bundle = (): Record<string, number> => {
      const script = join(root, "scripts", "bundle.mjs");
      expect(spawnSync(process.execPath, [script], { encoding: "utf8" })).toMatchObject({
        status: 0,
        stderr: "",
      });
      const at = (name: string) => join(root, "extensions", name, "dist", "main.js");
      return Object.fromEntries(BUNDLED.map((name) => [name, statSync(at(name)).mtimeMs]));
    };
    const first = bundle();
    expect(bundle()).toEqual(first);

    appendFileSync(join(root, "extensions/shell-guard/src/main.ts"), "\nconsole.error('changed');\n");
    const second = bundle();
    expect({ ...second, "shell-guard": 0 }).toEqual({ ...first, "shell-guard": 0 });
    const made = join(root, "extensions", "shell-guard", "dist", "main.js");
    expect(readFileSync(made, "utf8")).toContain("changed");

    // A bundle that somebody changed is made anew.
    appendFileSync(made, "\nspoilt-by-hand(");
    bundle();
    expect(readFileSync(made, "utf8")).not.toContain("spoilt-by-hand(");
  });
});
