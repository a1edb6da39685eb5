// One round of the method fuzzer: a real host with fuzzing extensions of protocols 1 to 3, every surface in use.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createHost, HostError, nullLogger } from "../../../packages/host/dist/index.js";
import { CAPABILITY_PERMISSIONS } from "../../../packages/sdk/dist/protocol/index.js";
import { seeded } from "../../chaos/random.mjs";

const CHILD = fileURLToPath(new URL("child.mjs", import.meta.url));
const HOOKS = ["before_message", "on_message_complete", "on_compaction", "on_session_end"];
const HOOK_PERMISSIONS = [
  "tools.intercept",
  "tools.transform_output",
  "privacy.llm_content",
  "session.lifecycle",
];
const PERMISSIONS = [...HOOK_PERMISSIONS, ...CAPABILITY_PERMISSIONS];
/** Open questions end soon, and nothing that goes wrong takes an extension out. */
const LIMITS = {
  startMs: 60_000,
  breakerTimeouts: 1e9,
  hungDeadlines: 1e9,
  toolCallMs: 300,
  providerCompleteMs: 300,
  providerStreamMs: 300,
  commandMs: 300,
  screenMs: 300,
  drainMs: 200,
  shutdownMs: 500,
  restartBaseMs: 1,
  restartAttempts: 1,
};
/** Far above all of these together: what takes this long hangs. */
const HANGS_AFTER_MS = 90_000;
const QUESTIONS = 5;
const PROTOCOLS = [1, 2, 3, 3];

