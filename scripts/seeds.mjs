// Writes docs/seeds.md from the rows of `test/seeds/rows`, and proves that the test of each row can fail.
//     node scripts/seeds.mjs                          checks all rows and writes the page; another file may be named
//     node scripts/seeds.mjs --run all|N,N|drawn      applies the changed line of each row and runs the row's test
// A change is made while the sources are read (`test/seeds/vitest.config.ts`): no file is touched, so nothing has to be put
// back. Rows with `build` change a file in a temporary copy of the workspace, which is built and removed.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { format, resolveConfig } from "prettier";
import { faultsOf, pageOf, readRows } from "./seed-rows.mjs";

/** @typedef {import("./seed-rows.mjs").SeedRow & Required<Pick<import("./seed-rows.mjs").SeedRow, "test" | "mutation">>} Kept */

/** Rows that CI tries on each commit. */
const DRAWN = 2;
/** So that a test that waits for what no longer comes ends at all. */
const TEST_MS = 30_000;
/** Tests that start programs take long; CI draws from the others. */
const QUICK = /^test\/(?:host|sdk|seeds)\//;

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const VITEST = join("node_modules", "vitest", "vitest.mjs");
const COMPILER = join("node_modules", "typescript", "bin", "tsc");

const { values, positionals } = parseArgs({
  options: { run: { type: "string" }, parallel: { type: "string", default: "2" } },
  allowPositionals: true,
});
const scratch = mkdtempSync(join(realpathSync(tmpdir()), "synaps-seeds-"));
const clear = () => rmSync(scratch, { recursive: true, force: true });
for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"]))
  process.once(signal, () => {
    clear();
    process.exit(130);
  });
try {
  process.exitCode = values.run === undefined ? await write() : await run(values.run);
} finally {
  clear();
}

async function write() {
  const rows = checked();
  const page = resolve(positionals[0] ?? join(root, "docs", "seeds.md"));
  const style = await resolveConfig(join(root, "docs", "seeds.md"));
  writeFileSync(page, await format(pageOf(rows), { ...style, parser: "markdown" }));
  const kept = rows.filter(({ notYet }) => notYet === undefined).length;
  console.log(`${rows.length} rows, ${kept} of them kept, in ${page}`);
  return 0;
}

function checked() {
  const rows = readRows();
  const faults = faultsOf(rows);
  if (faults.length > 0) throw new Error(`The rows are wrong:\n${faults.join("\n")}`);
  return rows;
}

async function run(which) {
  const kept = /** @type {Kept[]} */ (checked().filter(({ notYet }) => notYet === undefined));
  const chosen = choose(kept, which);
  const wrong = await unchanged(chosen);
  const todo = chosen.filter((row) => !wrong.has(row.number));
  const survived = [];
  const plain = todo.filter(({ mutation }) => !mutation.build);
  let next = 0;
  const worker = async () => {
    while (next < plain.length) {
      const row = plain[next++];
      if (!tell(row, await changedInMemory(row))) survived.push(row);
    }
  };
  await Promise.all(Array.from({ length: Number(values.parallel) }, worker));
  for (const row of todo.filter(({ mutation }) => mutation.build))
    if (!tell(row, await changedInCopy(row))) survived.push(row);
  for (const [number, why] of wrong) console.log(`${number}: ${why}`);
  console.log(`${todo.length - survived.length} of ${chosen.length} changes made their test fail.`);
  return survived.length + wrong.size === 0 ? 0 : 1;
}

function choose(kept, which) {
  if (which === "all") return kept;
  if (which === "drawn") return drawn(kept);
  const numbers = which.split(",").map(Number);
  const unknown = numbers.filter((number) => !kept.some((row) => row.number === number));
  if (unknown.length > 0) throw new Error(`No kept row has the number ${unknown.join(", ")}`);
  return kept.filter(({ number }) => numbers.includes(number));
}

