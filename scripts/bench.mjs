// Runs the benchmark of test/bench. Installs what it compares against first, into a folder of its own and with the
// versions of test/bench/peers/package.json: nothing else needs it.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const peers = join(root, "test", "bench", "peers");
const args = process.argv.slice(2);
const alone = ["--guard", "--calibrate", "--no-peers", "--docs-only", "--soak", "--profile"];

if (!args.some((arg) => alone.includes(arg))) installPeers();
const run = spawnSync(process.execPath, [join(root, "test", "bench", "run.mjs"), ...args], {
  cwd: root,
  stdio: "inherit",
});
process.exit(run.status ?? 1);

function installPeers() {
  const want = createHash("sha256")
    .update(readFileSync(join(peers, "package.json")))
    .digest("hex");
  const stamp = join(peers, "node_modules", ".installed");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === want) return;
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  const install = ["install", "--no-audit", "--no-fund", "--ignore-scripts", "--no-package-lock"];
  const done = spawnSync(npm, install, { cwd: peers, stdio: ["ignore", 2, 2] });
  if (done.status === 0) writeFileSync(stamp, want);
  else process.stderr.write("bench: the peers could not be installed; their figures will be missing\n");
}
