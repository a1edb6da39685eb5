// Takes a stale lock each time it is told to, together with others, and says whether it won and was alone.
//     node taker.mjs <lock file>
import { rmSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { withLock } from "../../../packages/host/dist/loading/records/file-lock.js";

const [lock = ""] = process.argv.slice(2);
const inside = `${lock}.inside`;

process.stdout.write("ready\n");
for await (const line of createInterface({ input: process.stdin })) {
  if (line === "end") break;
  const begin = performance.now();
  const said = await withLock(lock, async ({ tookOver }) => {
    const waitMs = performance.now() - begin;
    try {
      writeFileSync(inside, "", { flag: "wx" });
    } catch {
      return { tookOver, waitMs, alone: false };
    }
    // Time for another winner to come in, if there could be one.
    await new Promise((resolve) => setTimeout(resolve, 2));
    rmSync(inside);
    return { tookOver, waitMs, alone: true };
  });
  process.stdout.write(`${JSON.stringify(said)}\n`);
}
process.stdin.destroy();
