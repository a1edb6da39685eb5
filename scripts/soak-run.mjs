// Feeds 100,000 events through `synaps-ext run` with shell-guard and audit-log, and prints what it took: order,
// audit records, and the memory of the host and of each child at 20 % and at the end.
import { spawn, execFileSync } from "node:child_process";
import { createReadStream, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const EVENTS = Number(process.argv[2] ?? 100_000);
const MARKS = new Map([
  [Math.floor(EVENTS * 0.2), "20 %"],
  [Math.floor(EVENTS * 0.6), "60 %"],
  [EVENTS, "end"],
]);
const COMMANDS = [
  "ls -la",
  "git status",
  "npm test",
  "cat README.md | head -20",
  "rm -rf /",
  "echo hello > out.txt",
];

const scratch = mkdtempSync(join(tmpdir(), "synaps-soak-"));
const audit = join(scratch, "audit.jsonl");
const args = ["run", "--quiet", "--base-dir", scratch];
for (const name of ["shell-guard", "audit-log"])
  args.push("--extensions-dir", join(root, "extensions", name));
const host = spawn(process.execPath, [join(root, "packages", "cli", "bin", "synaps-ext.js"), ...args], {
  stdio: ["pipe", "pipe", "inherit"],
  env: { ...process.env, SYNAPS_EXTENSION_AUDIT_LOG_PATH: audit, SYNAPS_EXTENSION_AUDIT_LOG_MAX_FILES: "0" },
});

const memory = new Map();
let expected = 1;
let blocked = 0;
const started = performance.now();
const feeding = feed();
for await (const line of createInterface({ input: host.stdout })) {
  const { seq, outcome, votes } = JSON.parse(line);
  if (seq !== expected) throw new Error(`answer ${seq} came where ${expected} was due`);
  if (votes.length !== 2 || votes.some((vote) => vote.verdict === undefined))
    throw new Error(`votes of ${seq}: ${line}`);
  if (outcome.action === "block") blocked += 1;
  const mark = MARKS.get(seq);
  if (mark) memory.set(mark, residentByProcess(host.pid));
  expected += 1;
  if (expected > EVENTS) host.stdin.end();
}
await feeding;
const code = await new Promise((resolve) =>
  host.exitCode === null ? host.once("exit", resolve) : resolve(host.exitCode),
);

const records = await countRecords();
const report = {
  events: EVENTS,
  answered_in_order: expected - 1,
  blocked,
  audit_records: records,
  exit_code: code,
  events_per_second: Math.round(EVENTS / ((performance.now() - started) / 1000)),
  resident_mb: Object.fromEntries(memory),
};
process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
rmSync(scratch, { recursive: true, force: true });

const before = memory.get("20 %") ?? {};
const after = memory.get("end") ?? {};
const grown = Object.keys(before).filter((name) => after[name] - before[name] > 10);
if (records !== EVENTS || expected - 1 !== EVENTS || grown.length > 0) {
  process.stderr.write(`soak-run: fell short (grown by more than 10 MB: ${grown.join(", ") || "none"})\n`);
  process.exit(1);
}

async function feed() {
  for (let n = 1; n <= EVENTS; n += 1) {
    const event = {
      kind: "before_tool_call",
      tool_name: "bash",
      tool_input: { command: COMMANDS[n % COMMANDS.length] },
      session_id: `s-${n % 7}`,
    };
    if (!host.stdin.write(`${JSON.stringify(event)}\n`))
      await new Promise((resolve) => host.stdin.once("drain", resolve));
  }
  // The input stays open until the last answer, so that the processes are still there to be measured.
}

/** Resident memory in MB of the host and its children, by what they run. */
function residentByProcess(pid) {
  const children = execFileSync("pgrep", ["-P", String(pid)], { encoding: "utf8" })
    .split("\n")
    .filter(Boolean);
  const named = [[pid, "host"], ...children.map((child) => [child, nameOf(child)])];
  return Object.fromEntries(named.map(([one, name]) => [name, resident(one)]));
}

function nameOf(pid) {
  return /extensions\/([^/]+)\//.exec(readFileSync(`/proc/${pid}/cmdline`, "utf8"))?.[1] ?? `pid ${pid}`;
}

function resident(pid) {
  const kb = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return Math.round(Number(kb) / 102.4) / 10;
}

async function countRecords() {
  let count = 0;
  for (const file of readdirSync(scratch).filter((name) => /^audit\..*\.jsonl$/.test(name))) {
    for await (const line of createInterface({ input: createReadStream(join(scratch, file)) })) {
      if (JSON.parse(line).event === "before_tool_call") count += 1;
    }
  }
  return count;
}
