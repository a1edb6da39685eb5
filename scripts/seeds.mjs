// Writes docs/seeds.md from the rows of `test/seeds/rows` and the defects of `test/fixtures/defects`, and proves that the test
// of each can fail.
//     node scripts/seeds.mjs                              checks all and writes the page; another file may be named
//     node scripts/seeds.mjs --run all|N,N|drawn          applies the changed line of each row and runs the row's test
//     node scripts/seeds.mjs --run defects|dN,dN          the same with the copies of defects, all changes of one at once
// A change is made while the sources are read (`test/seeds/vitest.config.ts`): no file is touched, so nothing has to be put
// back. Rows with `build` change a file in a temporary copy of the workspace, which is built and removed.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { format, resolveConfig } from "prettier";
import { root } from "./seed-checks.mjs";
import { defectFaultsOf, defectsText, readDefects } from "./seed-defects.mjs";
import { faultsOf, pageOf, readRows } from "./seed-rows.mjs";

/**
 * A test and changes with which it must fail: of a row, or of a copy of a defect.
 * @typedef {{ label: string, says: string, test: import("./seed-checks.mjs").NamedTest,
 *   changes: import("./seed-checks.mjs").Change[], build: boolean }} Case
 */

/** Rows and copies of defects that CI tries on each commit. */
const DRAWN = { rows: 2, copies: 1 };
/** So that a test that waits for what no longer comes ends at all. */
const TEST_MS = 30_000;
/** Tests that start programs take long; CI draws from the others. */
const QUICK = /^test\/(?:host|sdk|seeds)\//;

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
  const { rows, defects } = checked();
  const page = resolve(positionals[0] ?? join(root, "docs", "seeds.md"));
  const style = await resolveConfig(join(root, "docs", "seeds.md"));
  const text = pageOf(rows) + defectsText(defects);
  writeFileSync(page, await format(text, { ...style, parser: "markdown" }));
  const kept = rows.filter(({ notYet }) => notYet === undefined).length;
  console.log(`${rows.length} rows, ${kept} of them kept, and ${defects.length} defects, in ${page}`);
  return 0;
}

function checked() {
  const [rows, defects] = [readRows(), readDefects()];
  const faults = [...faultsOf(rows), ...defectFaultsOf(defects)];
  if (faults.length > 0) throw new Error(`The rows or defects are wrong:\n${faults.join("\n")}`);
  return { rows, defects };
}

async function run(which) {
  const chosen = choose(which);
  const wrong = await unchanged(chosen);
  const todo = chosen.filter((one) => !wrong.has(one));
  const survived = [];
  const plain = todo.filter(({ build }) => !build);
  let next = 0;
  const worker = async () => {
    while (next < plain.length) {
      const one = plain[next++];
      if (!tell(one, await changedInMemory(one))) survived.push(one);
    }
  };
  await Promise.all(Array.from({ length: Number(values.parallel) }, worker));
  for (const one of todo.filter(({ build }) => build))
    if (!tell(one, await changedInCopy(one))) survived.push(one);
  for (const [{ label }, why] of wrong) console.log(`${label}: ${why}`);
  console.log(`${todo.length - survived.length} of ${chosen.length} changes made their test fail.`);
  return survived.length + wrong.size === 0 ? 0 : 1;
}

/** The rows or copies of defects that were asked for. */
function choose(which) {
  const { rows, defects } = checked();
  const cases = [...rows.flatMap(caseOfRow), ...defects.flatMap(casesOfDefect)];
  const isDefect = ({ label }) => label.startsWith("d");
  if (which === "all") return cases.filter((one) => !isDefect(one));
  if (which === "defects") return cases.filter(isDefect);
  if (which === "drawn") {
    const quick = cases.filter((one) => !isDefect(one) && QUICK.test(one.test.file) && !one.build);
    return [...drawn(quick, DRAWN.rows), ...drawn(cases.filter(isDefect), DRAWN.copies)];
  }
  const labels = which.split(",");
  const unknown = labels.filter((label) => !cases.some((one) => one.label === label));
  if (unknown.length > 0) throw new Error(`No kept row and no defect is called ${unknown.join(", ")}`);
  return cases.filter(({ label }) => labels.includes(label));
}

