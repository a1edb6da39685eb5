import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { repo } from "../helpers/paths.js";
import { tempDir } from "../helpers/temp.js";

const MISTAKES = `
async function late(): Promise<void> {}
export function start(): void {
  late();
  [1].forEach(async () => {
    await late();
  });
  void late();
}
export async function wait(): Promise<void> {
  await 1;
  throw "a text";
}
`;

it("the lint configuration knows types: promises that nobody watches are found", () => {
  const folder = tempDir();
  writeFileSync(join(folder, "tsconfig.json"), '{ "compilerOptions": { "strict": true, "types": [] } }');
  writeFileSync(join(folder, "mistakes.ts"), MISTAKES);
  const oxlint = repo("node_modules/oxlint/bin/oxlint");
  const args = [oxlint, "--config", repo(".oxlintrc.json"), "--format", "unix", folder];
  const { status, stdout } = spawnSync(process.execPath, args, { cwd: repo("."), encoding: "utf8" });
  const found = [...stdout.matchAll(/:(\d+):\d+: .*\/typescript\((\S+)\)\]/g)].map(
    ([, line, rule]) => `${line} ${rule}`,
  );
  expect(found.sort((one, other) => Number.parseInt(one) - Number.parseInt(other))).toEqual([
    "4 no-floating-promises",
    "5 no-misused-promises",
    "11 await-thenable",
    "12 only-throw-error",
  ]);
  expect(status).toBe(1);
});
