// Proves that the tests of the ledger can fail: changes one line of the code that a row guards, in a copy of the
// workspace, and expects the tests that cite the row to fail. `test/mutation/rows.json` has the changes.
//     node scripts/mutate-rows.mjs [--row ID]... [--parallel 2] [--draw]
// Prints a table in Markdown and ends with 1 when a test survived. --draw only prints the rows that the seed chooses.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { build } from "esbuild";

/** Files of the ledger whose rows are not drawn from: hooks and processes, which `npm run mutation` looks at. */
const LEFT_OUT = /^(hooks|manifest|process|failure|reliability|whole-ways|later.*)\.ts$/;
const DRAWN = 30;
/** So that a test that waits for what no longer comes ends at all. */
const TEST_MS = "60000";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const plan = JSON.parse(readFileSync(join(root, "test", "mutation", "rows.json"), "utf8"));
const { values } = parseArgs({
  options: {
    row: { type: "string", multiple: true },
    parallel: { type: "string", default: "2" },
    draw: { type: "boolean", default: false },
  },
});
process.exitCode = values.draw ? await draw() : await run();

async function draw() {
  const rows = await ledger();
  const rank = ({ id }) => createHash("sha256").update(`${plan.seed} ${id}`).digest("hex");
  const chosen = rows.map((row) => ({ ...row, rank: rank(row) })).sort((a, b) => (a.rank < b.rank ? -1 : 1));
  console.log(`${DRAWN} of ${rows.length} rows, seed '${plan.seed}':`);
  for (const { id, behaviour } of chosen.slice(0, DRAWN)) console.log(`${id}  ${behaviour}`);
  return 0;
}

/** Rows that are done or superseded. */
async function ledger() {
  const folder = join(root, "test", "requirements", "rows");
  const files = readdirSync(folder).filter((name) => !LEFT_OUT.test(name));
  const lists = files.map(async (name) => {
    const options = /** @type {const} */ ({ bundle: true, format: "esm", platform: "node", write: false });
    const { outputFiles } = await build({ ...options, entryPoints: [join(folder, name)] });
    const code = Buffer.from(outputFiles[0].contents).toString("base64");
    return Object.values(await import(`data:text/javascript;base64,${code}`)).flat();
  });
  return (await Promise.all(lists)).flat().filter(({ status }) => status === "done" || status.superseded);
}

async function run() {
  const chosen = plan.mutations.filter(({ row }) => !values.row || values.row.includes(row));
  const scratch = mkdtempSync(join(realpathSync(tmpdir()), "synaps-rows-"));
  try {
    const copies = Array.from({ length: Math.min(Number(values.parallel), chosen.length) }, (_, n) =>
      copyTo(join(scratch, `${n}`)),
    );
    for (const mutation of chosen) checkOnce(mutation);
    await checkUnmutated(copies[0], chosen);
    const results = new Map();
    let next = 0;
    const worker = async (copy) => {
      while (next < chosen.length) {
        const mutation = chosen[next++];
        const caughtBy = await mutate(copy, mutation);
        results.set(mutation.row, caughtBy);
        console.error(`${mutation.row}: ${caughtBy.length > 0 ? "caught" : "SURVIVED"}`);
      }
    };
    await Promise.all(copies.map(worker));
    return report(chosen, results);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** With what is installed and built, so that only what is changed needs a build. */
function copyTo(folder) {
  const filter = (path) => path === root || basename(path) !== ".git";
  cpSync(root, folder, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true, filter });
  return folder;
}

function checkOnce({ row, file, find, replace }) {
  const times = readFileSync(join(root, file), "utf8").split(find).length - 1;
  if (times !== 1) throw new Error(`${row}: the text to change stands ${times} times in ${file}`);
  if (find === replace) throw new Error(`${row}: the change changes nothing`);
}

/** A test that fails anyway would catch everything. */
async function checkUnmutated(copy, chosen) {
  const tests = await testsOf(
    copy,
    chosen.map(({ row }) => row),
  );
  const failed = tests.filter(({ status }) => status === "failed").map(({ fullName }) => fullName);
  if (failed.length > 0) throw new Error(`These fail without any change:\n${failed.join("\n")}`);
  const unproved = chosen.filter(
    ({ row }) => !tests.some((test) => test.status === "passed" && test.fullName.includes(row)),
  );
  if (unproved.length > 0) throw new Error(`No test ran for ${unproved.map(({ row }) => row).join(", ")}`);
}

/** The first test of the row that fails with the change. */
async function mutate(copy, { row, file, find, replace, builds }) {
  const path = join(copy, file);
  const before = readFileSync(path, "utf8");
  writeFileSync(
    path,
    before.replace(find, () => replace),
  );
  try {
    if (builds) await compile(copy);
    const tests = await testsOf(copy, [row], "--bail=1");
    return tests.filter(({ status }) => status === "failed");
  } finally {
    writeFileSync(path, before);
    if (builds) await compile(copy);
  }
}

async function compile(copy) {
  const { code, output } = await node(copy, [join("node_modules", "typescript", "bin", "tsc"), "-b"]);
  if (code !== 0) throw new Error(`The change does not compile:\n${output}`);
}

/** What became of the tests that cite one of the rows. */
async function testsOf(copy, rows, ...more) {
  const files = testFiles(copy).filter((file) => {
    const source = readFileSync(join(copy, file), "utf8");
    return rows.some((row) => source.includes(`"${row}"`));
  });
  const outcome = join(copy, "node_modules", ".rows.json");
  rmSync(outcome, { force: true });
  const vitest = join("node_modules", "vitest", "vitest.mjs");
  const how = ["--reporter=json", `--outputFile=${outcome}`, `--testTimeout=${TEST_MS}`, ...more];
  const { output } = await node(copy, [vitest, "run", ...files, "-t", rows.join("|"), ...how]);
  let told;
  try {
    told = JSON.parse(readFileSync(outcome, "utf8"));
  } catch {
    throw new Error(`The tests of ${rows.join(", ")} did not run:\n${output}`);
  }
  return told.testResults.flatMap(({ name, message, assertionResults }) => {
    if (assertionResults.length === 0) throw new Error(`${name} was not read: ${message}`);
    return assertionResults
      .filter(({ fullName }) => rows.some((row) => fullName.includes(row)))
      .map((test) => ({ ...test, file: name.slice(copy.length + 1) }));
  });
}

function testFiles(copy) {
  const names = readdirSync(join(copy, "test"), { recursive: true, encoding: "utf8" });
  return names.filter((name) => name.endsWith(".test.ts")).map((name) => join("test", name));
}

function node(cwd, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, output }));
  });
}

function report(chosen, results) {
  const caught = chosen.filter(({ row }) => results.get(row)?.length > 0);
  console.log("| row | what was changed | file | caught by |\n| --- | --- | --- | --- |");
  for (const { row, why, file } of chosen) {
    const [test] = results.get(row);
    const where = file.replace(/^packages\//, "").replace("/src/", "/");
    const by = test ? `\`${test.file.replace(/^test\//, "")}\`` : "nothing";
    console.log(`| ${row} | ${why} | \`${where}\` | ${by} |`);
  }
  console.log(`\n${caught.length} of ${chosen.length} changes were caught.`);
  return caught.length === chosen.length ? 0 : 1;
}
