import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { approveCode, collectInventory, consentRecord, settingsOf } from "@synaps/host/tooling";
import { describe, expect, it } from "vitest";
import { testHost } from "../../helpers/hosts.js";
import { tempDir, writeExtension, writeJson } from "../../helpers/temp.js";
import { verifies } from "../../requirements/verifies.js";
import { call, statusOf, variant, votes } from "./support/fixture.js";

interface Places {
  baseDir: string;
  projectDir: string;
  user: string;
  project: string;
}

function places(): Places {
  const [baseDir, projectDir] = [tempDir(), tempDir()];
  const project = join(projectDir, ".synaps", "plugins");
  return { baseDir, projectDir, user: join(baseDir, "plugins"), project };
}

/** Approves everything that waits, as the user does after reading it. */
async function approveAll({ baseDir, projectDir }: Places): Promise<void> {
  const found = await collectInventory({ ...settingsOf({ baseDir, projectDir }), nowMs: Date.now() });
  for (const { status, extension, coverage } of found)
    if (status === "pending_consent" && extension && coverage)
      await approveCode(baseDir, consentRecord(extension, coverage.hash, 0), coverage);
}

async function started({ baseDir, projectDir }: Places) {
  const made = testHost({ baseDir, projectDir });
  await made.host.start();
  return made;
}

/** A way in which changed code could run without a new approval. */
interface Way {
  /** What a clone of the project brings along. */
  files?: Record<string, string>;
  extension?: Record<string, unknown>;
  links?: Record<string, string>;
  /** Replaces what runs by code that leaves a mark. */
  change(where: { root: string; projectDir: string; evil: string; python: string }): void;
}

const NODE = { command: "node", args: ["main.cjs"] };

const put = (path: string, text: string): void => {
  mkdirSync(join(path, ".."), { recursive: true });
  rmSync(path, { force: true });
  writeFileSync(path, text);
};

const WAYS: Record<string, Way> = {
  main: { files: { "main.cjs": "" }, change: ({ root, evil }) => put(join(root, "main.cjs"), evil) },
  ...Object.fromEntries(
    ["data", "cache", "logs", "config", ".git", "__pycache__"].map((folder): [string, Way] => [
      `in-${folder.replace(/[^a-z]/g, "")}`,
      {
        extension: { command: "node", args: [`${folder}/run.cjs`] },
        files: { [`${folder}/run.cjs`]: "" },
        change: ({ root, evil }) => put(join(root, folder, "run.cjs"), evil),
      },
    ]),
  ),
  "imported-data": {
    files: { "main.cjs": 'require("./data/x.cjs");', "data/x.cjs": "" },
    change: ({ root, evil }) => put(join(root, "data/x.cjs"), evil),
  },
  "linked-file": {
    files: { "../../../real.cjs": "" },
    links: { "main.cjs": "../../../real.cjs" },
    change: ({ projectDir, evil }) => put(join(projectDir, "real.cjs"), evil),
  },
  "linked-folder": {
    extension: { command: "node", args: ["code/main.cjs"] },
    files: { "../../../shared/main.cjs": "" },
    links: { code: "../../../shared" },
    change: ({ projectDir, evil }) => put(join(projectDir, "shared/main.cjs"), evil),
  },
  "linked-manifest": {
    files: { "main.cjs": "" },
    change: ({ projectDir, evil }) => {
      const path = join(projectDir, "manifest", "plugin.json");
      const extension = {
        runtime: "process",
        command: "node",
        args: ["-e", evil],
        hooks: [{ hook: "before_tool_call" }],
      };
      writeJson(path, { name: "x", extension: { ...extension, permissions: ["tools.intercept"] } });
    },
  },
  argument: {
    extension: { command: "node", args: ["../../../arg.cjs"] },
    files: { "../../../arg.cjs": "" },
    change: ({ projectDir, evil }) => put(join(projectDir, "arg.cjs"), evil),
  },
  preload: {
    extension: { command: "node", args: ["--require=../../../pre.cjs", "main.cjs"] },
    files: { "../../../pre.cjs": "", "main.cjs": "" },
    change: ({ projectDir, evil }) => put(join(projectDir, "pre.cjs"), evil),
  },
  command: {
    extension: { command: "../../../run.sh", args: [] },
    files: { "../../../run.sh": "#!/bin/sh\n" },
    change: ({ projectDir, root, evil }) => {
      put(join(root, "..", "evil.cjs"), evil);
      put(join(projectDir, "run.sh"), `#!/bin/sh\nexec node '${join(root, "..", "evil.cjs")}'\n`);
      chmodSync(join(projectDir, "run.sh"), 0o755);
    },
  },
  bytecode: {
    extension: { command: "python3", args: ["main.py"] },
    files: { "main.py": "import helper\n", "helper.py": "" },
    change: ({ root, python }) => {
      put(join(root, "..", "evil.py"), python);
      const compile = `import py_compile, importlib.util as u
py_compile.compile(${JSON.stringify(join(root, "..", "evil.py"))}, cfile=u.cache_from_source(${JSON.stringify(join(root, "helper.py"))}),
  invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)`;
      execFileSync("python3", ["-c", compile]);
    },
  },
  shadowing: {
    files: { "main.cjs": 'require("./helper");', "helper.js": "" },
    change: ({ root, evil }) => put(join(root, "helper"), evil),
  },
  "new-package": {
    files: { "main.cjs": 'try { require("extra"); } catch {}' },
    change: ({ root, evil }) => put(join(root, "node_modules/extra/index.js"), evil),
  },
};