/** @returns {Case[]} */
function caseOfRow(/** @type {import("./seed-rows.mjs").SeedRow} */ { number, promise, test, mutation }) {
  if (!test || !mutation) return [];
  const { build = false, ...change } = mutation;
  return [{ label: `${number}`, says: promise, test, changes: [change], build }];
}

/** @returns {Case[]} */
function casesOfDefect(/** @type {import("./seed-defects.mjs").Defect} */ { number, copies }) {
  return copies.map(({ copy, test, changes }) => ({
    label: `d${number}`,
    says: copy,
    test,
    changes,
    build: false,
  }));
}

/** Those that HEAD's hash chooses, so that nobody does. */
function drawn(/** @type {readonly Case[]} */ from, count) {
  const head = spawnSync("git", ["rev-parse", "HEAD"], { cwd: root, encoding: "utf8" }).stdout?.trim() ?? "";
  const rank = ({ label, says }) => createHash("sha256").update(`${head} ${label} ${says}`).digest("hex");
  return from
    .map((one) => ({ one, rank: rank(one) }))
    .sort((a, b) => (a.rank < b.rank ? -1 : 1))
    .slice(0, count)
    .map(({ one }) => one);
}

function tell(/** @type {Case} */ { label, says, changes }, failed) {
  const where = [...new Set(changes.map(({ file }) => file))].join(", ");
  console.log(`${label}: ${failed ? "noticed" : "SURVIVED"}: ${says}${failed ? "" : ` (${where})`}`);
  return failed;
}

/** Runs all the tests without a change: one that fails anyway would notice everything. */
async function unchanged(/** @type {readonly Case[]} */ cases) {
  const files = [...new Set(cases.map(({ test }) => test.file))];
  const tests = await testsOf(
    root,
    files,
    cases.map(({ test }) => test.name),
    undefined,
  );
  const wrong = new Map();
  for (const one of cases) {
    const { test } = one;
    const own = tests.filter(({ file, fullName }) => file === test.file && fullName.includes(test.name));
    const failed = own.filter(({ status }) => status === "failed");
    if (failed.length > 0) wrong.set(one, `'${failed[0].fullName}' fails without any change`);
    else if (!own.some(({ status }) => status === "passed"))
      wrong.set(one, `no test '${test.name}' ran in ${test.file}`);
  }
  return wrong;
}

/** Whether the test fails when the changes are made while the sources are read. */
async function changedInMemory(/** @type {Case} */ { test, changes }) {
  const tests = await testsOf(root, [test.file], [test.name], changes);
  return tests.some(({ status }) => status === "failed");
}

/** The same in a copy of the workspace, built anew. */
async function changedInCopy(/** @type {Case} */ { label, test, changes }) {
  const copy = join(scratch, label);
  const filter = (path) =>
    ![join(root, ".git"), join(root, "reports"), join(root, "node_modules")].includes(path);
  cpSync(root, copy, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true, filter });
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
  try {
    for (const { file, find, replace } of changes) {
      const path = join(copy, file);
      const before = readFileSync(path, "utf8");
      writeFileSync(
        path,
        before.replace(find, () => replace),
      );
    }
    for (const script of [[COMPILER, "-b"], [join("scripts", "bundle.mjs")]]) {
      const { code, output } = await node(copy, script);
      if (code !== 0) throw new Error(`The change of ${label} does not build:\n${output}`);
    }
    const tests = await testsOf(copy, [test.file], [test.name], undefined);
    return tests.some(({ status }) => status === "failed");
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

/** What became of the tests whose full name contains one of the names. A file that cannot be read is an error. */
async function testsOf(folder, files, names, /** @type {Case["changes"] | undefined} */ changes) {
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
  const env = changes ? { SYNAPS_CHANGES: JSON.stringify(changes) } : {};
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
