// Runs the real Claude Code, Codex CLI and Gemini CLI, without a network, against a model that is scripted: it thinks
// nothing and costs nothing. Shows what their hooks do, and that the extensions of this host hold in each of them.
//
//   npm run test:agents
//   npm run test:agents -- --agents DIR            agents that are installed in DIR/node_modules
//   npm run test:agents -- --only traps,times      some of the files of test/agents
//
// Installs the agents into artifacts/agents (about 760 MB) and leaves out, with the reason, what cannot be had here.
// Prints tables, and ends with 1 when something does not hold.
import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

/** The versions whose hooks were looked at. They change monthly: a newer one is to be looked at before it is named here. */
const PINNED = {
  "claude-code": { package: "@anthropic-ai/claude-code", version: "2.1.197", command: "claude" },
  codex: { package: "@openai/codex", version: "0.171.0", command: "codex" },
  gemini: { package: "@google/gemini-cli", version: "0.61.0", command: "gemini" },
};
/** A download of 250 MB on a slow line. */
const INSTALL_MS = 15 * 60_000;
const START_MS = 60_000;

const root = fileURLToPath(new URL("..", import.meta.url));
const tests = join(root, "test", "agents");
const all = readdirSync(tests).flatMap((name) => (name.endsWith(".test.ts") ? [name.slice(0, -8)] : []));
const { values } = parseArgs({
  options: { agents: { type: "string" }, only: { type: "string", default: all.join(",") } },
});
const folder = values.agents ?? process.env["SYNAPS_AGENTS"] ?? join(root, "artifacts", "agents");
const chosen = values.only.split(",");
const unknown = chosen.filter((name) => !all.includes(name));
if (unknown.length > 0) {
  console.error(`--only: no ${unknown.join(", ")}; there are ${all.join(", ")}`);
  process.exit(2);
}

console.log("The model of these runs is scripted: it answers by a list, and no agent reaches a network.\n");
/** @type {Record<string, string>} */
const leftOut = {};
for (const [name, pinned] of Object.entries(PINNED)) {
  const reason = unusable(pinned);
  if (reason === undefined) console.log(`${name}: ${pinned.package} ${installed(pinned)} in ${folder}`);
  else console.log(`${name}: LEFT OUT, ${(leftOut[name] = reason)}`);
}
if (Object.keys(leftOut).length === Object.keys(PINNED).length) {
  console.log("\nNothing was tested: none of the agents can be had here.");
  process.exit(0);
}

const scratch = mkdtempSync(join(tmpdir(), "synaps-agents-"));
try {
  const rows = join(scratch, "rows.jsonl");
  writeFileSync(rows, "");
  const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
  const files = chosen.map((name) => `test/agents/${name}.test.ts`);
  const run = spawnSync(
    process.execPath,
    [vitest, "run", "--config", join(tests, "vitest.config.ts"), "--root", root, ...files],
    {
      cwd: root,
      stdio: "inherit",
      env: {
        ...process.env,
        SYNAPS_AGENTS: folder,
        SYNAPS_AGENTS_LEFT_OUT: JSON.stringify(leftOut),
        SYNAPS_AGENTS_ROWS: rows,
      },
    },
  );
  print(readFileSync(rows, "utf8"));
  for (const [name, reason] of Object.entries(leftOut)) console.log(`\n${name} was left out: ${reason}`);
  process.exitCode = run.status === 0 ? 0 : 1;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

/** Reason why an agent cannot be tested here. Installs it if it is not there. */
function unusable(pinned) {
  if (process.platform === "win32") return "the tests write hooks in sh";
  if (installed(pinned) !== pinned.version) {
    if (values.agents !== undefined)
      return `${values.agents} has ${installed(pinned) ?? "none"}, and ${pinned.version} is what was looked at`;
    const failure = install(pinned);
    if (failure !== undefined) return failure;
  }
  const { error, status, stderr } = spawnSync(
    join(folder, "node_modules", ".bin", pinned.command),
    ["--version"],
    { encoding: "utf8", timeout: START_MS, env: { PATH: process.env["PATH"], HOME: tmpdir() } },
  );
  if (error) return `it does not start: ${error.message}`;
  return status === 0 ? undefined : `it does not start: ${lastLine(stderr)}`;
}

function install(pinned) {
  mkdirSync(folder, { recursive: true });
  const manifest = join(folder, "package.json");
  if (!existsSync(manifest)) writeFileSync(manifest, '{ "private": true }\n');
  console.log(`Installing ${pinned.package} ${pinned.version} into ${folder}`);
  const words = ["install", "--save-exact", "--no-audit", "--no-fund", `${pinned.package}@${pinned.version}`];
  const { error, status, stderr } = spawnSync("npm", words, {
    cwd: folder,
    encoding: "utf8",
    timeout: INSTALL_MS,
  });
  if (error) return `npm could not install it: ${error.message}`;
  return status === 0 ? undefined : `npm could not install it: ${lastLine(stderr)}`;
}

/** Version of an agent that lies in the folder. */
function installed(pinned) {
  const manifest = join(folder, "node_modules", pinned.package, "package.json");
  return existsSync(manifest) ? JSON.parse(readFileSync(manifest, "utf8")).version : undefined;
}

function lastLine(text) {
  const lines = text.trim().split("\n");
  return lines.find((line) => /error/i.test(line)) ?? lines.at(-1);
}

/** Prints tables: cells with the same key stand in one row, and each member that a row has is a column. */
function print(text) {
  /** @type {Map<string, Map<string, Record<string, unknown>>>} */
  const tables = new Map();
  for (const line of text.split("\n").filter((one) => one !== "")) {
    const { table, key, cells } = JSON.parse(line);
    const rows = tables.get(table) ?? new Map();
    const id = JSON.stringify(key);
    tables.set(table, rows.set(id, { ...key, ...rows.get(id), ...cells }));
  }
  for (const [name, found] of tables) {
    const rows = [...found.values()];
    const columns = [...new Set(rows.flatMap((cells) => Object.keys(cells)))];
    console.log(`\n## ${name}\n\n| ${columns.join(" | ")} |\n|${columns.map(() => " --- |").join("")}`);
    for (const cells of rows)
      console.log(`| ${columns.map((one) => String(cells[one] ?? "").replaceAll("|", "\\|")).join(" | ")} |`);
  }
}
