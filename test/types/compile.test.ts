import { expect, it } from "vitest";
import { compile, compileOne } from "./compile.js";

it("compiles programs against the built packages, as a project of somebody else", async () => {
  const findings = await compile({
    "good.ts":
      'import { defineHook } from "@synaps/sdk";\ndefineHook("on_usage", (event) => void event.data.model);',
    "host.ts": 'import { createHost } from "@synaps/host";\ncreateHost({ folders: ["x"] });',
    "plain.mjs": 'import { block } from "@synaps/sdk";\nblock(5);',
    "node.ts": "process.exitCode = 1;",
  });
  expect(findings).toEqual({
    "good.ts": [],
    "host.ts": [],
    "plain.mjs": [{ code: 2345, line: 2, message: expect.stringContaining("'number'") as string }],
    "node.ts": [],
  });
});

it("is strict, and names code and line of each finding", async () => {
  expect(await compileOne("let text: string = null;\nlet one = (x) => x;\none(text);")).toMatchObject([
    { code: 2322, line: 1 },
    { code: 7006, line: 2 },
  ]);
});

it("says when the compiler itself fails", async () => {
  await expect(compile({})).rejects.toThrow(/the compiler/);
});
