// What must hold for every seed. Each check returns the violations that it finds, in words.
import { concerned } from "./extensions.mjs";

/** Later than a bare timer of the same moment by at most this. */
export const MOST_EXCESS_MS = 50;
const STOP_MARGIN_MS = 1_500;

const STATUSES = ["voted", "abstained", "not_reached"];

/** matched = voted + abstained + not_reached, in every outcome and in the host's own counts. */
export function accounting(plan, extensions, { records, snapshot }) {
  const wrong = [];
  const counted = new Map();
  for (const [n, { outcome }] of records.entries()) {
    const due = concerned(extensions, plan.events[n]).sort();
    const votes = outcome.votes
      .filter(({ status }) => STATUSES.includes(status))
      .map(({ extension }) => extension);
    if (JSON.stringify(votes.sort()) !== JSON.stringify(due))
      wrong.push(`event ${n}: votes of ${votes}, not of ${due}`);
    for (const { extension, subscription, status } of outcome.votes) {
      const key = `${extension} ${subscription}`;
      const count = counted.get(key) ?? { matched: 0, voted: 0, abstained: 0, not_reached: 0 };
      counted.set(key, count);
      count.matched += 1;
      count[status] += 1;
    }
  }
  for (const { extension, subscription, matched, voted, abstained, notReached } of snapshot.subscriptions) {
    const key = `${extension} ${subscription}`;
    const said = JSON.stringify({ matched, voted, abstained, not_reached: notReached });
    if (said !== JSON.stringify(counted.get(key)))
      wrong.push(`${key}: the host counts ${said}, the votes say otherwise`);
    if (matched !== voted + abstained + notReached) wrong.push(`${key}: ${said} does not add up`);
    counted.delete(key);
  }
  for (const key of counted.keys()) wrong.push(`${key}: voted, but the host did not count it`);
  return wrong;
}

export function punctuality({ records }) {
  return records.flatMap(({ excessMs, outcome }, n) =>
    excessMs !== undefined && excessMs > MOST_EXCESS_MS
      ? [`event ${n} (${outcome.kind}): ${excessMs.toFixed(1)} ms later than a bare timer`]
      : [],
  );
}

/** Abstentions that a machine without time for processes can cause. */
const FOR_WANT_OF_TIME = ["timeout", "budget", "busy"];

/**
 * Whether a healthy extension could not answer, while a bare echo process next to the host could not either. Only
 * such an event is left out of the comparison, and it is counted.
 */
export function wasStarved(plan, { outcome, from, to }, starved) {
  const healthy = new Set(plan.healthy.map(({ id }) => id));
  const missing = outcome.votes.some(
    ({ extension, reason }) => healthy.has(extension) && FOR_WANT_OF_TIME.includes(reason),
  );
  return missing && starved.some((time) => time.from < to && time.to > from);
}

/**
 * What the healthy ones said, and what it all came to, must not depend on who else is there. The hostile ones stand
 * behind them or beside them, and only ever continue or abstain: nothing that a healthy one is asked is changed by them.
 */
export function sameAsWithout(plan, mixed, alone) {
  const hostile = new Set(plan.hostile.map(({ id }) => id));
  const wrong = [];
  for (const [n, record] of mixed.records.entries()) {
    const { outcome } = record;
    if (wasStarved(plan, record, mixed.starved) || wasStarved(plan, alone.records[n], alone.starved))
      continue;
    const expected = essence(alone.records[n].outcome, hostile);
    const actual = essence(outcome, hostile);
    if (actual !== expected) wrong.push(`event ${n} (${outcome.kind}): ${actual} instead of ${expected}`);
    for (const { extension, status, verdict } of outcome.votes) {
      if (!hostile.has(extension) || status !== "voted" || verdict.action === "continue") continue;
      wrong.push(`event ${n}: '${verdict.action}' of ${extension} was counted`);
    }
  }
  return wrong;
}

function essence(outcome, hostile) {
  const healthy = outcome.votes
    .filter(({ extension }) => !hostile.has(extension))
    .map((vote) => ({ ...vote, queueMs: undefined, runMs: undefined }));
  return JSON.stringify({ decision: { ...outcome, votes: undefined, durationMs: undefined }, healthy });
}

export function cleanEnd({ limits }, { left, stopMs }) {
  const { drainMs, shutdownMs, stdinEndMs, sigtermMs } = limits;
  const mostMs = drainMs + shutdownMs + stdinEndMs + sigtermMs + STOP_MARGIN_MS;
  return [
    ...left.map((one) => `process left: ${one}`),
    ...(stopMs > mostMs ? [`the stop took ${Math.round(stopMs)} ms, more than ${mostMs}`] : []),
  ];
}
