import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { createHost, nullLogger } from "../../../packages/host/dist/index.js";
import { assertRunning, benchCatalog, writeExtension } from "../contestants/ours.mjs";
import { CHILD_ENV, child, scratch } from "../lib/places.mjs";
import { synapsCatalog } from "../../../packages/sdk/dist/protocol/index.js";
import { interleave } from "../lib/rounds.mjs";
import { atMost, fixed, ratioText, table } from "../lib/tables.mjs";

export const name = "start-up";

const COUNTS = [1, 10, 50];
const AT_A_TIME = 3;

/** Until all extensions shook hands, against as many bare `node` processes that import nothing and print a line. */
export async function run({ rounds, log }) {
  const bundle = await bundled();
  const contestants = COUNTS.flatMap((count) => [
    { name: `${count} bare node, all at once`, measure: () => bare(count, count) },
    { name: `${count} bare node, ${AT_A_TIME} at a time`, measure: () => bare(count, AT_A_TIME) },
    { name: `${count} SDK extensions, bundled`, measure: () => ours(count, bundle) },
    { name: `${count} SDK extensions, not bundled`, measure: () => ours(count, child("sdk.mjs")) },
  ]);
  log("start-up of 1, 10 and 50");
  const samples = await interleave(contestants, Math.max(5, rounds ?? 5));
  const quicker = (count) =>
    [`${count} bare node, all at once`, `${count} bare node, ${AT_A_TIME} at a time`].sort(
      (a, b) => samples.of(a).median - samples.of(b).median,
    )[0];
  const rows = contestants.map(({ name: one }) => {
    const to = quicker(one.split(" ")[0]);
    return [one, `${fixed(samples.of(one).median)} ms`, ratioText(samples.ratio(one, to))];
  });
  const ratio = samples.ratio("50 SDK extensions, bundled", quicker(50));
  return {
    title: "Start-up",
    tables: [
      table("Until all answered", ["started", "took", "against the quicker way to start bare node"], rows),
    ],
    shows: [atMost("6a", "50 SDK extensions started, against 50 bare node", ratio, 1.15)],
  };
}

/** The benchmark's extension as one file, the way extensions are shipped. */
export async function bundled() {
  const outfile = join(scratch("bundle"), "main.mjs");
  await build({
    entryPoints: [child("sdk.mjs")],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    logLevel: "error",
  });
  return outfile;
}

async function ours(count, main) {
  const folder = scratch("start");
  mkdirSync(folder, { recursive: true });
  for (let n = 0; n < count; n += 1) writeExtension(folder, `e${n}`, { main });
  const catalogs = [synapsCatalog, benchCatalog];
  const host = createHost({
    logger: nullLogger,
    folders: [folder],
    baseDir: scratch("state"),
    catalogs,
    limits: { startMs: 120_000 },
  });
  const from = performance.now();
  await host.start();
  const took = performance.now() - from;
  assertRunning(host, count);
  await host.stop();
  return took;
}

async function bare(count, atATime) {
  const from = performance.now();
  let left = count;
  const started = [];
  const worker = async () => {
    while (left > 0) {
      left -= 1;
      const one = spawn(process.execPath, [child("bare.mjs")], {
        stdio: ["pipe", "pipe", "pipe"],
        env: CHILD_ENV,
      });
      started.push(one);
      await new Promise((resolve) => one.stdout.once("data", resolve));
    }
  };
  await Promise.all(Array.from({ length: atATime }, worker));
  const took = performance.now() - from;
  await Promise.all(
    started.map((one) => {
      one.kill("SIGKILL");
      return new Promise((resolve) => one.once("close", resolve));
    }),
  );
  return took;
}
