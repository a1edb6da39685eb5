// What one seed stands for: policy, limits, ten extensions and the events. Everything follows from the seed.
import { seeded } from "./random.mjs";

/** Each habit with what it is started with. None of them ever answers in time with more than `continue`. */
const HOSTILE = [
  ["never-answers"],
  ["answers-late"],
  // One at a time: with more under way, the next id is another event that was really sent to it.
  ["lies-about-id", ["sometimes", "20"], 1],
  ["answers-pings-only", [], 3],
  ["exits-on-start"],
  ["throws-at-top-level"],
  ["exits-on-event", ["always"]],
  ["handshake-hangs", ["silent"]],
  ["never-scheduled"],
  ["wrong-version", ["99"]],
  ["closes-stdin"],
  ["closes-stdin", ["stdout"]],
  ["stops-reading"],
  ["ignores-sigterm", ["quiet"]],
  ["prints-to-stdout", ["between"]],
  ["prints-to-stdout", ["like-a-header"]],
  ["split-at-every-byte"],
  ["id-null-replies"],
  ["duplicate-replies", [], 3],
  ["answers-twice-with-different-verdicts", [], 3],
  ["deep-json", ["other"], 3],
  ["floods-stderr", ["8"], 3],
  ["floods-notifications", ["20"], 3],
  ["floods-notifications", ["5", "memory.query"], 3],
  ["ignores-pings", [], 3],
  ["rpc-error"],
  ...[
    "aborts",
    "process-exit-in-handler",
    "unhandled-rejection",
    "busy-loop",
    "sigstop",
    "eats-memory",
    "invalid-utf8",
    "negative-length",
    "missing-length",
    "forks-grandchild-holding-stdout",
  ].map((habit) => [habit, ["sometimes", "20"], 3]),
];

/** Deterministic functions of the event. The phase says where they stand under rewrite_then_veto. */
const HEALTHY = [
  { id: "good-1-rewriter", habit: "healthy-rewriter", protocol: 3, phase: "rewrite" },
  { id: "good-2-sdk", habit: "sdk-guard", protocol: 3, tools: ["bash", "deploy"] },
  { id: "good-3-python", habit: "python-guard", protocol: 1, phase: "veto" },
  { id: "good-4-sdk", habit: "sdk-guard", protocol: 3, phase: "veto" },
  { id: "good-5-python", habit: "python-guard", protocol: 2 },
];

const KINDS = [
  ...Array(8).fill("before_tool_call"),
  ...Array(3).fill("after_tool_call"),
  ...Array(2).fill("before_message"),
  "on_session_start",
  ...Array(2).fill("on_message_complete"),
  "on_compaction",
  ...Array(2).fill("on_usage"),
  "on_session_end",
];
const TOOLS = ["bash", "bash", "write", "deploy"];
const COMMANDS = [
  "ls",
  "rm -rf build",
  "sudo make install",
  "git status",
  "cat a-file-with-a-very-long-name | sort -u | head",
];

export function planOf(seed, events) {
  const { pick, some, below } = seeded(seed);
  const budgetMs = pick([2_000, 3_000]);
  const hostileMs = pick([80, 250, budgetMs / 2]);
  const limits = {
    chainBudgetMs: budgetMs,
    // Half of it, so that who stands behind the hostile ones still has time on a busy machine.
    chainReserveMs: budgetMs / 2,
    lifecycleBudgetMs: budgetMs,
    startMs: 3_000,
    startTurnMs: 500,
    handshakeMs: pick([1_000, 10_000]),
    restartHandshakeMs: 2_000,
    restartBaseMs: 20,
    restartCapMs: 500,
    crashBudget: pick([5, 20]),
    quarantineProbeMs: 2_000,
    breakerProbeMs: pick([500, 2_000]),
    poisonMs: pick([1_000, 600_000]),
    pingIdleMs: 500,
    pingMs: 200,
    drainMs: 500,
    shutdownMs: 300,
    stdinEndMs: 300,
    sigtermMs: 300,
  };
  const hostile = some(HOSTILE, 5).map(([habit, args = [], protocol = 1], index) => ({
    id: `zz-${index + 1}-${habit}`,
    habit,
    args,
    protocol,
    phase: pick(["rewrite", "veto", undefined]),
    deadlineMs: hostileMs,
    priority: "low",
  }));
  const healthy = HEALTHY.map((one) => ({ args: [], ...one, deadlineMs: budgetMs, priority: "high" }));
  return {
    seed,
    policy: pick(["first_decision", "rewrite_then_veto"]),
    inFlight: pick([8, 24]),
    budgetMs,
    hostileMs,
    limits,
    hostile,
    healthy,
    events: Array.from({ length: events }, (_, n) => eventOf(n, pick, below)),
  };
}

function eventOf(n, pick, below) {
  const kind = pick(KINDS);
  // Some are alike, so that there is something to be poisoned by; most are not.
  const mark = below(4) === 0 ? "again" : `${n}`;
  const event = { kind, session_id: `s-${n % 7}` };
  switch (kind) {
    case "before_tool_call":
      return { ...event, tool_name: pick(TOOLS), tool_input: { command: pick(COMMANDS), mark } };
    case "after_tool_call":
      return {
        ...event,
        tool_name: pick(TOOLS),
        tool_input: { mark },
        tool_output: pick(["done", "a secret", mark]),
      };
    case "before_message":
      return { ...event, message: pick(["hello", "why?", mark]) };
    case "on_message_complete":
      return { ...event, message: pick(["hello", "why?", mark]), data: { mark } };
    case "on_compaction":
      return { ...event, message: "the summary", data: { mark } };
    case "on_session_end":
      return { ...event, transcript: [{ role: "user", content: mark }] };
    default:
      return { ...event, data: { mark } };
  }
}
