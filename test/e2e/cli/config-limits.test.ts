import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { EXTENSIONS } from "../../helpers/paths.js";
import { tempDir } from "../../helpers/temp.js";
import { verifies } from "../../requirements/verifies.js";
import { cli } from "./command.js";

const GUARD = join(EXTENSIONS, "shell-guard");
const DANGEROUS = JSON.stringify({
  kind: "before_tool_call",
  tool_name: "bash",
  tool_input: { command: "rm -rf /" },
});

function base(file = ""): { env: Record<string, string>; path: string } {
  const folder = tempDir();
  const path = join(folder, "plugins", "shell-guard", "config");
  mkdirSync(join(folder, "plugins", "shell-guard"), { recursive: true });
  writeFileSync(path, file);
  return { env: { SYNAPS_BASE_DIR: folder }, path };
}

test(
  verifies("CFG-072") + "config set refuses a misspelt mode of the guard, and names the right one",
  async () => {
    const { env, path } = base("mode = ask\n");
    const set = await cli(["config", "set", "shell-guard", "mode", "lgo", "--extensions-dir", GUARD], {
      env,
    });
    expect([set.code, set.stdout]).toEqual([2, ""]);
    expect(set.stderr).toContain("'mode' must be one of enforce, ask, log (did you mean 'log'?)");
    expect(readFileSync(path, "utf8")).toBe("mode = ask\n");
  },
);

test(
  verifies("CFG-071") + "a misspelt mode in the file leaves the guard on, and is named everywhere",
  async () => {
    const { env } = base("mode = lgo\n");
    const where = ["--extensions-dir", GUARD];
    const run = await cli(["run", ...where], { env, input: `${DANGEROUS}\n` });
    expect(run.stdout).toContain('"action":"block"');
    const named =
      "Config 'mode' of extension 'shell-guard' must be one of enforce, ask, log (did you mean 'log'?)";
    for (const text of [
      run.stderr,
      (await cli(["list", ...where], { env })).stdout,
      (await cli(["validate", GUARD], { env })).stdout,
    ])
      expect(text.replace(/\s+/g, " ")).toContain(named);
    const listed = await cli(["config", "list", "shell-guard", ...where], { env });
    expect(listed.stdout).toMatch(/^mode .*default, wrong value +enforce\|ask\|log/m);
  },
);
