import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { tempDir } from "../../helpers/temp.js";
import { verifies } from "../../requirements/verifies.js";
import { call, cli, results, writeActor, type Finished } from "./command.js";

const input = call({ answer: { action: "block", reason: "no" } }) + call({ session_id: "s-2" });

/** Runs two events past an extension that blocks the first. */
async function run(baseDir: string, ...args: string[]): Promise<Finished> {
  const folder = tempDir();
  writeActor(folder);
  return cli(["run", "--extensions-dir", folder, "--base-dir", baseDir, ...args], { input });
}

async function decisions(...args: string[]): Promise<unknown[]> {
  const { stdout } = await cli(["audit", "query", "--event", "before_tool_call", "--json", ...args]);
  const { records } = JSON.parse(stdout) as { records: { metadata: { decision: string } }[] };
  return records.map(({ metadata }) => metadata.decision);
}

describe(verifies("AUDIT-012") + "run --audit", () => {
  test("writes down each decision in a folder, and says where and how many", async () => {
    const folder = join(tempDir(), "of all", "audit");
    const { code, stdout, stderr } = await run(tempDir(), `--audit=${folder}`);
    expect([code, results(stdout).length]).toEqual([0, 2]);
    expect(stderr).toContain(
      `Decisions are written to ${folder}; search them with: synaps-ext audit query --folder '${folder}'\n`,
    );
    expect(stderr.endsWith("audit: 2 events written\n")).toBe(true);
    expect(await decisions("--folder", folder)).toEqual(["block", "continue"]);
    expect((await cli(["audit", "verify", "--folder", folder])).code).toBe(0);
  });

  test("without a folder writes where the command looks, and without the flag nothing", async () => {
    const [baseDir, other] = [tempDir(), tempDir()];
    const { stderr } = await run(baseDir, "--quiet", "--audit");
    expect(stderr).toBe("");
    expect(await decisions("--base-dir", baseDir)).toEqual(["block", "continue"]);
    await run(other);
    expect(existsSync(join(other, "extensions", "audit"))).toBe(false);
  });

  test("into a folder that cannot be made answers all the same, and says so also when it is quiet", async () => {
    const inTheWay = join(tempDir(), "file");
    writeFileSync(inTheWay, "");
    const { code, stdout, stderr } = await run(tempDir(), "--quiet", "--audit", join(inTheWay, "audit"));
    expect([code, results(stdout).map(({ outcome }) => outcome?.action)]).toEqual([0, ["block", "continue"]]);
    expect(stderr).toMatch(/^warn {2}the audit log in \S+ cannot be written: ENOTDIR/);
    expect(stderr).toMatch(/\nwarn {2}audit: 0 events written, 2 without a line: ENOTDIR.*\n$/);
  });

  test("with an empty folder is refused", async () => {
    const baseDir = tempDir();
    const { code, stderr } = await run(baseDir, "--audit=");
    expect([code, readdirSync(baseDir)]).toEqual([2, []]);
    expect(stderr).toContain("It must not be empty.");
  });
});
