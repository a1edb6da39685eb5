import { breakerPolicy, type BreakerChoice } from "@synaps/sdk/protocol";
import { InARow } from "../../packages/host/src/delivery/breaker/in-a-row.js";
import { InWindow } from "../../packages/host/src/delivery/breaker/in-window.js";
import type { Breaker, Ending } from "../../packages/host/src/delivery/breaker/breaker.js";
import { DEFAULT_LIMITS } from "../../packages/host/src/options.js";

/** Deadline of the calls, and time between the beginnings of two of them, in milliseconds. */
export const DEADLINE_MS = 150;
const EVERY_MS = 500;
/** Calls of one run: a minute. */
const CALLS = 120;

/** One call as the extension would serve it. `hang`: past its deadline. */
export interface Step {
  readonly how: "ok" | "error" | "slow" | "hang";
  readonly tookMs: number;
}

const OK: Step = { how: "ok", tookMs: 0 };
const ERROR: Step = { how: "error", tookMs: 0 };
const HANG: Step = { how: "hang", tookMs: DEADLINE_MS };
const slow = (tookMs: number): Step => ({ how: "slow", tookMs });

/** What an extension does with the call of each number. */
export const BEHAVIOURS: Readonly<Record<string, (call: number) => Step>> = {
  quick: () => OK,
  slow: () => slow(60),
  "slow at times": (call) => (call % 10 === 9 ? slow(120) : OK),
  failing: () => ERROR,
  flapping: (call) => (call % 8 < 4 ? OK : ERROR),
  "healing after 20 s": (call) => (call < 40 ? ERROR : OK),
  hanging: () => HANG,
  "hanging for 20 s": (call) => (call < 40 ? HANG : OK),
};

/** The policies that are compared. */
export const POLICIES: Readonly<Record<string, BreakerChoice>> = {
  default: "default",
  standard: "standard",
  production_optimized: "production_optimized",
  conservative: "conservative",
  "half of all calls fail": { failureRate: 0.5, openMs: 10_000 },
  "p99 of 100 ms": { budgetMs: 100, openMs: 10_000 },
};

/** A mark for each call that was asked, by how it ended, and `-` for each that the breaker refused. */
const MARKS: Readonly<Record<Step["how"], string>> = { ok: ".", error: "e", slow: "s", hang: "h" };
const ENDINGS: Readonly<Record<Step["how"], Ending>> = {
  ok: "answered",
  slow: "answered",
  error: "failed",
  hang: "timed_out",
};

/** Plays a behaviour against a breaker that is told what happened, without any process. */
export function playPure(choice: BreakerChoice, behaviour: (call: number) => Step): string {
  const policy = breakerPolicy(choice);
  const breaker: Breaker = policy
    ? new InWindow(policy, DEFAULT_LIMITS.breakerTimeouts)
    : new InARow(DEFAULT_LIMITS);
  let nowMs = 0;
  return calls(behaviour, (step, atMs) => {
    nowMs = Math.max(nowMs, atMs);
    if (!breaker.allows(nowMs)) return "-";
    nowMs += step.tookMs;
    breaker.ended(ENDINGS[step.how], step.tookMs, nowMs);
    return MARKS[step.how];
  });
}

function calls(behaviour: (call: number) => Step, play: (step: Step, atMs: number) => string): string {
  return Array.from({ length: CALLS }, (_, call) => play(behaviour(call), call * EVERY_MS)).join("");
}

/** The same with a function that really asks: it is given the step and its time, and returns true if it was refused. */
export async function playReal(
  behaviour: (call: number) => Step,
  ask: (step: Step, atMs: number) => Promise<boolean>,
): Promise<string> {
  let marks = "";
  for (let call = 0; call < CALLS; call += 1) {
    const step = behaviour(call);
    marks += (await ask(step, call * EVERY_MS)) ? "-" : MARKS[step.how];
  }
  return marks;
}

/** The first refusal in seconds, and how many of the calls were asked: enough to compare policies by. */
export function summaryOf(marks: string): string {
  const first = marks.indexOf("-");
  const asked = [...marks].filter((mark) => mark !== "-").length;
  const isBack = marks.endsWith("..........");
  if (first === -1) return "never opens";
  return `opens at ${(first * EVERY_MS) / 1_000} s, asks ${asked} of ${CALLS}${isBack ? ", well at the end" : ""}`;
}