it(
  verifies("TRUST-001", "TRUST-002") +
    "no way of changed code runs in a project's folder before a new approval (needs python3)",
  async () => {
    const where = places();
    const marks = tempDir();
    for (const [id, { files = {}, extension = NODE, links = {} }] of Object.entries(WAYS)) {
      const hooks = [{ hook: "before_tool_call" }];
      const section = { runtime: "process", permissions: ["tools.intercept"], hooks, ...extension };
      const root = writeExtension(where.project, id, section, files);
      for (const [name, target] of Object.entries(links)) symlinkSync(target, join(root, name));
    }
    const linked = join(where.project, "linked-manifest");
    renameSync(join(linked, ".synaps-plugin"), join(where.projectDir, "manifest"));
    symlinkSync("../../../manifest", join(linked, ".synaps-plugin"));
    chmodSync(join(where.projectDir, "run.sh"), 0o755);
    await approveAll(where);

    for (const [id, { change }] of Object.entries(WAYS)) {
      const mark = JSON.stringify(join(marks, id));
      const evil = `require("node:fs").writeFileSync(${mark}, "");\n`;
      change({
        root: join(where.project, id),
        projectDir: where.projectDir,
        evil,
        python: `open(${mark}, "w").close()\n`,
      });
    }
    const { host } = await started(where);
    const waiting = host.loadResult.failed.filter(({ code }) => code === "CONSENT_PENDING");
    expect(waiting.map(({ extension }) => extension).sort()).toEqual(Object.keys(WAYS).sort());
    expect(Object.keys(WAYS).filter((id) => existsSync(join(marks, id)))).toEqual([]);
    await host.stop();

    // The marks are left once the change is approved: the test would see code that runs.
    await approveAll(where);
    const { host: after } = await started(where);
    expect(after.loadResult.failed.map(({ code }) => code)).not.toContain("CONSENT_PENDING");
    // Python loads no bytecode from an extension's folder at all.
    expect(Object.keys(WAYS).filter((id) => !existsSync(join(marks, id)))).toEqual(["bytecode"]);
  },
);

it(
  verifies("TRUST-004") + "data that an extension writes beside its code asks for no new approval",
  async () => {
    const where = places();
    const root = variant(where.project, "echoes-votes", { id: "writer" });
    await approveAll(where);
    writeFileSync(join(root, "prefs.json"), "{}");
    mkdirSync(join(root, "logs"));
    writeFileSync(join(root, "logs", "today.log"), "x");
    const { host } = await started(where);
    expect(statusOf(host, "writer")).toMatchObject({ state: "running" });
  },
);

