import {
  reportLine,
  type ControlStatus,
  type Diagnostic,
  type ExtensionStatus,
  type SubscriptionCount,
} from "@synaps/host";
import { findingText } from "./diagnostics.js";
import { duration } from "./durations.js";
import type { Output } from "./io.js";
import { stillPoisoned } from "./poisoned.js";
import { STATE_STYLE } from "./state-style.js";
import { reasonOf } from "./status-problems.js";
import { table } from "./table.js";
import { count, plain } from "./text.js";

const HEADING = "EXTENSION,VERSION,STATE,PID,RESTARTS,IN FLIGHT,WAITING,MATCHED,VOTED,ABSTAINED,NOTE".split(
  ",",
);
/** Longest reason in the table; below it stands the whole. */
const NOTE_REASON_LENGTH = 48;

/** One host: a table of its extensions, and below it what needs more words. */
export function hostText(status: ControlStatus, nowMs: number, out: Output): string {
  const { pid, started_at: since, extensions, subscriptions } = status;
  const title = out.paint("bold", `Host ${pid}`);
  const head = `${title}, up ${duration(nowMs - since)}\n`;
  const rows = extensions.map((one) => row(one, subscriptions, nowMs));
  const body = rows.length === 0 ? "No extensions.\n" : table(HEADING, rows, out);
  const details = [
    ...extensions.map((one) => detailsOf(one, nowMs, out)),
    ...ownLines(status),
    ...switchedOffLines(status, out),
    ...auditLines(status, out),
  ].join("");
  return `${head}${body}${details === "" ? "" : `\n${details}`}`;
}

function row(
  extension: ExtensionStatus,
  all: readonly SubscriptionCount[],
  nowMs: number,
): Parameters<typeof table>[1][number] {
  const { id, version, state, process } = extension;
  const first = [id, version ?? "-", { text: state, style: STATE_STYLE[state] }];
  const notes = notesOf(extension, nowMs);
  if (!process) return [...first, ...HEADING.slice(3, -1).map(() => "-"), notes];
  const own = all.filter((one) => one.extension === id);
  const { pid, restartCount, inFlight, waiting } = process;
  return [
    ...first,
    pid === undefined ? "-" : String(pid),
    ...[restartCount, inFlight, waiting, sum(own, "matched"), sum(own, "voted")].map(String),
    abstained(own),
    notes,
  ];
}

function sum(counts: readonly SubscriptionCount[], key: "matched" | "voted" | "abstained"): number {
  return counts.reduce((total, one) => total + one[key], 0);
}

/** "3 (2 timeout)": how often, and what was most often the reason. */
function abstained(counts: readonly SubscriptionCount[]): string {
  const times = new Map<string, number>();
  for (const [reason, number] of counts.flatMap(({ reasons }) => Object.entries(reasons)))
    times.set(reason, (times.get(reason) ?? 0) + number);
  const [top] = [...times].sort(([, a], [, b]) => b - a);
  const total = String(sum(counts, "abstained"));
  return top === undefined ? total : `${total} (${top[1]} ${top[0]})`;
}

function notesOf(extension: ExtensionStatus, nowMs: number): string {
  const { state, process } = extension;
  const { breakers = [], lateReplies = 0, strayBytes = 0 } = process ?? {};
  const poisoned = stillPoisoned(extension, nowMs);
  const longest = Math.max(...poisoned.map(({ leftMs }) => leftMs));
  const tells = ["failed", "quarantined", "degraded", "restarting"].includes(state) || !process;
  const reason = tells ? reasonOf(extension) : undefined;
  return [
    ...(reason === undefined ? [] : [shortened(reason)]),
    ...breakers.map(({ subscription, why }) => `breaker open: ${subscription}: ${why}`),
    ...(poisoned.length === 0
      ? []
      : [`${count(poisoned.length, "poisoned event")} for ${duration(longest)}`]),
    ...(lateReplies === 0 ? [] : [`${lateReplies} late ${lateReplies === 1 ? "reply" : "replies"}`]),
    ...(strayBytes === 0 ? [] : [count(strayBytes, "stray byte")]),
  ].join("; ");
}

function shortened(reason: string): string {
  return reason.length <= NOTE_REASON_LENGTH ? reason : `${reason.slice(0, NOTE_REASON_LENGTH).trimEnd()}…`;
}

function detailsOf(extension: ExtensionStatus, nowMs: number, out: Output): string {
  const { id, process } = extension;
  const poisoned = stillPoisoned(extension, nowMs).map(({ kind, tool, fingerprint, crashes, leftMs }) => {
    const what = `${kind}${tool === null ? "" : ` of ${tool}`} (fingerprint ${fingerprint})`;
    const why = `it crashed over it ${count(crashes, "time")}`;
    return `${plain(`${id} is not sent ${what}: ${why}; for ${duration(leftMs)} more`)}\n`;
  });
  const why = process ? stateText(extension, out) : errorsOf(extension).map((one) => findingText(one, out));
  return [...why, ...poisoned].join("");
}

/** Why one with a process is not as it should be. */
function stateText(extension: ExtensionStatus, out: Output): string[] {
  const { id, root, state } = extension;
  const reason = reasonOf(extension) ?? "no reason is known";
  if (state === "degraded" || state === "restarting") return [`${plain(`${id} is ${state}: ${reason}`)}\n`];
  if (state !== "failed" && state !== "quarantined") return [];
  // Its findings are those of its first start: it can have failed for another reason since.
  const found = errorsOf(extension).find(({ message }) => state === "failed" && message === reason);
  const hint = `When it is repaired: synaps-ext resume ${id}`;
  const finding = { severity: "error", code: state, extension: id, file: root, pointer: "" } as const;
  return [findingText(found ?? { ...finding, message: `${id} is ${state}: ${reason}`, hint }, out)];
}

function errorsOf({ diagnostics }: ExtensionStatus): Diagnostic[] {
  return diagnostics.filter(({ severity }) => severity === "error");
}

/** What the host's own program subscribed to has no row in the table. */
function ownLines({ extensions, subscriptions }: ControlStatus): string[] {
  const known = new Set(extensions.map(({ id }) => id));
  const own = new Set(subscriptions.map(({ extension }) => extension).filter((id) => !known.has(id)));
  return [...own].map(
    (id) =>
      `${plain(
        `in the program itself: ${reportLine(
          id,
          subscriptions.filter(({ extension }) => extension === id),
        )}`,
      )}\n`,
  );
}

/** What the configuration of the host keeps from being asked. */
function switchedOffLines({ switchedOff = [] }: ControlStatus, out: Output): string[] {
  return switchedOff.map(
    (name) =>
      `${out.paint("yellow", "warn:")} ${plain(`${name} is switched off by the host's configuration`)}\n`,
  );
}

/** Nothing while all lines are written. */
function auditLines({ audit }: ControlStatus, out: Output): string[] {
  if (audit === undefined || (audit.failing === null && audit.lost === 0)) return [];
  const counts = `${count(audit.waiting, "event")} waiting, ${audit.lost} dropped`;
  const why = audit.failing === null ? "is written again" : `cannot be written: ${audit.failing}`;
  return [`${out.paint("yellow", "warn:")} ${plain(`the audit in ${audit.folder} ${why}; ${counts}`)}\n`];
}
