import { cpSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { tempDir } from "../../helpers/temp.js";
import { verifies } from "../../requirements/verifies.js";
import { call, cli, results, writeActor } from "./command.js";

interface Listed {
  extensions: { id: string; state: string; folder: string; diagnostics: Record<string, string>[] }[];
}

test(
  verifies("DISC-015") +
    "an extension's content in the user's folder itself is named, and neither runs nor hides others",
  async () => {
    const [base, cwd] = [tempDir(), tempDir()];
    const plugins = join(base, "plugins");
    writeActor(plugins, "fine");
    cpSync(writeActor(tempDir(), "guard"), plugins, { recursive: true });
    const options = { cwd, env: { SYNAPS_BASE_DIR: base }, input: call() };

    const { extensions } = JSON.parse((await cli(["list", "--json"], options)).stdout) as Listed;
    expect(extensions.map(({ id, state, folder }) => [id, state, folder])).toEqual([
      ["fine", "ready", join(plugins, "fine")],
      ["guard", "invalid", plugins],
    ]);
    expect(extensions[1]?.diagnostics).toMatchObject([
      {
        severity: "error",
        code: "MANIFEST_MISPLACED",
        file: join(plugins, ".synaps-plugin", "plugin.json"),
        pointer: "",
        message: `The content of extension 'guard' was copied into '${plugins}' itself: each extension there is a folder of its own, and this one does not run`,
        hint: `Copy the folder, not its content, to '${join(plugins, "guard")}', and remove what was copied here, '.synaps-plugin' first.`,
      },
    ]);
    const ran = await cli(["run", "--quiet"], options);
    expect(ran.stderr).toContain(
      `error  The content of extension 'guard' was copied into '${plugins}' itself`,
    );
    expect(results(ran.stdout)[0]?.votes?.map(({ extension }) => extension)).toEqual(["fine"]);
  },
);

test(
  verifies("DISC-016") + "a project's extensions are found from a subfolder, and list says whose they are",
  async () => {
    const [base, project] = [tempDir(), tempDir()];
    const guest = writeActor(join(project, ".synaps", "plugins"), "guest");
    const below = join(project, "src", "deep");
    mkdirSync(below, { recursive: true });
    const env = { SYNAPS_BASE_DIR: base };
    const note = `note  the project's extensions are those of ${join(project, ".synaps", "plugins")}\n`;

    const listed = await cli(["list"], { cwd: below, env });
    expect(listed.stdout).toMatch(/^guest +1\.0\.0 +pending_consent .*guest$/m);
    expect(listed.stderr).toBe(note);
    expect((await cli(["list"], { cwd: project, env })).stderr).toBe("");

    expect((await cli(["approve", "guest", "--yes"], { cwd: below, env })).code).toBe(0);
    for (const cwd of [below, project]) {
      const { extensions } = JSON.parse((await cli(["list", "--json"], { cwd, env })).stdout) as Listed;
      expect(extensions.map(({ state, folder }) => [state, folder])).toEqual([["ready", guest]]);
    }
  },
);