describe("changed code in the user's folder", () => {
  it(verifies("TRUST-004") + "runs, and is told once, by file, with new permissions", async () => {
    const where = places();
    const root = variant(where.user, "echoes-votes", { id: "own" });
    await (await started(where)).host.stop();
    writeFileSync(join(root, "more.js"), "");
    writeFileSync(join(root, "prefs.json"), "{}");
    variant(where.user, "echoes-votes", {
      id: "own",
      extension: {
        hooks: [{ hook: "before_tool_call" }],
        permissions: ["tools.intercept", "tools.register"],
      },
    });

    const { host } = await started(where);
    expect(host.loadResult.failed).toEqual([]);
    expect(votes(await host.emit(call()))).toEqual(["own: continue"]);
    const changed = statusOf(host, "own").diagnostics.filter(({ code }) => code === "CODE_CHANGED");
    expect(changed).toMatchObject([{ severity: "warning", extension: "own" }]);
    expect(changed[0]?.message).toContain(
      ".synaps-plugin/plugin.json (changed), more.js (new), prefs.json (new); it has new permissions: tools.register",
    );
    await host.stop();

    const { host: again } = await started(where);
    expect(statusOf(again, "own").diagnostics).toEqual([]);
  });

  it(
    verifies("TRUST-005") + "waits when the user's configuration says so, and when its word is misspelt",
    async () => {
      for (const value of ["strict", "stric"]) {
        const where = places();
        const root = variant(where.user, "echoes-votes", { id: "own" });
        await (await started(where)).host.stop();
        writeFileSync(join(where.baseDir, "config"), `consent = ${value}\n`);
        writeFileSync(join(root, "prefs.json"), "{}");
        const { host } = await started(where);
        expect(statusOf(host, "own").state).toBe("running");
        await host.stop();

        appendFileSync(join(root, "more.js"), "");
        const { host: held } = await started(where);
        expect(held.loadResult.failed).toMatchObject([{ extension: "own", code: "CONSENT_PENDING" }]);
        await held.stop();
      }
    },
  );
});

describe("a project's extension with the name of the user's own", () => {
  it(verifies("TRUST-006") + "says whose place it would take, and whose it takes", async () => {
    const where = places();
    const closed = { on_failure: "closed", hook: "before_tool_call" };
    variant(where.user, "echoes-votes", {
      id: "same",
      extension: { hooks: [closed], permissions: ["tools.intercept", "hooks.fail_closed"] },
    });
    variant(where.project, "echoes-votes", { id: "same" });
    const { host } = await started(where);
    const told = (): string[] =>
      host
        .snapshot()
        .extensions.flatMap(({ diagnostics }) => diagnostics)
        .filter(({ code }) => code === "MANIFEST_REPLACES")
        .map(({ message }) => message);
    expect(told()).toEqual([
      expect.stringMatching(
        /would take the place of your own, which blocks when it cannot answer, which runs meanwhile/,
      ),
    ]);
    await approveAll(where);
    await host.reload("same");
    expect(told()).toEqual([expect.stringMatching(/takes the place of your own.*does not run here/)]);
  });
});

it(verifies("TRUST-013") + "an extension whose record cannot be written runs, and says so once", async () => {
  const where = places();
  variant(where.user, "echoes-votes", { id: "own" });
  // A file stands where the lists of files belong.
  put(join(where.baseDir, "extensions", "files"), "");
  const { host } = await started(where);
  expect(votes(await host.emit(call()))).toEqual(["own: continue"]);
  const unrecorded = statusOf(host, "own").diagnostics.filter(({ code }) => code === "CONSENT_NOT_RECORDED");
  expect(unrecorded).toHaveLength(1);
  expect(unrecorded[0]?.message).toMatch(/files' is not a folder/);
});
