import { expect, it, onTestFinished } from "vitest";
import { verifies } from "../../requirements/verifies.js";
import { runSteps, stepsOf } from "./follow.js";
import { cleanPlace, installed, PATIENCE_MS } from "./page.js";

const PAGE = `
\`\`\`sh
npm install --no-audit --no-fund "$CLONE"/artifacts/*.tgz
export PATH="$PWD/node_modules/.bin:$PATH"
synaps-ext install shell-guard --yes
cd /
\`\`\`

\`\`\`sh
pwd; false
echo one |
  cat && synaps-ext list
\`\`\`
`;

it(
  verifies("DOC-001") + "the published command brings its extensions along, and installs them",
  async () => {
    const ran = await runSteps(await cleanPlace(), stepsOf(PAGE), {
      onStart: onTestFinished,
      installed: await installed(),
    });
    expect(ran.map(({ line, failed }) => [line, failed])).toEqual([
      [3, []],
      [4, []],
      [5, []],
      [6, []],
      [10, [1]],
      [11, []],
    ]);
    expect(ran[2]?.output).toMatch(/^Installed shell-guard /m);
    // The shell stays the same from step to step, and a command that fails does not end it.
    expect(ran[4]?.output).toBe("/\n");
    expect(ran[5]?.output).toMatch(/^one$/m);
    expect(ran[5]?.output).toMatch(/^shell-guard +\S+ +ready .*\/home\/\.synaps-cli\/plugins\/shell-guard$/m);
  },
  PATIENCE_MS,
);
