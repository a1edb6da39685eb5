import { expect, test } from "vitest";
import { runDemo } from "../../helpers/demo.js";

test("the demo of the README shows a hit with other keys first", async () => {
  const lines = (await runDemo("response-cache")).trim().split("\n");
  expect(lines.map((line) => (JSON.parse(line) as { outcome: object }).outcome)).toEqual([
    { action: "continue" },
    { action: "continue" },
    { action: "cache", value: "snow", by: "response-cache" },
  ]);
});
