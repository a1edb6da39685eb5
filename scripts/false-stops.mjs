// Judges the commands of what is installed for development with the rules of shell-guard, and prints each that is stopped.
// usage: node scripts/false-stops.mjs [folder]...    (default: node_modules here and of npm, /usr/share, /usr/lib, /usr/local, /opt)
// It stores nothing. Each script is judged as if its package were the project: those of package.json in its root, others in a
// folder below. A command is a program with its words, so one script holds many.
import { build } from "esbuild";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { commandsIn, PROJECT } from "./false-stops/collect.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const LEAST = 5_000;

const npmRoot = spawnSync("npm", ["root", "-g"], { encoding: "utf8" }).stdout?.trim() ?? "";
const given = process.argv.slice(2).filter((word) => !word.startsWith("--"));
const folders =
  given.length > 0
    ? given
    : [
        join(root, "node_modules"),
        npmRoot,
        "/usr/share",
        "/usr/lib",
        "/usr/bin",
        "/usr/local",
        "/opt",
      ].filter((folder) => folder !== "" && existsSync(folder));

const { decide, readSettings, walkCommand } = await loadRules();
// Packages run their scripts in their own folder, so one project stands for all of them.
const place = readSettings({ project_root: PROJECT }, "/home/me");

const known = new Set();
const counts = new Map();
const shown = new Set();
const stopped = [];
for (const { command, file, source } of commandsIn(folders)) {
  const count = counts.get(source) ?? { commands: 0, stopped: 0 };
  counts.set(source, count);
  const folder = source === "package.json" ? PROJECT : `${PROJECT}/part`;
  const fresh = walkCommand(command, folder).invocations.filter(({ text }) => !known.has(text));
  for (const { text } of fresh) known.add(text);
  count.commands += new Set(fresh.map(({ text }) => text)).size;
  for (const { severity, rule, text, why } of decide(command, place, folder).findings.slice(0, 1)) {
    if (shown.has(text)) continue;
    shown.add(text);
    count.stopped += 1;
    stopped.push({ severity, rule, text, why, file });
  }
}

for (const { severity, rule, text, why, file } of stopped)
  console.log(`${severity} ${rule}: ${text.replace(/\s+/g, " ").slice(0, 160)}\n    ${why}\n    ${file}`);
console.log("");
for (const [source, { commands, stopped: some }] of counts)
  console.log(`${source}: ${commands} commands, ${some} stopped`);
console.log(`together: ${known.size} distinct commands, ${stopped.length} stopped`);
if (known.size < LEAST) console.log(`fewer than ${LEAST}: name more folders`);
process.exitCode = known.size >= LEAST ? 0 : 1;

/** The rules as they are bundled, without a file of their own. */
async function loadRules() {
  const contents = ["decide", "settings", "walk"].map((name) => `export * from "./${name}.js";`).join("\n");
  const result = await build({
    stdin: { contents, resolveDir: join(root, "extensions", "shell-guard", "src") },
    bundle: true,
    write: false,
    platform: "node",
    format: "esm",
    logLevel: "warning",
    tsconfig: join(root, "extensions", "tsconfig.json"),
  });
  const code = result.outputFiles[0]?.text ?? "";
  return import(`data:text/javascript;base64,${Buffer.from(code).toString("base64")}`);
}
