// Changes single lines of the rooms that carry a delivery, in a copy of the workspace, and runs CI's tests on each change.
//     node scripts/mutate-lines.mjs [--count 60] [--minutes N] [--seed TEXT] [--draw] [--skip-baseline]
// The seed is HEAD's hash, so nobody chooses the lines. A change that does not compile, or that leaves the JavaScript
// as it was, is no change: the next one is drawn. Results stand in reports/, so that a run goes on where it stopped.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { transform } from "esbuild";

const SOURCE = join("packages", "host", "src");
/** The rooms, and the tests that are asked first: most changes end there. */
const ROOMS = {
  delivery: ["test/host/delivery", "test/host/dispatch"],
  dispatch: ["test/host/dispatch"],
  transport: ["test/host/transport"],
  supervision: ["test/host/supervision", "test/host/transport/process"],
  [join("loading", "permission")]: ["test/host/loading/permission"],
};
/** For the first tests, and for all of them. A change that makes tests hang fails in CI too. */
const NEAR_MS = 5 * 60_000;
const WHOLE_MS = 15 * 60_000;
const BUILD_MS = 120_000;

/** Each finds what it can change in a line and returns the lines that may stand there instead. */
const OPERATORS = {
  "equality turned round": swap([" === ", " !== "]),
  "bound moved by one": swap([" < ", " <= "], [" > ", " >= "]),
  "comparison turned round": swap([" < ", " >= "], [" > ", " <= "]),
  "and for or": swap([" && ", " || "]),
  "plus for minus": swap([" + ", " - "], [" += ", " -= "]),
  "times for divided by": swap([" * ", " / "]),
  "true for false": swap([/\btrue\b/g, "false"], [/\bfalse\b/g, "true"]),
  "least for most": swap(["Math.min(", "Math.max("]),
  "number changed": (line) =>
    replaced(line, /(?<![\w."'`$-])(\d[\d_]*)(?![\w."'`])/g, (text) => {
      const value = Number(text.replaceAll("_", ""));
      return String(value === 1 ? 0 : value + 1);
    }),
  "condition negated": (line) =>
    replaced(line, /\bif \((.+)\)(?= |$)/g, (_, condition) => `if (!(${condition}))`),
  "negation removed": (line) => replaced(line, /(?<=[( ])!(?=[\w(#])/g, () => ""),
  "branches swapped": (line) =>
    replaced(line, / \? ([^?:]+) : ([^?:;]+)(?=;|,$)/g, (_, yes, no) => ` ? ${no} : ${yes}`),
  "statement removed": (line) =>
    /^\s+(?:if \(.+\) )?(?:void |await )?(?:this\.)?#?[\w.#?]+(?:\(.*\)| (?:=|\+=|-=|\?\?=) .+|\+\+);$/.test(
      line,
    ) || /^\s+(?:if \(.+\) )?(?:return|continue|break)(?: [^{]*)?;$/.test(line)
      ? [""]
      : [],
};

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const { values } = parseArgs({
  options: {
    count: { type: "string", default: "60" },
    minutes: { type: "string" },
    seed: { type: "string" },
    draw: { type: "boolean", default: false },
    "skip-baseline": { type: "boolean", default: false },
  },
});
const count = Number(values.count);
const seed =
  values.seed ?? spawnSync("git", ["rev-parse", "HEAD"], { cwd: root, encoding: "utf8" }).stdout.trim();
const endsAt = values.minutes === undefined ? Infinity : Date.now() + Number(values.minutes) * 60_000;
const stateFile = join(root, "reports", `mutate-lines-${seed.slice(0, 12)}.json`);
process.exitCode = values.draw ? await draw() : await run();

function swap(...pairs) {
  const rules = pairs.flatMap(([from, to]) =>
    from instanceof RegExp ? [[from, to]] : [both(from, to), both(to, from)],
  );
  return (line) => rules.flatMap(([from, to]) => replaced(line, from, () => to));
}

function both(from, to) {
  return [new RegExp(from.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&"), "g"), to];
}

/** The line with one place changed, for each place. */
function replaced(line, pattern, change) {
  return [...line.matchAll(pattern)].map((match) => {
    const text = change(...match);
    return line.slice(0, match.index) + text + line.slice(match.index + match[0].length);
  });
}

/** Every change that could be drawn, in the order of the seed. One line is changed once. */
function candidates() {
  const all = Object.keys(ROOMS)
    .flatMap((room) => filesIn(join(SOURCE, room)))
    .flatMap((file) =>
      readFileSync(join(root, file), "utf8")
        .split("\n")
        .flatMap((line, index) =>
          changesOf(line).map(([what, after]) => ({ file, line: index + 1, what, before: line, after })),
        ),
    );
  const rank = (one) =>
    createHash("sha256").update(`${seed} ${one.file} ${one.line} ${one.what} ${one.after}`).digest("hex");
  const seen = new Set();
  return all
    .map((one) => ({ ...one, rank: rank(one) }))
    .sort((a, b) => (a.rank < b.rank ? -1 : 1))
    .filter(({ file, line }) => !seen.has(`${file}:${line}`) && seen.add(`${file}:${line}`));
}

function filesIn(folder) {
  const names = readdirSync(join(root, folder), { recursive: true, encoding: "utf8" });
  return names
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join(folder, name))
    .sort();
}

function changesOf(line) {
  if (/^\s*(\/\/|\/?\*|import |export \* |export type |type |interface )/.test(line)) return [];
  return Object.entries(OPERATORS).flatMap(([what, change]) => change(line).map((after) => [what, after]));
}

function changed(one) {
  const lines = readFileSync(join(root, one.file), "utf8").split("\n");
  lines[one.line - 1] = one.after;
  return lines.join("\n");
}

/** Whether it is another program: types, comments and texts that do not parse are none. */
async function changesCode(one) {
  const compile = async (text) => (await transform(text, { loader: "ts", target: "es2022" })).code;
  try {
    return (await compile(changed(one))) !== (await compile(readFileSync(join(root, one.file), "utf8")));
  } catch {
    return false; // It does not parse.
  }
}

async function draw() {
  let left = count;
  for (const one of candidates()) {
    if (left === 0) break;
    if (!(await changesCode(one))) continue;
    left -= 1;
    console.log(told(one));
  }
  return 0;
}

async function run() {
  const state = existsSync(stateFile)
    ? JSON.parse(readFileSync(stateFile, "utf8"))
    : { seed, baseline: false, results: [] };
  const done = new Map(state.results.map((one) => [one.rank, one]));
  const scratch = mkdtempSync(join(realpathSync(tmpdir()), "synaps-lines-"));
  try {
    const copy = join(scratch, "copy");
    const filter = (path) => path === root || ![".git", "reports"].includes(basename(path));
    cpSync(root, copy, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true, filter });
    if (!values["skip-baseline"] && !state.baseline) {
      console.error("runs all tests without a change");
      const { failed, output } = await tests(copy, ["run"], WHOLE_MS);
      if (failed) throw new Error(`The tests fail without any change:\n${output.slice(-4_000)}`);
      state.baseline = true;
      save(state);
    }
    for (const one of candidates()) {
      if (counted(state).length >= count || Date.now() > endsAt) break;
      if (done.has(one.rank) || !(await changesCode(one))) continue;
      const result = await mutate(copy, one);
      state.results.push({ ...one, ...result });
      save(state);
      if (result.outcome !== "does not compile") console.error(`${result.outcome}: ${told(one)}`);
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  return report(state);
}

function save(state) {
  mkdirSync(dirname(stateFile), { recursive: true });
  writeFileSync(stateFile, `${JSON.stringify(state, null, 2)}\n`);
}

/** What CI's tests say to a change. A failure counts when it comes twice. */
async function mutate(copy, one) {
  const path = join(copy, one.file);
  const before = readFileSync(path, "utf8");
  writeFileSync(path, changed(one));
  try {
    const build = await node(copy, [join("node_modules", "typescript", "bin", "tsc"), "-b"], BUILD_MS);
    if (build.code !== 0) return { outcome: "does not compile" };
    const flaky = [];
    for (const [args, limit] of [
      [["run", ...near(one)], NEAR_MS],
      [["run"], WHOLE_MS],
    ]) {
      // A test that fails by chance ends a run before the others had their turn: the run is repeated once then.
      for (let round = 0; round < 2; round += 1) {
        const first = await tests(copy, args, limit);
        if (first.late) return { outcome: "caught", by: "the tests hang" };
        if (!first.failed) break;
        const second = await tests(copy, ["run", ...first.files], limit);
        if (second.late || second.failed) return { outcome: "caught", by: first.files.join(", ") };
        console.error(`failed once only: ${first.files.join(", ")}`);
        flaky.push(...first.files);
      }
    }
    return { outcome: "survived", flaky };
  } finally {
    writeFileSync(path, before);
    await node(copy, [join("node_modules", "typescript", "bin", "tsc"), "-b"], BUILD_MS);
  }
}

function near({ file }) {
  return ROOMS[Object.keys(ROOMS).find((name) => file.startsWith(join(SOURCE, name)))];
}

async function tests(copy, args, limit) {
  const outcome = join(copy, "node_modules", ".lines.json");
  rmSync(outcome, { force: true });
  const vitest = join("node_modules", "vitest", "vitest.mjs");
  const how = ["--bail=1", "--reporter=json", `--outputFile=${outcome}`];
  const { code, late, output } = await node(copy, [vitest, ...args, ...how], limit);
  const results = existsSync(outcome) ? JSON.parse(readFileSync(outcome, "utf8")).testResults : [];
  const files = results
    .filter(({ status }) => status === "failed")
    .map(({ name }) => name.slice(copy.length + 1));
  return { failed: code !== 0, late, files, output };
}

/** In a group of its own: what it started ends with it when the time is over. */
function node(cwd, args, limitMs) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd, detached: true, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      if (child.pid) process.kill(-child.pid, "SIGKILL");
    }, limitMs);
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
    child.once("error", reject);
    child.once("exit", (code) => {
      clearTimeout(timer);
      resolve({ code, late, output });
    });
  });
}

function counted({ results }) {
  return results.filter(({ outcome }) => outcome !== "does not compile");
}

function told({ file, line, what, before, after }) {
  const short = file.slice(SOURCE.length + 1);
  return `${short}:${line} ${what}\n    - ${before.trim()}\n    + ${after.trim() || "(nothing)"}`;
}

function report(state) {
  const all = counted(state);
  const survived = all.filter(({ outcome }) => outcome === "survived");
  const hung = all.filter(({ by }) => by === "the tests hang");
  console.log(`seed ${state.seed}`);
  for (const one of survived) console.log(`survived: ${told(one)}`);
  console.log(
    `${all.length - survived.length} of ${all.length} changes were caught, ${hung.length} of them by tests that hang.`,
  );
  return all.length > 0 && survived.length <= all.length / 10 ? 0 : 1;
}
