import type { HostLimits } from "@synaps/host";
import type { ExtensionStatus } from "@synaps/host";

/** What an embedder sees of one nasty habit. */
export interface Habit {
  /** Folder of the fixture. */
  habit: string;
  args?: readonly string[];
  /** Deadline of its hook; default: the kind's 5 s. */
  deadlineMs?: number;
  limits?: Partial<HostLimits>;
  /** Inputs of the events that are raised one after the other. Default: as many equal ones as there are votes. */
  inputs?: readonly unknown[];
  /** Its vote on each of them. */
  votes: readonly string[];
  /** Its state in the end. */
  state: ExtensionStatus["state"];
  restarted?: boolean;
  /** In the detail of its last vote. */
  detail?: string;
  /** Parts of the diagnosis: of the process, or of the folder when there never was one. */
  reason?: readonly string[];
  /** What to do about it. */
  hint?: string;
  /** A line of the log, as message and fields. */
  log?: RegExp;
}

/** Long enough for a good answer on a busy machine. */
const QUICK = 1_200;
const fell = { votes: ["abstained crash", "abstained poison"], state: "degraded", restarted: true } as const;
const hung = {
  deadlineMs: 200,
  votes: ["abstained timeout", "abstained timeout", "abstained timeout"],
  inputs: [1, 2, 3],
  state: "degraded",
  restarted: true,
  reason: ["hung: several deadlines passed without a byte from it", "was ended by SIGKILL"],
  hint: "Answer within the deadline",
  log: /^extension crashed .*"next":"restart"/,
} as const;
const skipped = { deadlineMs: QUICK, votes: ["abstained timeout"], state: "running" } as const;
/** Long enough for the good neighbour's handshake, which has the same limit, on a busy machine. */
const HANDSHAKE_MS = 4_000;
const neverStarted = { votes: ["abstained failed"], state: "failed" } as const;

