import { events, spawnHarness } from "@synaps/sdk/testing";
import { expect, it, onTestFinished } from "vitest";
import { ownFrame } from "../../../packages/sdk/src/serve/own-frame.js";
import { authorFolder, manifestFor } from "../../helpers/author-program.js";
import { verifies } from "../../requirements/verifies.js";

it.each<[string, string | undefined]>([
  [
    "Error: x\n    at check (file:///ext/lib/rules.js:7:9)\n    at file:///ext/main.mjs:3:1",
    "lib/rules.js:7",
  ],
  ["Error: x\n    at file:///ext/main.mjs:3:1", "main.mjs:3"],
  ["Error: x\n    at Object.<anonymous> (/ext/main.cjs:3:1)", "main.cjs:3"],
  ["Error: x\n    at async go (file:///ext/with%20space.mjs:12:34)", "with space.mjs:12"],
  [
    "Error: x\n    at node:internal/fs:1:1\n    at file:///ext/node_modules/a/b.js:1:1\n    at f (/ext/m.js:2:2)",
    "m.js:2",
  ],
  ["Error: x\n    at f (/home/somebody/secret.js:2:2)\n    at g (/extra/m.js:2:2)", undefined],
  ["Error: a message\n  with /ext/main.mjs:3:1 in it", undefined],
  ["", undefined],
])(verifies("AUTH-006") + "the first frame of %j", (stack, place) => {
  expect(ownFrame(stack, "/ext")).toBe(place);
});

it("has a bound", () => {
  expect(ownFrame(`Error\n    at /ext/${"x".repeat(5_000)}.js:1:1`, "/ext")?.length).toBeLessThan(220);
  expect(ownFrame(undefined, "/ext")).toBeUndefined();
});

it(
  verifies("AUTH-006") + "a host learns file and line of a handler that threw, the log the stack",
  async () => {
    const program = `import { defineHook, ExtensionError, serve } from "@synaps/sdk";
serve(defineHook("before_message", ({ message }) => {
  if (message === "on purpose") throw new ExtensionError("not now", { data: { retry: true } });
  return message.missing.part;
}));`;
    const folder = authorFolder({
      "main.mjs": program,
      ".synaps-plugin/plugin.json": manifestFor(["before_message"]),
    });
    const child = await spawnHarness({ command: process.execPath, args: ["main.mjs"], cwd: folder });
    onTestFinished(async () => void (await child.stop()));
    await expect(child.send(events.before_message({ message: "hi" }))).rejects.toMatchObject({
      code: 1006,
      data: { at: "main.mjs:4" },
    });
    await expect(child.send(events.before_message({ message: "on purpose" }))).rejects.toMatchObject({
      data: { retry: true },
    });
    expect(child.stderr).toMatch(/TypeError: .*\n {4}at .*main\.mjs:4:/);
  },
);
