import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { spawnHarness, type SpawnHarness } from "@synaps/sdk/testing";
import { aboutToWork, filesIn, report, temporaryFolder, worked } from "./support.js";

const OWN = fileURLToPath(new URL("..", import.meta.url));
const CLI = fileURLToPath(new URL("../../../packages/cli/bin/synaps-ext.js", import.meta.url));
const prices = "gpt-4o 1 1";

/** The built extension as a real child, in a folder as an installation has it. */
function start(root: string, config: Record<string, string> = { prices }): Promise<SpawnHarness> {
  for (const part of ["dist", ".synaps-plugin"])
    cpSync(join(OWN, part), join(root, part), { recursive: true });
  const answers = { "config.subscribe": () => ({ ok: true }) };
  return spawnHarness({ command: process.execPath, args: ["dist/main.js"], cwd: root, config, answers });
}

const spend = (child: SpawnHarness): Promise<unknown> => child.send(worked({ input: 1_000_000 }));

describe("the built extension as a child", () => {
  test("killed in the middle of a thousand calls, it goes on from a whole file", async () => {
    const root = temporaryFolder();
    const names = (): string =>
      filesIn(join(root, "data"))
        .map(([name]) => name.replace(/^.*?(?=\.json)/, ""))
        .join(" ");
    const child = await start(root);
    await spend(child);
    await vi.waitFor(() => expect(names()).toMatch(/\.json( |$)/));
    let answered = 1;
    const rest = Array.from({ length: 1_000 }, () =>
      spend(child).then(
        () => {
          answered += 1;
          if (answered === 500) process.kill(child.pid, "SIGKILL");
        },
        () => undefined,
      ),
    );
    await Promise.all(rest);
    await child.exited;
    await using next = await start(root);
    const { total } = await report(next);
    expect(Number(total.calls)).toBeGreaterThan(0);
    expect(Number(total.calls)).toBeLessThanOrEqual(1_001);
    expect(total.cost).toBe(`${total.calls}.00`);
    expect(next.stderr).toBe("");
    expect(names()).toEqual(".json");
  });

  test("two at once on one folder share a budget, and both stop when it is spent", async () => {
    const root = temporaryFolder();
    const config = { prices, budget_total: "2", on_exceeded: "block" };
    await using one = await start(root, config);
    await using two = await start(root, config);
    await spend(one);
    await spend(two);
    for (const child of [one, two])
      await vi.waitFor(
        async () => expect(await child.send(aboutToWork("s"))).toMatchObject({ action: "block" }),
        {
          timeout: 30_000,
        },
      );
    await one.stop();
    await two.stop();
    await using next = await start(root);
    expect((await report(next)).total.cost).toBe("2.00");
  });

  test("a typo in the table is all that a start says", async () => {
    await expect(start(temporaryFolder(), { prices: "gpt-4o 2.5O 10" })).rejects.toThrow(
      /^config key 'prices': entry 1 'gpt-4o 2\.5O 10': '2\.5O' is no price; [^\n]*\n?[^\n]*$/,
    );
  });
});

describe("by hand", () => {
  let home: string;
  let synaps: (script: string) => { stdout: string; stderr: string };

  beforeAll(() => {
    home = mkdtempSync(join(tmpdir(), "cost-tracker-home-"));
    const bin = join(home, "bin");
    mkdirSync(bin);
    writeFileSync(join(bin, "synaps-ext"), `#!/bin/sh\nexec '${process.execPath}' '${CLI}' "$@"\n`, {
      mode: 0o755,
    });
    const env = {
      ...process.env,
      PATH: `${bin}:${process.env["PATH"]}`,
      SYNAPS_BASE_DIR: join(home, "base"),
    };
    synaps = (script) => spawnSync("bash", ["-ec", script], { cwd: home, env, encoding: "utf8" });
  });

  afterAll(() => rmSync(home, { recursive: true, force: true }));

  test("the lines of the README do what it says, and a second start names no changed code", () => {
    const readme = readFileSync(join(OWN, "README.md"), "utf8");
    const [, commands = ""] = /```sh\n(.*?)```/s.exec(readme) ?? [];
    const [, printed = "nothing"] = /prints\n\n```\n(.*?)```/s.exec(readme) ?? [];
    const { stdout } = synaps(commands);
    expect(stdout.slice(-printed.length)).toBe(printed);
    const { stderr } = synaps("synaps-ext invoke cost model");
    expect(stderr).toBe("");
  });

  test("budgets and what has no price are shown, and what would begin is blocked", () => {
    const event = (model: string): string =>
      JSON.stringify({ ...worked({ model, input: 1_000_000 }), session_id: undefined }).replaceAll(
        /"\w+":null,?/g,
        "",
      );
    const lines = [event("gpt-4o"), event("llama")].join("\n");
    const { stdout } = synaps(`
      export SYNAPS_EXTENSION_COST_TRACKER_BUDGET_TOTAL=1 SYNAPS_EXTENSION_COST_TRACKER_ON_EXCEEDED=block
      echo '${lines}' | synaps-ext run --catalog agent
      echo '{"kind":"before_tool_call","tool_name":"bash","tool_input":{}}' | synaps-ext run
      synaps-ext invoke cost model 2>&1
    `);
    expect(stdout).toContain(`{"action":"block","reason":"The budget in all is spent: 2.50645 of 1.00"`);
    expect(stdout).toMatch(/^total +2\.50645 +1\.00 +exceeded, blocks$/m);
    expect(stdout).toMatch(/^llama +1 +1000000 +0 +no price$/m);
    expect(stdout).toContain("Calls without a price, which are in no cost: llama (1).");
  });
});
