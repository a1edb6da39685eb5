import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { tempDir } from "../../helpers/temp.js";
import { verifies } from "../../requirements/verifies.js";
import { writeActor } from "./command.js";
import { on } from "./control.js";

/** An extension in the user's folder with a setup script. */
function withScript(script: string): { base: string; root: string } {
  const base = tempDir();
  const root = writeActor(join(base, "plugins"), "actor", { setup: "setup.sh" });
  writeFileSync(join(root, "setup.sh"), script);
  return { base, root };
}

describe("setup", () => {
  test(
    verifies("INST-040") + "without a yes or a terminal nothing runs, and the exit code is 4",
    async () => {
      const { base, root } = withScript("touch made");
      const asked = await on(base, "setup", "actor");
      expect(asked.code).toBe(4);
      expect(asked.stdout).toContain(`runs bash ${join(root, "setup.sh")}, with all of your rights`);
      expect(asked.stderr).toContain("hint: Read what it runs, then run: synaps-ext setup actor --yes");
      expect(existsSync(join(root, "made"))).toBe(false);
    },
  );

  test(verifies("INST-040", "INST-041") + "with a yes it runs, and what it made is approved", async () => {
    const { base, root } = withScript("echo building; touch made");
    await on(base, "list");
    const { code, stdout, stderr } = await on(base, "setup", "actor", "--yes", "--json");
    expect([code, stderr]).toEqual([0, "building\n"]);
    const report = JSON.parse(stdout) as { log: string };
    expect(report).toEqual({
      schemaVersion: 1,
      id: "actor",
      did: "script",
      files: [],
      log: expect.stringContaining(join(base, "logs", "install", "actor-")),
      fellBack: null,
    });
    expect(readFileSync(report.log, "utf8")).toBe("building\n");
    expect(existsSync(join(root, "made"))).toBe(true);
    // The code is another than before, and does not wait for approval again.
    expect((await on(base, "list")).stdout).toMatch(/^actor +1\.0\.0 +ready /m);
  });

  test(verifies("INST-041") + "one that fails says why; the extension waits until one succeeds", async () => {
    const { base, root } = withScript("echo 'no compiler' >&2; exit 3");
    const failed = await on(base, "setup", "actor", "--yes");
    expect(failed.code).toBe(1);
    expect(failed.stderr).toContain("error: The setup of extension 'actor' failed: it ended with code 3");
    const list = await on(base, "list");
    expect(list.stdout).toMatch(/^actor +\S+ +invalid /m);
    expect(list.stdout).toContain("synaps-ext setup actor");
    writeFileSync(join(root, "setup.sh"), "true");
    expect((await on(base, "setup", "actor", "--yes")).code).toBe(0);
    expect((await on(base, "list")).stdout).toMatch(/^actor +1\.0\.0 +ready /m);
  });

  test("nothing to do is fine; an unknown id is 3", async () => {
    const base = tempDir();
    writeActor(join(base, "plugins"), "actor");
    const nothing = await on(base, "setup", "actor");
    expect([nothing.code, nothing.stdout]).toEqual([0, "actor needs no setup on this machine\n"]);
    expect((await on(base, "setup", "actr")).code).toBe(3);
  });
});
