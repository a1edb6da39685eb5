// Runs the official JSON Schema test suite against the host's own check and prints a table by draft.
// Usage: node scripts/schema-suite.mjs [folder]; without a folder, the Debian package is used, or brought to a temporary folder.
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SchemaCheck } from "../packages/host/dist/json-schema/check.js";

const PACKAGE = "json-schema-test-suite";
const PLACE = `usr/share/${PACKAGE}`;
const DRAFTS = {
  draft4: "http://json-schema.org/draft-04/schema#",
  draft6: "http://json-schema.org/draft-06/schema#",
  draft7: "http://json-schema.org/draft-07/schema#",
  "draft2019-09": "https://json-schema.org/draft/2019-09/schema",
  "draft2020-12": "https://json-schema.org/draft/2020-12/schema",
};

const temporary = mkdtempSync(join(tmpdir(), "schema-suite-"));
process.on("exit", () => rmSync(temporary, { recursive: true, force: true }));

const root = process.argv[2] ?? installed() ?? downloaded();
if (root === undefined) process.exit(0);
if (!existsSync(join(root, "tests"))) {
  console.error(`there is no folder 'tests' in '${root}'`);
  process.exit(2);
}

let failedInAll = 0;
console.log("draft          passed  failed  left out");
for (const [draft, address] of Object.entries(DRAFTS)) {
  const folder = join(root, "tests", draft);
  if (!existsSync(folder)) {
    console.log(`${draft.padEnd(14)} not in this suite`);
    continue;
  }
  /** @type {{ passed: number, failed: string[], left: Map<string, number> }} */
  const counts = { passed: 0, failed: [], left: new Map() };
  for (const file of readdirSync(folder).filter((name) => name.endsWith(".json"))) {
    for (const group of JSON.parse(readFileSync(join(folder, file), "utf8")))
      runGroup(group, file, address, counts);
  }
  const left = [...counts.left.values()].reduce((sum, one) => sum + one, 0);
  console.log(
    `${draft.padEnd(14)} ${String(counts.passed).padStart(6)}  ${String(counts.failed.length).padStart(6)}  ${String(left).padStart(8)}`,
  );
  for (const line of counts.failed) console.log(`  failed: ${line}`);
  for (const [why, count] of counts.left) console.log(`  left out: ${count}, ${why}`);
  failedInAll += counts.failed.length;
}
process.exitCode = failedInAll === 0 ? 0 : 1;

/**
 * @param {{ description: string, schema: any, tests: { description: string, data: any, valid: boolean }[] }} group
 * @param {string} file
 * @param {string} address
 * @param {{ passed: number, failed: string[], left: Map<string, number> }} counts
 */
function runGroup({ description, schema, tests }, file, address, counts) {
  // A suite's schema without a draft of its own belongs to the draft of its folder.
  const whole = typeof schema === "boolean" ? { allOf: [schema] } : schema;
  const check = new SchemaCheck({ $schema: address, ...whole });
  const foreign = check.unchecked.some((one) => one.startsWith("the reference"));
  const why = foreign
    ? "with references to other documents, which are never fetched"
    : JSON.stringify(whole).includes("localhost:1234") && unknownDialect(whole)
      ? "with a draft of its own, which is another document"
      : undefined;
  if (why !== undefined) {
    counts.left.set(why, (counts.left.get(why) ?? 0) + tests.length);
    return;
  }
  for (const { description: what, data, valid } of tests) {
    if ((check.check(data).type === "fits") === valid) counts.passed += 1;
    else counts.failed.push(`${file}: ${description}: ${what}`);
  }
}

/** @param {{ $schema?: unknown }} schema */
function unknownDialect({ $schema }) {
  return typeof $schema === "string" && !Object.values(DRAFTS).includes($schema);
}

function installed() {
  const folder = join("/", PLACE);
  return existsSync(folder) ? folder : undefined;
}

/** Brings the package to a temporary folder. Changes nothing in the system, and needs no rights. */
function downloaded() {
  try {
    /** @type {import("node:child_process").ExecFileSyncOptions} */
    const options = { cwd: temporary, stdio: ["ignore", "ignore", "pipe"] };
    execFileSync("apt-get", ["download", PACKAGE], options);
    const file = readdirSync(temporary).find((name) => name.endsWith(".deb")) ?? "";
    execFileSync("dpkg-deb", ["-x", file, temporary], options);
    return join(temporary, PLACE);
  } catch (thrown) {
    const error = /** @type {Error & { code?: string, stderr?: Buffer }} */ (thrown);
    const [reason] = String(error.stderr ?? error.message)
      .trim()
      .split("\n");
    console.log(`skipped: the Debian package ${PACKAGE} cannot be had here (${reason || error.code}).`);
    console.log(`Give the folder of a suite instead: node scripts/schema-suite.mjs <folder>`);
    return undefined;
  }
}
