// Proves that the property test of chains can fail: puts each fault of test/mutation/guard-faults.json into the code that
// keeps one promise about guards, and expects a chain to break that promise. No file of the work tree is changed.
//     node scripts/seeded-faults.mjs [--chains 20000] [--seed 1]
// Prints a table in Markdown and ends with 1 when a fault survived, or when a chain fails without any fault.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { bundleChains, root } from "./bundle-chains.mjs";

const { values } = parseArgs({
  options: { chains: { type: "string", default: "20000" }, seed: { type: "string", default: "1" } },
});
const faults = JSON.parse(readFileSync(join(root, "test/mutation/guard-faults.json"), "utf8"));
const folder = mkdtempSync(join(realpathSync(tmpdir()), "synaps-faults-"));
try {
  const soundFailure = await failure(undefined);
  if (soundFailure) throw new Error(`a chain fails without any fault:\n${soundFailure}`);
  console.log("| promise | file | what the chain said |\n| --- | --- | --- |");
  let caught = 0;
  for (const fault of faults) {
    const said = await failure(fault);
    if (said) caught += 1;
    const name = fault.file.replace("packages/host/src/", "");
    console.log(
      `| ${fault.promise} | \`${name}\` | ${said?.trim().split("\n").at(-1) ?? "nothing: SURVIVED"} |`,
    );
  }
  console.log(`\n${caught} of ${faults.length} faults were caught.`);
  process.exitCode = caught === faults.length ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** The words with which a chain failed, or undefined when all passed. */
async function failure(fault) {
  const bundle = join(folder, "chains.mjs");
  await bundleChains(bundle, fault);
  const { status, stderr } = spawnSync(
    process.execPath,
    ["--single-threaded-gc", bundle, values.chains, values.seed],
    {
      encoding: "utf8",
    },
  );
  if (status === 0) return undefined;
  if (!stderr.includes("Property failed")) throw new Error(`the chains did not run:\n${stderr}`);
  return stderr;
}
