import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { queryAudit, verifyAudit, type AuditFilter, type FoundLine, type RunCheck } from "@synaps/audit";
import type { JsonValue } from "@synaps/sdk/protocol";
import { settingsOf } from "@synaps/host/tooling";
import { EXIT } from "../exit-codes.js";
import type { Io, Output } from "../io.js";
import { hostOptionsOf } from "../places.js";
import { errors } from "../present-error.js";
import { count, jsonDocument, plain } from "../text.js";

export interface AuditFlags {
  folder?: string;
  baseDir?: string;
  json?: boolean;
  since?: number;
  until?: number;
  event?: string;
  tool?: string;
  decision?: string;
  session?: string;
  label?: Record<string, string>;
  text?: string;
  limit: number;
  keyFile?: string;
}

export type AuditAction = "query" | "verify";

/** Searches or checks an audit. Starts nothing, and may run beside the hosts that write it. */
export async function audit(io: Io, action: AuditAction, flags: AuditFlags): Promise<number> {
  const folder =
    flags.folder === undefined
      ? join(settingsOf(hostOptionsOf(flags)).baseDir, "extensions", "audit")
      : resolve(flags.folder);
  if (!existsSync(folder)) throw errors.noAudit(folder);
  return action === "query" ? query(io, folder, flags) : verify(io, folder, flags);
}

async function query({ stdout, stderr }: Io, folder: string, flags: AuditFlags): Promise<number> {
  const { limit } = flags;
  const newest: FoundLine[] = [];
  const found = (line: FoundLine): void => {
    newest.push(line);
    if (newest.length >= 2 * limit) newest.splice(0, newest.length - limit);
  };
  const { files, lines, matched, unreadable } = await queryAudit(folder, filterOf(flags), found);
  const records = newest.slice(-limit);
  for (const { file, number, why } of unreadable)
    await stderr.write(`${stderr.paint("yellow", "warn:")} ${plain(file)}:${number}: ${plain(why)}\n`);
  if (matched > records.length)
    await stderr.write(`The newest ${limit} of ${matched} lines; --limit shows more.\n`);
  if (flags.json)
    await stdout.write(
      jsonDocument({ schemaVersion: 1, folder, files, lines, matched, records, unreadable }),
    );
  else await stdout.write(records.map(lineOf).join(""));
  return EXIT.ok;
}

function filterOf({ since, until, label, event, tool, decision, session, text }: AuditFlags): AuditFilter {
  return { sinceMs: since, untilMs: until, labels: label, event, tool, decision, session, text };
}

/** Members of the metadata that stand in front, if they are there. */
const FIRST = ["tool_name", "decision", "decided_by", "decision_reason"];
/** Members that only a program wants to read. */
const LEFT_OUT = new Set([...FIRST, "votes", "duration_ms", "event_id"]);

function lineOf({ timestamp, event, metadata, file, number, clockBack }: FoundLine): string {
  const first = FIRST.flatMap((name) => wordOf(metadata[name]));
  const rest = Object.entries(metadata)
    .filter(([name]) => !LEFT_OUT.has(name))
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  const back = clockBack ? " (clock set back)" : "";
  return plain(`${timestamp}${back}  ${[event, ...first, ...rest].join(" ")}  ${file}:${number}`) + "\n";
}

function wordOf(value: JsonValue | undefined): string[] {
  return typeof value === "string" ? [value] : [];
}

async function verify({ stdout }: Io, folder: string, flags: AuditFlags): Promise<number> {
  const key = flags.keyFile === undefined ? undefined : await keyOf(flags.keyFile);
  const { runs, lines, faults } = await verifyAudit(folder, { key });
  if (flags.json) await stdout.write(jsonDocument({ schemaVersion: 1, folder, lines, faults, runs }));
  else {
    await stdout.write(runs.map((run) => runText(run, stdout)).join(""));
    const sum = `${count(runs.length, "run")}, ${count(lines, "line")}, ${count(faults, "fault")}`;
    await stdout.write(`${stdout.paint(faults > 0 ? "red" : "green", sum)}\n`);
  }
  return faults > 0 ? EXIT.failed : EXIT.ok;
}

async function keyOf(path: string): Promise<string> {
  return (await readFile(path, "utf8")).replace(/\r?\n$/, "");
}

const ENDS: Readonly<Record<RunCheck["end"], string>> = {
  stopped: "ended with its count",
  running: "is still written",
  unclean: "did not end cleanly",
  unknown: "has no end",
};

function runText(check: RunCheck, out: Output): string {
  const { run, files, lines, events, dropped, lost, chained, end, fault } = check;
  const counts = [
    count(files, "file"),
    count(lines, "line"),
    count(events, "event"),
    ...(dropped > 0 ? [`${dropped} dropped`] : []),
    ...(lost === null || lost === 0 ? [] : [`${lost} never written`]),
    chained ? "chained" : "no chain: changed lines are not found",
  ];
  const head = `${plain(run)}: ${ENDS[end]}; ${counts.join(", ")}\n`;
  if (fault === null) return head;
  const where = `${plain(fault.file)}:${fault.line}`;
  return `${head}  ${out.paint("red", fault.kind)} ${where}: ${plain(fault.message)}\n`;
}
