import { appendFileSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { tempDir } from "../../helpers/temp.js";
import { verifies } from "../../requirements/verifies.js";
import { call, cli, writeActor, type Finished } from "./command.js";

interface Home {
  base: string;
  project: string;
  run(...args: string[]): Promise<Finished>;
}

function home(): Home {
  const [base, project] = [tempDir(), tempDir()];
  return {
    base,
    project,
    run: (...args) => cli(args, { cwd: project, env: { SYNAPS_BASE_DIR: base }, input: call() }),
  };
}

test(
  verifies("TRUST-011") +
    "of a project's extension: what changed since its approval, and nothing is recorded",
  async () => {
    const one = home();
    const root = writeActor(join(one.project, ".synaps", "plugins"), "guest");
    const before = await one.run("diff", "guest");
    expect([before.code, before.stdout]).toEqual([
      0,
      `guest  ${root}\n  It was not approved yet: there is nothing to compare it with.\n`,
    ]);
    await one.run("approve", "guest", "--yes");
    expect((await one.run("diff", "guest")).stdout).toBe(`guest  ${root}\n  Nothing changed.\n`);

    appendFileSync(join(root, "main.js"), "\n");
    writeFileSync(join(root, "more.py"), "");
    writeFileSync(join(root, "notes.txt"), "");
    const lock = join(one.base, "extensions", "lock.json");
    const recorded = readFileSync(lock, "utf8");
    for (let times = 0; times < 2; times += 1) {
      const { code, stdout } = await one.run("diff", "guest");
      expect(code).toBe(1);
      expect(stdout).toBe(
        `guest  ${root}\n  changed  main.js\n  new      more.py\n  new      notes.txt  (data)\n`,
      );
    }
    expect(readFileSync(lock, "utf8")).toBe(recorded);
    const json = await one.run("diff", "guest", "--json");
    expect(JSON.parse(json.stdout)).toEqual({
      schemaVersion: 1,
      extensions: [
        {
          id: "guest",
          folder: root,
          origin: "project",
          changes: [
            { name: "main.js", what: "changed", loadable: true },
            { name: "more.py", what: "new", loadable: true },
            { name: "notes.txt", what: "new", loadable: false },
          ],
          recorded: null,
          problems: [],
        },
      ],
    });
    const waits = await one.run("list");
    expect(waits.stdout).toContain("changed since it was approved: main.js (changed), more.py (new)");
    expect(waits.stdout).toContain("synaps-ext diff guest");
  },
);

test(
  verifies("TRUST-011") + "of the user's own: what the next start would record, and what the last one did",
  async () => {
    const one = home();
    const root = writeActor(join(one.base, "plugins"), "own");
    await one.run("run");
    rmSync(join(root, "main.js"));
    writeActor(join(one.base, "plugins"), "own");
    writeFileSync(join(root, "more.js"), "");
    expect((await one.run("diff", "own")).stdout).toBe(`own  ${root}\n  new      more.js\n`);
    const ran = await one.run("run");
    expect(ran.stderr).toContain("changed since its last start: more.js (new)");
    const { code, stdout } = await one.run("diff", "own");
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ {2}Nothing changed\.\n {2}Recorded at 20.*Z: more\.js \(new\)$/m);
  },
);

test("what an extension keeps in its folder 'data' is no code that changed, and code that lies there is", async () => {
  const one = home();
  const data = join(writeActor(join(one.base, "plugins"), "own"), "data");
  mkdirSync(data);
  for (const name of ["state.json", "gone.json", "tool.js"]) writeFileSync(join(data, name), "1");
  await one.run("run");
  writeFileSync(join(data, "state.json"), "2");
  rmSync(join(data, "gone.json"));
  expect((await one.run("run")).stderr).not.toContain("changed since its last start");
  writeFileSync(join(data, "state.json"), "3");
  writeFileSync(join(data, "tool.js"), "2");
  expect((await one.run("run")).stderr).toContain("changed since its last start: data/tool.js (changed)\n");
});

test("3 for an id that is not there, with the one that was meant", async () => {
  const one = home();
  writeActor(join(one.base, "plugins"), "own");
  const { code, stderr } = await one.run("diff", "onw");
  expect(code).toBe(3);
  expect(stderr).toContain("Did you mean 'own'?");
});

test(
  verifies("TRUST-009") + "what cannot be looked into in the user's folder is named by list and run",
  async () => {
    const one = home();
    const plugins = join(one.base, "plugins");
    writeActor(plugins, "good");
    symlinkSync("/nowhere/at/all", join(plugins, "dangling"));
    symlinkSync("loop", join(plugins, "loop"));
    mkdirSync(join(plugins, "half"));
    symlinkSync("/nowhere", join(plugins, "half", ".synaps-plugin"));
    mkdirSync(join(plugins, "no-extension"));
    for (const command of ["list", "run"]) {
      const { stdout, stderr } = await one.run(command);
      const said = stdout + stderr;
      expect(said).toContain("'dangling' cannot be loaded");
      expect(said).toContain("its link leads nowhere");
      expect(said).toContain("'loop' cannot be loaded");
      expect(said).toContain("its links lead in a circle");
      expect(said).toContain("'half' cannot be loaded");
      expect(said).not.toContain("no-extension");
    }
  },
);