export const HABITS: readonly Habit[] = [
  { habit: "never-answers", ...hung },
  { habit: "busy-loop", ...hung },
  { habit: "sigstop", ...hung },
  { habit: "closes-stdin", ...hung },
  {
    habit: "stops-reading",
    ...hung,
    inputs: [0, 1, 2, 3],
    votes: ["continue", ...hung.votes],
    deadlineMs: QUICK,
  },
  {
    habit: "answers-pings-only",
    deadlineMs: QUICK,
    inputs: [1, 2, 3, 4],
    votes: ["abstained timeout", "abstained timeout", "abstained timeout", "abstained breaker"],
    state: "running",
  },
  {
    habit: "answers-late",
    deadlineMs: QUICK,
    inputs: [{}, { last: true }],
    votes: ["abstained timeout", "block"],
    state: "running",
  },
  {
    habit: "exits-on-start",
    ...neverStarted,
    reason: ["SPAWN_EXITED_EARLY", "exited with code 3 while starting", "first line | cannot find my model"],
    hint: "Start its command by hand",
    log: /^Extension 'bad' ended before its handshake/,
  },
  {
    habit: "throws-at-top-level",
    ...neverStarted,
    reason: ["SPAWN_EXITED_EARLY", "exited with code 1 while starting", "Error: cannot find the policy file"],
    hint: "Start its command by hand",
  },
  {
    habit: "handshake-hangs",
    args: ["silent"],
    limits: { handshakeMs: HANDSHAKE_MS },
    ...neverStarted,
    reason: ["HANDSHAKE_TIMEOUT", `initialize was not answered within ${HANDSHAKE_MS} ms`],
    hint: "Read as many bytes as the header says",
  },
  {
    habit: "never-scheduled",
    limits: { handshakeMs: HANDSHAKE_MS },
    ...neverStarted,
    reason: ["HANDSHAKE_TIMEOUT", `initialize was not answered within ${HANDSHAKE_MS} ms`],
    hint: "Read as many bytes as the header says",
  },
  {
    habit: "wrong-version",
    args: ["99"],
    ...neverStarted,
    reason: ["HANDSHAKE_VERSION", "unsupported protocol_version 99 (the manifest says 1)"],
    hint: "the version that its manifest names",
  },
  {
    habit: "exits-on-event",
    args: ["always"],
    ...fell,
    reason: ["exited with code 1 while it had before_tool_call of 'bash'", "last on stderr: falling over"],
    hint: "Correct what its last words say",
    log: /^extension crashed .*falling over/,
  },
  {
    habit: "aborts",
    ...fell,
    reason: ["was ended by SIGABRT while it had before_tool_call", "assertion failed: model != NULL"],
    hint: "report the last words to its author",
  },
  {
    habit: "process-exit-in-handler",
    ...fell,
    reason: ["exited with code 0 while it had before_tool_call", "it wrote nothing to stderr"],
    hint: "An extension runs until the host says shutdown",
  },
  {
    habit: "unhandled-rejection",
    ...fell,
    reason: ["exited with code 1", "Error: nobody catches me"],
    hint: "Correct what its last words say",
  },
  {
    habit: "eats-memory",
    args: ["32"],
    ...fell,
    reason: ["was ended by SIGKILL while it had before_tool_call"],
    hint: "memory ran out",
  },
  {
    habit: "forks-grandchild-holding-stdout",
    ...fell,
    reason: ["exited with code 7 while it had before_tool_call"],
    hint: "Correct what its last words say",
  },
  {
    habit: "half-frame",
    inputs: [{ half: true }, { half: true }],
    ...fell,
    reason: ["exited with code 1"],
  },
  { habit: "late-after-restart", args: ["memory"], votes: ["continue"], state: "degraded", restarted: true },
  {
    habit: "huge-frame",
    ...skipped,
    inputs: [{ bytes: 5_000_000 }, {}],
    votes: ["abstained too_large", "continue"],
    log: /it sent a message of over 4 MiB/,
  },
  {
    habit: "invalid-utf8",
    ...skipped,
    votes: ["abstained invalid"],
    log: /it sent a message that is not UTF-8/,
  },
  { habit: "negative-length", ...skipped, log: /it sent a header whose Content-Length is no number/ },
  { habit: "missing-length", ...skipped, log: /it sent a header without Content-Length .*Content-Type/ },
  {
    habit: "lies-about-id",
    ...skipped,
    inputs: [1, 2],
    votes: ["abstained timeout", "abstained timeout"],
    log: /it sent JSON that is no message of the protocol/,
  },
  {
    habit: "prints-to-stdout",
    args: ["between"],
    votes: ["continue"],
    state: "running",
    log: /it printed text on standard output .*Print to standard error.*got an event/,
  },
  { habit: "split-at-every-byte", votes: ["continue"], state: "running" },
  {
    habit: "id-null-replies",
    votes: ["continue"],
    state: "running",
    log: /it sent JSON that is no message of the protocol/,
  },
  { habit: "duplicate-replies", inputs: [1, 2], votes: ["continue", "continue"], state: "running" },
  {
    habit: "answers-twice-with-different-verdicts",
    inputs: [1, 2],
    votes: ["continue", "continue"],
    state: "running",
  },
  {
    habit: "deep-json",
    votes: ["abstained invalid"],
    state: "running",
    log: /it sent a message nested over 512 levels deep/,
  },
  {
    habit: "deep-json",
    args: ["other"],
    votes: ["abstained invalid"],
    state: "running",
    log: /it sent a message nested over 512 levels deep/,
  },
  {
    habit: "non-object-results",
    inputs: [{ result: 5 }],
    votes: ["abstained invalid"],
    state: "running",
    detail: "the result is a number, not an object",
  },
  {
    habit: "rpc-error",
    votes: ["abstained error"],
    state: "running",
    detail: "error -32000: the policy file is empty",
  },
  { habit: "floods-stderr", args: ["16"], votes: ["continue"], state: "running" },
  { habit: "floods-notifications", args: ["100"], votes: ["continue"], state: "running" },
  { habit: "floods-notifications", args: ["20", "memory.query"], votes: ["continue"], state: "running" },
  { habit: "forks-grandchild", votes: ["modify"], state: "running" },
  { habit: "ignores-sigterm", votes: ["modify"], state: "running" },
  { habit: "ignores-pings", votes: ["continue"], state: "running" },
  { habit: "takes-its-time", votes: ["continue"], state: "running" },
  {
    habit: "sdk-guard",
    inputs: [{ command: "rm -rf /" }, {}],
    votes: ["block", "continue"],
    state: "running",
  },
  {
    habit: "python-guard",
    inputs: [{ command: "x".repeat(41) }, {}],
    votes: ["confirm", "continue"],
    state: "running",
  },
  {
    habit: "healthy-rewriter",
    inputs: [{ a: 1 }, { a: 12 }, { a: 123 }].map((one) => one),
    votes: ["continue", "continue", "modify"],
    state: "running",
  },
];
