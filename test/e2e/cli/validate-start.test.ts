import { execFileSync } from "node:child_process";
import { expect, it } from "vitest";
import { tempDir, writeExtension } from "../../helpers/temp.js";
import { verifies } from "../../requirements/verifies.js";
import { variant } from "../host/support/fixture.js";
import { cli } from "./command.js";

/** Processes whose command line names a folder. */
function processesIn(folder: string): string[] {
  const all = execFileSync("ps", ["-eo", "args"], { encoding: "utf8" }).split("\n");
  return all.filter((line) => line.includes(folder) && !line.includes("ps -eo"));
}

it(
  verifies("MIST-002") + "a sound extension is started, greeted and stopped, and nothing runs on",
  async () => {
    const folder = tempDir();
    variant(folder, "echoes-votes", { id: "good", args: [folder] });
    const { code, stdout } = await cli(["validate", folder, "--start"]);
    expect({ code, stdout: stdout.trim() }).toEqual({ code: 0, stdout: expect.stringMatching(/good: ok$/) });
    expect(processesIn(folder)).toEqual([]);
  },
);

it(verifies("MIST-002") + "what the start shows is an error like any other, also as JSON", async () => {
  const folder = tempDir();
  variant(folder, "wrong-version", { id: "bad", args: ["99", folder] });
  variant(folder, "echoes-votes", { id: "good", args: [folder] });
  const { code, stdout } = await cli(["validate", folder, "--start", "--json"]);
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({
    valid: false,
    extensions: [
      {
        id: "bad",
        valid: false,
        diagnostics: [{ code: "HANDSHAKE_VERSION", evidence: '"protocol_version": 99' }],
      },
      { id: "good", valid: true, diagnostics: [] },
    ],
  });
  expect(processesIn(folder)).toEqual([]);
});

it("an extension whose manifest is wrong is not started", async () => {
  const folder = tempDir();
  const section = { runtime: "process", command: "no-such-program", hooks: [{ hook: "nope" }] };
  writeExtension(folder, "bad", section);
  const { code, stdout } = await cli(["validate", folder, "--start"]);
  expect(code).toBe(1);
  expect(stdout).toContain("unknown hook kind 'nope'");
  expect(stdout).not.toContain("spawn");
});
