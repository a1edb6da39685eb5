import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { tempDir } from "../../helpers/temp.js";
import { verifies } from "../../requirements/verifies.js";
import { cli, type Finished } from "./command.js";

const NOON = Date.UTC(2026, 0, 31, 12);

function base(): string {
  const folder = tempDir();
  mkdirSync(join(folder, "memory"));
  const records = ["Likes tea", "likes \u001b[31mcoffee\nand cake", "walks"].map((content, n) =>
    JSON.stringify({
      namespace: "mine",
      timestamp_ms: NOON + n * 60_000,
      content,
      tags: n < 2 ? ["drink"] : [],
    }),
  );
  writeFileSync(join(folder, "memory", "mine.jsonl"), `${records.join("\n")}\nnonsense\n`);
  return folder;
}

describe(verifies("MEM-040") + "memory query", () => {
  const run = (folder: string, ...args: string[]): Promise<Finished> =>
    cli(["memory", "query", ...args, "--base-dir", folder]);

  test("prints notes newest first, a line each, safe for a terminal", async () => {
    const { code, stdout, stderr } = await run(base(), "mine");
    expect(code).toBe(0);
    expect(stdout).toBe(
      "2026-01-31T12:02:00.000Z  walks\n" +
        "2026-01-31T12:01:00.000Z  [drink] likes [31mcoffee and cake\n" +
        "2026-01-31T12:00:00.000Z  [drink] Likes tea\n",
    );
    expect(stderr).toBe("warn: 1 line that is no note was passed over\n");
  });

  test("takes every condition", async () => {
    const folder = base();
    const contents = async (...args: string[]): Promise<string[]> => {
      const { stdout } = await run(folder, "mine", "--json", ...args);
      return (JSON.parse(stdout) as { records: { content: string }[] }).records.map(({ content }) => content);
    };
    expect(await contents("--contains", "LIKES", "--limit", "1")).toEqual([
      "likes \u001b[31mcoffee\nand cake",
    ]);
    expect(await contents("--tag", "dr", "--until", "2026-01-31T12:00Z")).toEqual(["Likes tea"]);
    expect(await contents("--since", String(NOON + 120_000))).toEqual(["walks"]);
    expect(await contents("--since", "2026-02-01")).toEqual([]);
  });

  test("as JSON the record is what stands in the file", async () => {
    const { stdout } = await run(base(), "mine", "--json", "--contains", "tea");
    expect(JSON.parse(stdout)).toEqual({
      schemaVersion: 1,
      namespace: "mine",
      records: [{ namespace: "mine", timestamp_ms: NOON, content: "Likes tea", tags: ["drink"] }],
      brokenLines: 1,
    });
  });

  test.each([
    [["mime"], 3, "hint: Did you mean 'mine'?"],
    [["../mine"], 2, "This is no namespace"],
    [["mine", "--limit", "0"], 2, "It must be a whole number from 1 to 10000"],
    [["mine", "--since", "yesterday"], 2, "It must be a date as 2026-01-31"],
    [[], 2, "missing required argument 'namespace'"],
  ])("%j is refused", async (args, code, message) => {
    const refused = await run(base(), ...args);
    expect([refused.code, refused.stdout]).toEqual([code, ""]);
    expect(refused.stderr).toContain(message);
  });
});
