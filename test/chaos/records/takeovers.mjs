// Several processes find the lock of a dead program and take it over at the same moment.
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { ownLockText } from "../../../packages/host/dist/loading/records/lock-owner.js";

/**
 * @param {{ processes: number, tries: number }} options
 * @returns tries with another number of winners than one, tries in which two were inside, and waits in milliseconds
 */
export async function runTakeovers({ processes, tries }) {
  const folder = mkdtempSync(join(tmpdir(), "synaps-takeovers-"));
  const lock = join(folder, "a.lock");
  const takers = Array.from({ length: processes }, () => startTaker(lock));
  const waits = /** @type {{ firstMs: number[], controlMs: number[] }} */ ({ firstMs: [], controlMs: [] });
  const result = { tries, withoutOneWinner: 0, notAlone: 0, ...waits };
  try {
    for (const { next } of takers) await next();
    const { pid } = spawnSync(process.execPath, ["-e", ""]);
    for (let n = 0; n < tries; n += 1) {
      writeFileSync(lock, JSON.stringify({ ...JSON.parse(await ownLockText()), pid }));
      const said = await everybody(takers);
      if (said.filter(({ tookOver }) => tookOver).length !== 1) result.withoutOneWinner += 1;
      if (said.some(({ alone }) => !alone)) result.notAlone += 1;
      result.firstMs.push(Math.min(...said.map(({ waitMs }) => waitMs)));
      // The same without a stale lock shows what the waiting for each other costs.
      const control = await everybody(takers);
      result.controlMs.push(Math.min(...control.map(({ waitMs }) => waitMs)));
    }
    return result;
  } finally {
    for (const { child } of takers) child.stdin.end("end\n");
    await Promise.all(takers.map(({ ended }) => ended));
    rmSync(folder, { recursive: true, force: true });
  }
}

async function everybody(takers) {
  for (const { child } of takers) child.stdin.write("go\n");
  return Promise.all(takers.map(async ({ next }) => JSON.parse(await next())));
}

function startTaker(lock) {
  const program = fileURLToPath(new URL("taker.mjs", import.meta.url));
  const child = spawn(process.execPath, [program, lock], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => (await lines.next()).value;
  return { child, next, ended: new Promise((resolve) => child.once("exit", resolve)) };
}
