// Shows that the resident service keeps projects and sessions apart under load, loses nothing, and does not grow:
//
//   npm run service:load
//   node scripts/service-load.mjs --events 2000 --json
//
// Three agents work in three projects at the same time, with eight events in flight each. The payloads are made here, in the form
// in which the agents send them; no agent runs. Each project has a guard of its own that names itself in its refusals, and
// the user has shell-guard. The service runs in a process of its own.
import { execFile, execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";

const { values } = parseArgs({
  options: {
    events: { type: "string", default: "10000" },
    json: { type: "boolean", default: false },
  },
});
const IN_FLIGHT = 8;
const events = Number(values.events);
const root = mkdtempSync(join(tmpdir(), "synaps-service-load-"));
const base = join(root, "base");
const cli = fileURLToPath(new URL("../packages/cli/bin/synaps-ext.js", import.meta.url));
const sdk = new URL("../packages/sdk/dist/index.js", import.meta.url).href;
const env = { ...process.env, SYNAPS_BASE_DIR: base };
/** @type {string[]} */
const faults = [];
let sent = 0;

/** The form in which each agent asks before a shell command, and says that it is refused. */
const AGENTS = {
  "claude-code": { event: "PreToolUse", tool: "Bash", numbered: true },
  codex: { event: "PreToolUse", tool: "Bash", numbered: true },
  gemini: { event: "BeforeTool", tool: "run_shell_command", numbered: false },
};
const projects = ["red", "green", "blue"].map((name) => join(root, name));

let end;
try {
  end = await measure();
  checkAudit();
} finally {
  rmSync(root, { recursive: true, force: true });
}
if (values.json) console.log(JSON.stringify({ ...end, faults }));
else print(end);
process.exitCode = faults.length === 0 ? 0 : 1;

async function measure() {
  mkdirSync(base);
  execFileSync(process.execPath, [cli, "install", "shell-guard", "--yes"], { env, stdio: "ignore" });
  for (const folder of projects) await addGuard(folder);
  const { stdout } = await promisify(execFile)(process.execPath, [cli, "serve", "--detach", "--json"], {
    env,
  });
  const { pid, socket } = /** @type {{ pid: number, socket: string }} */ (JSON.parse(stdout));
  const agent = new Agent({ keepAlive: true });
  try {
    return await load({ pid, socket, agent });
  } finally {
    agent.destroy();
    process.kill(pid, "SIGTERM");
    // The folder is removed once nothing writes there any more.
    await ended(pid);
  }
}

/** Each decision stands in the audit once, with the name of its agent; the hosts of all projects write there. */
function checkAudit() {
  const folder = join(base, "extensions", "audit");
  const lines = readdirSync(folder)
    .filter((name) => name.endsWith(".jsonl"))
    .flatMap((name) => readFileSync(join(folder, name), "utf8").trimEnd().split("\n"))
    .map((line) => JSON.parse(line))
    .filter(({ event }) => event === "before_tool_call");
  check(lines.length === sent, `${lines.length} decisions stand in the audit, ${sent} events were sent`);
  const agents = new Set(lines.map(({ metadata }) => metadata.labels?.agent));
  check(
    Object.keys(AGENTS).every((name) => agents.has(name)),
    `the audit knows these agents: ${[...agents].join()}`,
  );
}

/** @param {{ pid: number, socket: string, agent: Agent }} service */
async function load(service) {
  /** @type {number[]} */
  const times = [];
  /** @type {number[]} */
  const memory = [];
  let begun = 0;
  let answered = 0;
  const look = Math.max(1, Math.floor(events / 10));
  const worker = async (/** @type {keyof typeof AGENTS} */ name, /** @type {string} */ project) => {
    while (begun < events) {
      const number = (begun += 1);
      const startMs = performance.now();
      const text = await ask(service, name, project, number);
      times.push(performance.now() - startMs);
      answered += 1;
      judge(text, name, project, number);
      if (answered % look === 0) memory.push(residentMib(service.pid));
    }
  };
  const pairs = Object.keys(AGENTS).flatMap((name) => projects.map((project) => [name, project]));
  const startMs = performance.now();
  await Promise.all(
    pairs.flatMap(([name, project]) =>
      Array.from({ length: IN_FLIGHT }, () =>
        worker(/** @type {keyof typeof AGENTS} */ (name), project ?? ""),
      ),
    ),
  );
  const seconds = (performance.now() - startMs) / 1_000;
  const alone = await oneAfterTheOther(service);
  const status = /** @type {any} */ (JSON.parse(await post(service, "/v1/status", {})));
  const counted = Object.values(status.agents).reduce((sum, { events: one }) => sum + one, 0);
  check(answered === events, `${answered} of ${events} events were answered`);
  check(
    counted === events + alone.length,
    `the service counts ${counted} events, ${events + alone.length} were sent`,
  );
  check(
    status.projects.length === projects.length,
    `${status.projects.length} hosts run for ${projects.length} projects`,
  );
  return {
    events,
    seconds,
    perSecond: events / seconds,
    underLoadMs: quantiles(times),
    aloneMs: quantiles(alone),
    memoryMib: memory,
  };
}

/** Times of single events, with nothing else under way. @param {{ pid: number, socket: string, agent: Agent }} service */
async function oneAfterTheOther(service) {
  /** @type {number[]} */
  const times = [];
  for (let n = 0; n < Math.min(1_000, events); n += 1) {
    const startMs = performance.now();
    await ask(service, "claude-code", projects[0] ?? "", -1 - n);
    times.push(performance.now() - startMs);
  }
  return times;
}

/**
 * Each seventh command is one that the project's own guard refuses, each eleventh one that shell-guard refuses.
 * @param {{ socket: string, agent: Agent }} service
 * @param {keyof typeof AGENTS} name
 * @param {string} project
 * @param {number} number
 */
function ask(service, name, project, number) {
  const { event, tool, numbered } = AGENTS[name];
  sent += 1;
  const command = number % 7 === 0 ? "forbidden here" : number % 11 === 0 ? "rm -rf /" : `echo ${number}`;
  return post(service, `/v1/hooks/${name}?event=${event}`, {
    session_id: `${name}-${project}`,
    cwd: project,
    hook_event_name: event,
    tool_name: tool,
    tool_input: { command },
    ...(numbered ? { tool_use_id: `call-${number}` } : { timestamp: String(number) }),
  });
}

/**
 * @param {string} text
 * @param {string} name
 * @param {string} project
 * @param {number} number
 */
function judge(text, name, project, number) {
  const wanted = number % 7 === 0 ? `refused in ${project}` : number % 11 === 0 ? "shell-guard" : "";
  const isRight = wanted === "" ? text === "" : text.includes(wanted);
  check(isRight, `event ${number} of ${name} in ${project}: wanted '${wanted}', got '${text.slice(0, 200)}'`);
}

/** A project with a guard of its own, approved by the user. @param {string} folder */
async function addGuard(folder) {
  const extension = join(folder, ".synaps", "plugins", "own-guard");
  mkdirSync(join(extension, ".synaps-plugin"), { recursive: true });
  const manifest = {
    name: "own-guard",
    version: "1.0.0",
    extension: {
      protocol_version: 3,
      runtime: "process",
      command: "node",
      args: ["main.mjs"],
      permissions: ["tools.intercept"],
      hooks: [{ hook: "before_tool_call", tools: ["bash"] }],
    },
  };
  writeFileSync(join(extension, ".synaps-plugin", "plugin.json"), JSON.stringify(manifest));
  writeFileSync(
    join(extension, "main.mjs"),
    `import { block, defineHook, serve } from ${JSON.stringify(sdk)};
serve(defineHook("before_tool_call", ({ tool_input: { command } }) => {
  if (command === "forbidden here") return block(${JSON.stringify(`refused in ${folder}`)});
}, { inputs: { bash: { command: "string" } } }));
`,
  );
  await promisify(execFile)(process.execPath, [cli, "approve", "own-guard", "--yes"], { env, cwd: folder });
}

/**
 * @param {{ socket: string, agent: Agent }} service
 * @param {string} path
 * @param {object} body
 * @returns {Promise<string>}
 */
function post({ socket, agent }, path, body) {
  return new Promise((resolve, reject) => {
    const asking = request({ socketPath: socket, agent, path, method: "POST" }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk) => (text += chunk));
      response.on("end", () => resolve(text));
    });
    asking.on("error", reject);
    asking.end(JSON.stringify(body));
  });
}

