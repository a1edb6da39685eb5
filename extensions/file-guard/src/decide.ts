import { isBelow, resolvePath, climbedPath, isThere, realPath, UnclearPath } from "@synaps/guards/paths";
import { classify, type Reason } from "./classify.js";
import type { Access, Call, Operation } from "./model.js";
import { findGlob } from "./path-globs.js";
import type { Place } from "./place.js";
import { ruleById, RULES, type RuleId, type Severity } from "./rules.js";
import type { Settings } from "./settings.js";
import { spellingsOf } from "./spellings.js";

/** One reason against a call. */
export interface Finding {
  readonly rule: string;
  readonly severity: Severity;
  readonly operation: Operation | undefined;
  /** The path as the input has it; empty where the input as a whole is meant. */
  readonly text: string;
  /** The path that the reason is about, where it is another than the input says. */
  readonly path: string | undefined;
  readonly why: string;
  readonly remedy: string;
}

export interface Decision {
  readonly verdict: "continue" | Severity;
  /** The worst first. */
  readonly findings: readonly Finding[];
}

/** File systems that do not answer end the look at a call, and become a question. */
export const LOOK_MS = 2_000;

/** Decides about one call. Never throws: what cannot be checked becomes a question. */
export async function decide(
  call: Call,
  place: Promise<Place>,
  settings: Settings,
  lookMs: number = LOOK_MS,
): Promise<Decision> {
  const whole = call.unclear === undefined ? [] : [unclear(undefined, "", call.unclear)];
  const found = await withinTime(findingsOf(call.accesses, place, settings), lookMs);
  return conclude([...whole, ...found], settings);
}

async function withinTime(work: Promise<Finding[]>, lookMs: number): Promise<Finding[]> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Finding[]>((resolve) => {
    timer = setTimeout(
      () => resolve([unclear(undefined, "", "looking at its folders took too long")]),
      lookMs,
    );
  });
  try {
    return await Promise.race([work, late]);
  } catch (error) {
    return [
      unclear(undefined, "", `looking at it failed (${error instanceof Error ? error.name : "unknown"})`),
    ];
  } finally {
    clearTimeout(timer);
  }
}

async function findingsOf(
  accesses: readonly Access[],
  placed: Promise<Place>,
  settings: Settings,
): Promise<Finding[]> {
  const place = await placed;
  const unique = new Map(
    accesses.map((access) => [`${access.operation}\0${access.text}\0${access.isGuess}`, access]),
  );
  const found = await Promise.all([...unique.values()].map((access) => lookAt(access, place, settings)));
  return found.flat();
}

/** A path that an access may mean. */
interface Candidate {
  readonly path: string;
  readonly isReal: boolean;
}

async function lookAt(access: Access, place: Place, settings: Settings): Promise<Finding[]> {
  const { operation, text } = access;
  let candidates: Candidate[];
  try {
    candidates = await candidatesOf(text, place);
  } catch (error) {
    if (error instanceof UnclearPath) return [unclear(operation, text, error.message)];
    throw error;
  }
  const own = (["block", "ask"] as const).flatMap((key) =>
    customFinding(key, access, candidates, place, settings),
  );
  const all = await reasonsOf(operation, candidates, place);
  const reasons = access.isGuess ? all.filter(({ rule }) => OF_GUESSES.has(rule)) : all;
  const isAllowed = (path: string): boolean =>
    findGlob(settings.allow, operation, path, place, false) !== undefined;
  // Of a link both the name and the real place have to be allowed, as far as rules speak against them.
  const [worst] = reasons
    .filter(({ rule, path }) => !settings.offRules.has(rule) && (rule === "guard-files" || !isAllowed(path)))
    .sort((left, right) => orderOf(left.rule) - orderOf(right.rule));
  return worst ? [...own, finding(worst.rule, operation, text, worst.why, worst.path)] : own;
}

/** Rules that a text which only looks like a path is held to: the others would stop calls of servers with paths of their own. */
const OF_GUESSES: ReadonlySet<RuleId> = new Set([
  "guard-files",
  "agent-settings",
  "secret-read",
  "secret-write",
]);

async function candidatesOf(text: string, place: Place): Promise<Candidate[]> {
  const { folder, home } = place;
  const named = spellingsOf(text, folder, home);
  const climbed = await climbedPath(/^[/~]/.test(text) ? text : `${folder}/${text}`);
  const real = await Promise.all(named.map(realPath));
  const all = new Map(named.map((path) => [path, false]));
  for (const path of [...real, ...(climbed === undefined || text.startsWith("~") ? [] : [climbed])])
    all.set(path, true);
  return [...all].map(([path, isReal]) => ({ path, isReal }));
}

async function reasonsOf(
  operation: Operation,
  candidates: readonly Candidate[],
  place: Place,
): Promise<(Reason & { path: string })[]> {
  const reasons = await Promise.all(
    candidates.map(async ({ path, isReal }) => {
      const found = classify(operation, path, place, { isReal, isNew: false });
      const isNew = found.some(({ rule }) => rule === "secret-write") && !(await isThere(path));
      const all = isNew ? classify(operation, path, place, { isReal, isNew }) : found;
      return all.map((reason) => ({ ...reason, path }));
    }),
  );
  return reasons.flat();
}

function customFinding(
  key: "block" | "ask",
  { operation, text }: Access,
  candidates: readonly Candidate[],
  place: Place,
  settings: Settings,
): Finding[] {
  for (const { path } of candidates) {
    const glob = findGlob(settings[key], operation, path, place, true);
    if (glob === undefined) continue;
    const severity = key === "block" ? "block" : "confirm";
    const why = "the user keeps it from being touched unasked";
    return [
      { rule: `custom-${key}`, severity, operation, text, path: undefined, why, remedy: "Do without it." },
    ];
  }
  return [];
}

function finding(
  id: string,
  operation: Operation | undefined,
  text: string,
  why: string,
  path?: string,
): Finding {
  const rule = ruleById(id);
  return {
    rule: id,
    severity: rule?.severity ?? "confirm",
    operation,
    text,
    path: path === undefined || isAsGiven(text, path) ? undefined : path,
    why,
    remedy: rule?.remedy ?? "",
  };
}

/** True if a text and a path are one to the eye, so that naming both would say nothing. */
const isAsGiven = (text: string, path: string): boolean =>
  path === resolvePath(text, "/", null) ||
  (isBelow(path, "/") && path.endsWith(`/${text.replace(/^(?:\.\/|~\/)+/, "")}`));

const unclear = (operation: Operation | undefined, text: string, why: string): Finding =>
  finding("unclear-path", operation, text, why);

const ORDER = new Map<string, number>([
  ["custom-block", -1],
  ...RULES.map(({ id }, index) => [id, index] as const),
  ["custom-ask", RULES.length],
]);

const orderOf = (rule: string): number => ORDER.get(rule) ?? ORDER.size;

function conclude(all: readonly Finding[], settings: Settings): Decision {
  const on = all.filter((one) => !settings.offRules.has(one.rule));
  const softened = settings.mode === "ask" ? on.map((one) => ({ ...one, severity: "confirm" as const })) : on;
  const weight = (one: Finding): number => (one.severity === "block" ? 0 : 100) + orderOf(one.rule);
  const findings = softened.sort((left, right) => weight(left) - weight(right));
  return { verdict: settings.mode === "log" ? "continue" : (findings[0]?.severity ?? "continue"), findings };
}