/** The rows that HEAD's hash chooses, so that nobody does. */
function drawn(kept) {
  const head = spawnSync("git", ["rev-parse", "HEAD"], { cwd: root, encoding: "utf8" }).stdout?.trim() ?? "";
  const rank = ({ document, promise }) =>
    createHash("sha256").update(`${head} ${document} ${promise}`).digest("hex");
  const from = kept.filter(({ test, mutation }) => QUICK.test(test.file) && !mutation.build);
  return from
    .map((row) => ({ row, rank: rank(row) }))
    .sort((a, b) => (a.rank < b.rank ? -1 : 1))
    .slice(0, DRAWN)
    .map(({ row }) => row);
}

function tell({ number, promise, mutation }, failed) {
  console.log(
    `${number}: ${failed ? "noticed" : "SURVIVED"}: ${promise}${failed ? "" : ` (${mutation.file})`}`,
  );
  return failed;
}

/** Runs the tests of all rows without a change: one that fails anyway would notice everything. */
async function unchanged(rows) {
  const files = [...new Set(rows.map(({ test }) => test.file))];
  const tests = await testsOf(
    root,
    files,
    rows.map(({ test }) => test.name),
    undefined,
  );
  const wrong = new Map();
  for (const { number, test } of rows) {
    const own = tests.filter(({ file, fullName }) => file === test.file && fullName.includes(test.name));
    const failed = own.filter(({ status }) => status === "failed");
    if (failed.length > 0) wrong.set(number, `'${failed[0].fullName}' fails without any change`);
    else if (!own.some(({ status }) => status === "passed"))
      wrong.set(number, `no test '${test.name}' ran in ${test.file}`);
  }
  return wrong;
}

/** Whether the row's test fails when its line is changed while it is read. */
async function changedInMemory({ test, mutation }) {
  const tests = await testsOf(root, [test.file], [test.name], mutation);
  return tests.some(({ status }) => status === "failed");
}

/** The same in a copy of the workspace, built anew. */
async function changedInCopy({ number, test, mutation }) {
  const copy = join(scratch, `${number}`);
  const filter = (path) =>
    ![join(root, ".git"), join(root, "reports"), join(root, "node_modules")].includes(path);
  cpSync(root, copy, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true, filter });
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
  try {
    const path = join(copy, mutation.file);
    const before = readFileSync(path, "utf8");
    writeFileSync(
      path,
      before.replace(mutation.find, () => mutation.replace),
    );
    for (const script of [[COMPILER, "-b"], [join("scripts", "bundle.mjs")]]) {
      const { code, output } = await node(copy, script);
      if (code !== 0) throw new Error(`The change of row ${number} does not build:\n${output}`);
    }
    const tests = await testsOf(copy, [test.file], [test.name], undefined);
    return tests.some(({ status }) => status === "failed");
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

/** What became of the tests whose full name contains one of the names. A file that cannot be read is an error. */
async function testsOf(folder, files, names, /** @type {object | undefined} */ mutation) {
  const outcome = join(scratch, `${basename(files[0])}-${Math.random().toString(36).slice(2)}.json`);
  const pattern = [...new Set(names)].map((name) => name.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|");
  const args = [
    VITEST,
    "run",
    ...files,
    "-t",
    pattern,
    "--config",
    join("test", "seeds", "vitest.config.ts"),
  ];
  const how = ["--reporter=json", `--outputFile=${outcome}`, `--testTimeout=${TEST_MS}`];
  const env = mutation ? { SYNAPS_CHANGED_LINE: JSON.stringify(mutation) } : {};
  const { output } = await node(folder, [...args, ...how], env);
  let told;
  try {
    told = JSON.parse(readFileSync(outcome, "utf8"));
  } catch {
    throw new Error(`${files.join(", ")} did not run:\n${output}`);
  }
  return told.testResults.flatMap(({ name, message, assertionResults }) => {
    if (assertionResults.length === 0) throw new Error(`${name} was not read: ${message}`);
    const file = name.slice(folder.length + 1);
    return assertionResults
      .filter(({ fullName }) => names.some((part) => fullName.includes(part)))
      .map(({ fullName, status }) => ({ fullName, status, file }));
  });
}

function node(cwd, args, env = {}) {
  return new Promise((settle, reject) => {
    const child = spawn(process.execPath, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
    child.once("error", reject);
    child.once("close", (code) => settle({ code, output }));
  });
}