/** Memory of a process in MiB; 0 where the system does not tell. @param {number} pid */
function residentMib(pid) {
  try {
    const kib = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    return Math.round(Number(kib ?? 0) / 1_024);
  } catch {
    return 0;
  }
}

/** @param {number} pid */
async function ended(pid) {
  for (let look = 0; look < 1_000; look += 1) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await promisify(setTimeout)(10);
  }
}

/** @param {boolean} holds @param {string} fault */
function check(holds, fault) {
  if (!holds && faults.length < 20) faults.push(fault);
}

/** @param {number[]} times */
function quantiles(times) {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (/** @type {number} */ part) => sorted[Math.floor((sorted.length - 1) * part)] ?? 0;
  return { p50: at(0.5), p99: at(0.99) };
}

/** @param {Awaited<ReturnType<typeof measure>>} result */
function print({ seconds, perSecond, underLoadMs, aloneMs, memoryMib }) {
  const ms = (/** @type {{ p50: number, p99: number }} */ { p50, p99 }) =>
    `p50 ${p50.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms`;
  console.log(
    `${events} events of 3 agents in 3 projects in ${seconds.toFixed(1)} s (${Math.round(perSecond)} a second)`,
  );
  console.log(`72 in flight: ${ms(underLoadMs)}; one after the other, two guards each: ${ms(aloneMs)}`);
  console.log(`memory of the service at each tenth, in MiB: ${memoryMib.join(" ")}`);
  for (const fault of faults) console.log(`FAULT: ${fault}`);
  console.log(
    faults.length === 0 ? "All were answered by their own project's guards." : "Something was wrong.",
  );
}
