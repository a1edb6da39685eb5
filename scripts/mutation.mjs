// Mutation testing with Stryker, room by room. No mutator and no line is left out.
//     npm run mutation                     all rooms of test/mutation/rooms.json
//     npm run mutation -- delivery         one room; further arguments behind -- go to Stryker
// Stryker is large, so it is fetched when asked for and stands beside the workspace's packages, where it finds the
// workspace's own vitest. Reports and lists of survivors are written to reports/mutation.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

// Last line that runs on Node 20.
const STRYKER = "9.6.1";
const LEAST_SCORE = 0.9;
/** A mutant that only a time limit ends may have been ended by a slow machine. */
const MOST_TIMEOUTS = 1 / 20;

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const home = join(root, "node_modules", ".mutation");
const bin = join(home, "node_modules", "@stryker-mutator", "core", "bin", "stryker.js");
const reports = join(root, "reports", "mutation");
const rooms = JSON.parse(readFileSync(join(root, "test", "mutation", "rooms.json"), "utf8"));
const config = JSON.parse(readFileSync(join(root, "test", "mutation", "stryker.config.json"), "utf8"));

const given = process.argv.slice(2);
const chosen = given.filter((arg) => arg in rooms);
const extra = given.filter((arg) => !(arg in rooms));
if (extra.some((arg) => !arg.startsWith("-") && chosen.length === 0))
  fail(`known rooms: ${Object.keys(rooms).join(", ")}`);
refuseExceptions();
install();
mkdirSync(reports, { recursive: true });
const rows = (chosen.length > 0 ? chosen : Object.keys(rooms)).map(mutate);
process.stdout.write(
  `\n| room | mutants | killed | by a test's time limit | timeouts | survived | not covered | score | minutes |\n`,
);
process.stdout.write(`| --- | --: | --: | --: | --: | --: | --: | --: | --: |\n`);
for (const { cells } of rows) process.stdout.write(`| ${cells.join(" | ")} |\n`);
process.exitCode = rows.every(({ held }) => held) ? 0 : 1;

function mutate(room) {
  const jsonReporter = { fileName: join(reports, `${room}.json`) };
  const file = join(reports, `${room}.config.json`);
  writeFileSync(file, JSON.stringify({ ...config, mutate: rooms[room].mutate, jsonReporter }));
  const from = performance.now();
  run(process.execPath, [bin, "run", file, ...extra], root, { ...process.env, SYNAPS_MUTATION_ROOM: room });
  const minutes = ((performance.now() - from) / 60_000).toFixed(1);
  const { files } = JSON.parse(readFileSync(jsonReporter.fileName, "utf8"));
  const mutants = Object.entries(files).flatMap(([name, { mutants: all, source }]) =>
    all.map((mutant) => ({
      ...mutant,
      name,
      source: source.split("\n")[mutant.location.start.line - 1].trim(),
    })),
  );
  const of = (status) => mutants.filter((mutant) => mutant.status === status);
  const [killed, timeouts, survived, uncovered] = ["Killed", "Timeout", "Survived", "NoCoverage"].map(of);
  // A test that waits for ever is failed by its own limit: a few times longer than the slowest test takes.
  const hung = killed.filter(({ statusReason = "" }) => /timed out in \d+ms/.test(statusReason));
  const detected = killed.length + timeouts.length;
  const valid = detected + survived.length + uncovered.length;
  const list = [...survived, ...uncovered].map(
    ({ name, location, status, mutatorName, replacement, source }) =>
      `${name}:${location.start.line}:${location.start.column} ${status} ${mutatorName}\n    ${source}\n    -> ${replacement ?? ""}\n`,
  );
  writeFileSync(join(reports, `${room}-survivors.txt`), list.join(""));
  const score = detected / valid;
  const counts = [valid, killed.length, hung.length, timeouts.length, survived.length, uncovered.length];
  const held = score >= LEAST_SCORE && timeouts.length <= detected * MOST_TIMEOUTS;
  return { held, cells: [room, ...counts, `${(score * 100).toFixed(1)} %`, minutes] };
}

/** A comment in the source could take lines out of the count. */
function refuseExceptions() {
  const sources = join(root, "packages", "host", "src");
  const names = readdirSync(sources, { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".ts"),
  );
  const marked = names.filter((name) =>
    /Stryker (disable|restore)/.test(readFileSync(join(sources, name), "utf8")),
  );
  if (marked.length > 0) fail(`lines are taken out in ${marked.join(", ")}`);
}

function install() {
  if (existsSync(bin)) return;
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, "package.json"), '{ "private": true }\n');
  const packages = ["core", "vitest-runner"].map((name) => `@stryker-mutator/${name}@${STRYKER}`);
  // Stryker reads tsconfig files through the compiler's JavaScript API, which TypeScript 7 no longer has.
  packages.push("typescript@6.0.3");
  run("npm", ["install", "--no-audit", "--no-fund", "--legacy-peer-deps", ...packages], home);
}

function run(command, args, cwd, env = process.env) {
  const { status } = spawnSync(command, args, {
    cwd,
    env,
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  if (status !== 0) process.exit(status ?? 1);
}

function fail(message) {
  process.stderr.write(`mutation: ${message}\n`);
  process.exit(2);
}
