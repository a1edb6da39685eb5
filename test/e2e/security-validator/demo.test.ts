import { expect, test } from "vitest";
import { runDemo } from "../../helpers/demo.js";

test("the demo of the README is refused, in a host without the catalog of agents", async () => {
  const { outcome } = JSON.parse(await runDemo("security-validator")) as { outcome: object };
  expect(outcome).toEqual({
    action: "block",
    reason: "security-validator refuses this input: sql-union at /tool_input/name",
    by: "security-validator",
  });
});