/** Returns how many messages came from extensions. Throws what is wrong. */
export async function round({ seed, extensions, bursts, burst }) {
  const random = seeded(seed);
  const ids = Array.from({ length: extensions }, (_, n) => `e${n}`);
  const scratch = mkdtempSync(join(tmpdir(), "synaps-fuzz-"));
  const folder = join(scratch, "extensions");
  for (const [n, id] of ids.entries()) {
    const protocol = PROTOCOLS[n % PROTOCOLS.length];
    write(folder, id, protocol, [CHILD, String(seed * 100 + n), String(protocol)]);
  }
  const options = { folders: [folder], baseDir: join(scratch, "state"), limits: LIMITS };
  const host = createHost({ logger: nullLogger, ...options, trace: () => {}, confirm: () => true });
  try {
    await timed("start", host.start());
    host.tasks.listen(() => {});
    host.ui.onChange(() => {});
    for (let n = 0; n < bursts; n += 1) await together(operations(host, ids, random, burst));
    look(host, ids);
    const counts = await Promise.all(ids.map((id) => counted(host, id)));
    return counts.reduce((total, count) => total + count, 0);
  } finally {
    await timed("stop", host.stop());
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Extensions whose answer to `initialize` is damaged: each starts or fails with a reason. */
export async function handshakes({ seed, count }) {
  const scratch = mkdtempSync(join(tmpdir(), "synaps-fuzz-"));
  const folder = join(scratch, "extensions");
  for (let n = 0; n < count; n += 1) {
    const protocol = 1 + (n % 3);
    write(folder, `e${n}`, protocol, [CHILD, String(seed * 1_000 + n), String(protocol), "handshake"]);
  }
  const host = createHost({
    logger: nullLogger,
    folders: [folder],
    baseDir: join(scratch, "state"),
    limits: { ...LIMITS, handshakeMs: 5_000 },
  });
  try {
    await timed("start", host.start());
    const { extensions } = host.snapshot();
    for (const { id, state, process: one, diagnostics } of extensions) {
      if (state !== "running" && diagnostics.length === 0 && !one?.reason)
        throw new Error(`${id} is ${state} without a reason`);
    }
    look(host, []);
    return count;
  } finally {
    await timed("stop", host.stop());
    rmSync(scratch, { recursive: true, force: true });
  }
}

function write(folder, id, protocol, args) {
  const hooks = [
    { hook: "before_tool_call", timeout_ms: 300 },
    { hook: "after_tool_call", timeout_ms: 300 },
    { hook: "on_session_start", timeout_ms: 60_000 },
    ...HOOKS.map((hook) => ({ hook, timeout_ms: 300 })),
    ...(protocol > 1 ? [{ hook: "on_usage" }] : []),
  ];
  const extension = {
    protocol_version: protocol,
    runtime: "process",
    command: "node",
    args,
    permissions: PERMISSIONS,
    hooks,
    config: [{ key: "tone", type: "string", default: "plain", description: "A text" }],
  };
  const manifest = {
    name: id,
    version: "1.0.0",
    extension,
    commands: [{ name: `go-${id}`, description: "Goes", interactive: true }],
    settings: {
      categories: [
        {
          id: "page",
          label: "Page",
          fields: [{ key: "tone", label: "Tone", editor: "custom", default: "x" }],
        },
      ],
    },
    provides: { sidecar: { command: "node" } },
  };
  mkdirSync(join(folder, id, ".synaps-plugin"), { recursive: true });
  writeFileSync(join(folder, id, ".synaps-plugin", "plugin.json"), JSON.stringify(manifest));
}

/** One operation of each kind to each extension, all at once. */
function operations(host, ids, random, burst) {
  const tool = { tool_name: "bash", tool_input: { command: "ls", burst }, session_id: "s" };
  const chain = () => ({ chain: random.pick(["first_decision", "rewrite_then_veto"]) });
  const kinds = { before: "before_tool_call", after: "after_tool_call" };
  const poll = {
    runId: "run",
    decisionId: String(random.below(1e9)),
    outcome: "success",
    errorKind: "none",
    model: "m",
    effort: "low",
  };
  const whole = [
    host.emit({ kind: "before_tool_call", ...tool }, chain()),
    host.emit({ kind: "after_tool_call", ...tool, tool_output: "x" }, chain()),
    host.emit({ kind: "before_message", message: "hello", session_id: "s" }, chain()),
    host.emit({ kind: "on_message_complete", message: "m", data: {} }),
    host.emit({ kind: "on_compaction", message: "m", data: {} }),
    host.emit({ kind: "on_usage", data: { input_tokens: 1 } }),
    host.emit({ kind: "on_session_end", session_id: "s", transcript: [] }),
    host.intercept(kinds, tool, (input) => JSON.stringify(input), chain()),
    host.providers.list(),
  ];
  const each = ids.flatMap((id) => [
    host.tools.call(`${id}:echo`, { text: "x" }, { onProgress: () => {} }),
    host.providers.complete({ model: `${id}:models:m`, messages: [{ role: "user", content: "x" }] }),
    drained(host.providers.stream({ model: `${id}:models:m`, messages: [{ role: "user", content: "x" }] })),
    host.commands.invoke(`go-${id}`, "a b", { onOutput: () => {}, onTask: () => {} }),
    edited(host, id),
    host.sidecars.spawnArgs(id),
    host.ui.askInfo(id),
    host.sessionDrivers.poll(id, poll),
    host.config.set(id, "tone", `tone ${random.below(9)}`),
    host.config.diagnostics(id),
    host.memory.query(id, { limit: 3 }),
  ]);
  return [...whole, ...each];
}

async function drained(stream) {
  for await (const event of stream) JSON.stringify(event);
  await stream.result;
}

async function edited(host, id) {
  await host.ui.settings.open(id, "page", "tone");
  await host.ui.settings.key(id, "Enter");
  await host.ui.settings.commit(id, "x");
}

/** Waits for all; each ends with a value or with an error of the host's own. */
async function together(work) {
  const ends = await timed("the operations", Promise.allSettled(work));
  for (const end of ends) {
    if (end.status === "rejected" && !(end.reason instanceof HostError)) throw end.reason;
    if (end.status === "fulfilled") JSON.stringify(end.value);
  }
}

/** All that can be looked at, as a program that shows it would. */
function look(host, ids) {
  const { ui } = host;
  const shown = ids.map((id) => [host.tasks.of(id), host.logs(id)]);
  JSON.stringify([
    shown,
    host.snapshot(),
    ui.widgets.all(),
    ui.theme(),
    host.tools.list(),
    host.commands.list(),
  ]);
}

/**
 * The answer lies behind everything that the extension wrote before: so all of that was read. In protocols 1 and 2 a
 * damaged message on the way may be taken for the answer; then the question is asked again.
 */
async function counted(host, id) {
  let vote;
  for (let n = 0; n < QUESTIONS; n += 1) {
    const event = { kind: "on_session_start", session_id: "s" };
    const { votes } = await timed(`the count of ${id}`, host.emit(event, { chain: "first_decision" }));
    vote = votes.find(({ extension }) => extension === id);
    if (vote?.status === "voted" && vote.verdict?.action === "inject")
      return JSON.parse(vote.verdict.content).sent;
    if (vote?.reason !== "invalid") break;
  }
  throw new Error(`${id} was lost: ${JSON.stringify(vote)}`);
}

async function timed(what, work) {
  let timer;
  const hangs = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`hangs: ${what}`)), HANGS_AFTER_MS);
  });
  try {
    return await Promise.race([work, hangs]);
  } finally {
    clearTimeout(timer);
  }
}
