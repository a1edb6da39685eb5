// Times of shell-guard: each command of its corpora, and the worst inputs of the allowed length and beyond it.
import { build } from "esbuild";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const guard = join(root, "extensions/shell-guard");
const ROUNDS = 5;

/** @typedef {(command: string) => void} Judge */

/**
 * The rules of a folder with an extension's sources, as a function.
 * @param {string} folder
 * @returns {Promise<Judge>}
 */
async function judgeOf(folder) {
  const out = mkdtempSync(join(tmpdir(), "guard-times-"));
  const outfile = join(out, "rules.mjs");
  const contents = `export { decide } from "./src/decide.ts"; export { readSettings } from "./src/settings.ts";`;
  const paths = join(root, "packages/guards/src/paths/index.ts");
  try {
    await build({
      stdin: { contents, resolveDir: folder, loader: "ts" },
      bundle: true,
      platform: "node",
      format: "esm",
      outfile,
      logLevel: "error",
      alias: { "@synaps/guards/paths": paths },
      nodePaths: [join(root, "node_modules")],
    });
    const { decide, readSettings } = await import(pathToFileURL(outfile).href);
    const place = readSettings({ project_root: "/home/me/app" }, "/home/me");
    return (command) => decide(command, place);
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

/** @param {string} name */
const lines = (name) =>
  readFileSync(join(guard, "corpus", name), "utf8")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("# "))
    .map((line) => line.replaceAll("␤", "\n"));

const kinds = () => readdirSync(join(guard, "corpus/kinds")).flatMap((name) => lines(`kinds/${name}`));

/** @type {[string, string][]} */
const WORST = [
  ["1 MB of words", "echo a ".repeat(150_000)],
  ["20,000 words", `echo ${"a ".repeat(20_000)}`],
  ["10,000 quotes in each other", `${"'\"".repeat(10_000)}`],
  ["10,000 parentheses", `${"(".repeat(10_000)}ls${")".repeat(10_000)}`],
  ["10,000 substitutions", `echo ${"$(".repeat(10_000)}ls${")".repeat(10_000)}`],
  ["10,000 braces", `echo ${"{a,".repeat(10_000)}b${"}".repeat(10_000)}`],
  ["10,000 pipes", `ls${" | cat".repeat(7_000)}`],
  ["10,000 heredoc lines", `cat <<EOF\n${"a b\n".repeat(10_000)}EOF`],
  ["3,000 commands", "rm -rf x; ".repeat(4_000)],
  ["100 shells in each other", `${"bash -c ".repeat(2_000)}ls`],
  ["xargs of 20,000 words", `echo ${"a ".repeat(20_000)} | xargs rm`],
  ["code of 40,000 characters", `python3 -c '${"system(f(open(".repeat(3_000)}'`],
  ["find with 5,000 groups", `find . ${"\\( -name a -o ".repeat(3_000)} -delete`],
];

/**
 * @param {Judge} judge
 * @param {string[]} commands
 */
function times(judge, commands) {
  for (const command of commands) judge(command);
  const taken = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const command of commands) {
      const from = performance.now();
      judge(command);
      taken.push(performance.now() - from);
    }
  }
  return taken;
}

/** @param {string | undefined} beside */
export async function rows(beside) {
  const now = await judgeOf(guard);
  const before = beside === undefined ? undefined : await judgeOf(beside);
  /** @type {[string, string[]][]} */
  const sets = [
    ["ordinary.txt", lines("ordinary.txt")],
    ["dangerous.txt", lines("dangerous.txt").map((line) => line.split(" ").slice(2).join(" "))],
    ["kinds/*.txt", kinds().map((line) => line.replace(/^(?:\? )?\S+ /, ""))],
    ...WORST.map(([what, command]) => /** @type {[string, string[]]} */ ([what, [command]])),
  ];
  return sets.map(([what, commands]) => ({
    what,
    unit: "ms per command",
    now: times(now, commands),
    ...(before === undefined ? {} : { before: times(before, commands) }),
  }));
}
