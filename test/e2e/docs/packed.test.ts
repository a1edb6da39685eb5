import { expect, it } from "vitest";
import { verifies } from "../../requirements/verifies.js";
import { cleanPlace, runBlocks } from "./page.js";

it(verifies("DOC-001") + "the published command brings its extensions along, and installs them", async () => {
  const text = `npm install --no-audit --no-fund "$CLONE"/artifacts/*.tgz
export PATH="$PWD/node_modules/.bin:$PATH"
synaps-ext install shell-guard --yes
cd /`;
  const check = `pwd; false; synaps-ext list`;
  const [installed, listed] = await runBlocks(await cleanPlace(), [
    { line: 1, text },
    { line: 2, text: check },
  ]);
  expect([installed?.failed, installed?.output]).toEqual([
    [],
    expect.stringContaining("Installed shell-guard "),
  ]);
  // The shell stays the same from block to block, and a command that fails does not end it.
  expect(listed?.failed).toEqual([1]);
  expect(listed?.output).toMatch(/^\/\n/);
  expect(listed?.output).toMatch(/^shell-guard +\S+ +ready .*\/home\/\.synaps-cli\/plugins\/shell-guard$/m);
});
