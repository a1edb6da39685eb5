import { expect, it } from "vitest";
import { repo } from "../../helpers/paths.js";
import { verifies } from "../../requirements/verifies.js";
import { cleanPlace, commandBlocks, runBlocks } from "./page.js";

it(verifies("DOC-015") + "every command block of the README works, in the order of the page", async () => {
  const place = await cleanPlace();
  const [start, ...rest] = commandBlocks("README.md");
  // The first command is for the clone; all others are for a folder of one's own.
  const ran = [
    ...(await runBlocks({ ...place, folder: repo(".") }, start ? [start] : [])),
    ...(await runBlocks(place, rest)),
  ];
  expect(ran.filter(({ failed }) => failed.length > 0)).toEqual([]);
  expect(ran.map(({ text }) => text.split("\n")[0])).toEqual([
    "npm start",
    'npm install "$CLONE"/artifacts/*.tgz',
    "npx synaps-ext info shell-guard",
  ]);
  const line = ran[1]?.output.split("\n").find((one) => one.startsWith("{")) ?? "{}";
  expect(JSON.parse(line)).toMatchObject({
    outcome: { action: "block" },
    votes: [{ extension: "shell-guard" }],
  });
});
