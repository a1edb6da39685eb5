import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { repo } from "../../helpers/paths.js";
import { verifies } from "../../requirements/verifies.js";
import { cleanPlace, runBlocks, type CommandBlock } from "./page.js";

/** The page in its order: commands as they stand, and each file that it shows as commands that write the file. */
function steps(page: string): CommandBlock[] {
  const text = readFileSync(repo(page), "utf8");
  const found = text.matchAll(/(?:^<!-- file: (\S+) -->\n\n)?^```(\w+)\n([\s\S]*?)^```$/gm);
  return [...found].map((match) => {
    const [, file, language = "", code = ""] = match;
    if (file === undefined && language !== "sh")
      throw new Error(`a block of ${language} without the name of its file`);
    const write = `mkdir -p "$(dirname '${file}')"\ncat > '${file}' <<'END OF FILE'\n${code}END OF FILE\n`;
    return { line: text.slice(0, match.index).split("\n").length, text: file === undefined ? code : write };
  });
}

it(verifies("DOC-010") + "the tutorial works as it stands, in JavaScript and in Python", async () => {
  const ran = await runBlocks(await cleanPlace(), steps("docs/tutorial.md"));
  expect(ran.filter(({ failed }) => failed.length > 0)).toEqual([]);
  expect(ran.length).toBe(10);

  const shown = ran.map(({ output }) => output).join("\n");
  const outcomes = shown.match(/^\{.*"outcome".*$/gm)?.map((line) => JSON.parse(line) as object) ?? [];
  const blocked = { outcome: { action: "block", reason: "The .env file stays closed." } };
  expect(outcomes).toMatchObject([blocked, blocked]);
  expect(shown).toMatch(/^# pass 1$|^ℹ pass 1$/m);
  expect(shown).toMatch(/^no-env +1\.0\.0 +ready /m);
});
