import type { JsonObject } from "@synaps/sdk/protocol";
import { join } from "node:path";
import { endOf } from "./recover.js";
import { OWN } from "./line.js";
import { readMarker } from "./marker.js";
import { runsIn, type Run } from "./run-files.js";
import { checkFile, type FileCheck, type Fault } from "./verify-file.js";
import { START, type Place } from "./progress.js";

/** The end of a run, as far as its files and those of later runs tell. */
export type RunEnd = "stopped" | "running" | "unclean" | "unknown";

/** The result of checking one run. */
export interface RunCheck {
  readonly run: string;
  readonly files: number;
  readonly lines: number;
  /** Events that the lines stand for, the dropped ones included, and the dropped ones alone. */
  readonly events: number;
  readonly dropped: number;
  /** Events that were taken in and never written, because the process was killed; null where nobody can tell. */
  readonly lost: number | null;
  readonly chained: boolean;
  /** Hash of the last line; null without a chain. Keep it elsewhere to notice a log that was written anew. */
  readonly hash: string | null;
  readonly end: RunEnd;
  /** The first fault; null when there is none. */
  readonly fault: Fault | null;
}

export interface VerifyResult {
  readonly runs: readonly RunCheck[];
  readonly lines: number;
  readonly faults: number;
}

export interface VerifyOptions {
  /** The secret of chains that were made with one. */
  readonly key?: string | undefined;
}

/**
 * Checks every line of all runs in a folder: numbers, counts, hashes, the order of files and how each run ended. Rejects when the
 * folder cannot be read. Of each run the first fault is told, with its file and line.
 */
export async function verifyAudit(folder: string, options: VerifyOptions = {}): Promise<VerifyResult> {
  const runs = await runsIn(folder);
  const told = new Reports();
  const checks: FirstCheck[] = [];
  for (const run of runs) checks.push(await checkFiles(folder, run, options.key, told));
  const results = await Promise.all(checks.map((check) => checkEnd(folder, check, told)));
  return {
    runs: results,
    lines: results.reduce((sum, { lines }) => sum + lines, 0),
    faults: results.filter(({ fault }) => fault !== null).length,
  };
}

/** Words of other runs about files and ends, collected while all lines are read. */
class Reports {
  /** The last report about a run that did not end cleanly. */
  readonly ends = new Map<string, JsonObject>();
  /** First file that is left of a run whose older files were removed as configured. */
  readonly first = new Map<string, number>();

  read(event: string, metadata: JsonObject): void {
    if (event === OWN.uncleanEnd && typeof metadata["run"] === "string")
      this.ends.set(metadata["run"], metadata);
    if (event !== OWN.removed) return;
    for (const [run, n] of Object.entries((metadata["first"] ?? {}) as JsonObject))
      if (typeof n === "number") this.first.set(run, Math.max(n, this.first.get(run) ?? 1));
  }
}

interface FirstCheck {
  readonly run: Run;
  readonly lines: number;
  readonly place: Place;
  readonly chained: boolean;
  readonly last: FileCheck | undefined;
  readonly fault: Fault | undefined;
  /** First file that is there. */
  readonly begins: number;
}

async function checkFiles(
  folder: string,
  run: Run,
  key: string | undefined,
  told: Reports,
): Promise<FirstCheck> {
  let [place, lines, chained] = [START, 0, false];
  let last: FileCheck | undefined;
  let fault: Fault | undefined;
  for (const [index, { file, n }] of run.files.entries()) {
    const expected = index === 0 ? n : (run.files[index - 1]?.n ?? 0) + 1;
    if (n !== expected) {
      fault = {
        file,
        line: 1,
        kind: "missing_file",
        message: `the file with the number ${expected} is missing before it`,
      };
      break;
    }
    last = await checkFile({
      path: join(folder, file),
      file,
      n,
      run: run.id,
      before: index === 0 && n > 1 ? undefined : { place, file: last },
      key,
      isLast: index === run.files.length - 1,
      told: (event, metadata) => told.read(event, metadata),
    });
    lines += last.lines;
    ({ place } = last);
    chained ||= last.chained;
    if (last.fault) {
      ({ fault } = last);
      break;
    }
  }
  return { run, lines, place, chained, last, fault, begins: run.files[0]?.n ?? 1 };
}

/** The check of a run, once all runs were read: others may tell of its end. */
async function checkEnd(folder: string, check: FirstCheck, told: Reports): Promise<RunCheck> {
  const { run, last, place, lines, chained, begins } = check;
  const marker = run.marker === undefined ? undefined : readMarker(folder, run.marker);
  const report = told.ends.get(run.id);
  const end: RunEnd =
    last?.end === OWN.stop
      ? "stopped"
      : marker?.isAlive
        ? "running"
        : marker || report
          ? "unclean"
          : "unknown";
  const actual = end === "unclean" ? await endOf(folder, run, marker?.accepted) : undefined;
  const lost = end === "stopped" ? 0 : ((report ?? actual)?.["lost"] ?? null);
  const fault =
    check.fault ?? endFault(check, end, report, actual) ?? earlierFault(check, told.first.get(run.id) ?? 1);
  return {
    run: run.id,
    files: run.files.length,
    lines,
    events: place.seq - 1,
    dropped: place.lost,
    lost: typeof lost === "number" && begins >= 1 ? lost : null,
    chained,
    hash: chained ? place.hash : null,
    end,
    fault: fault ?? null,
  };
}

function earlierFault({ run, begins }: FirstCheck, allowed: number): Fault | undefined {
  if (begins <= allowed) return undefined;
  const file = run.files[0]?.file ?? "";
  return {
    file,
    line: 1,
    kind: "missing_file",
    message: `the file with the number ${begins - 1} is missing before it`,
  };
}

function endFault(
  { run, last }: FirstCheck,
  end: RunEnd,
  report: JsonObject | undefined,
  actual: JsonObject | undefined,
): Fault | undefined {
  const at = {
    file: last?.file ?? `${run.id}.open`,
    line: last === undefined ? 0 : last.lines + Number(last.isTorn),
  };
  if (end === "stopped" || end === "running") return undefined;
  if (end === "unknown") {
    const message =
      last?.end === OWN.rotate
        ? "the file that follows is missing"
        : "the end is cut off: neither a count nor a report of an unclean end says that the run ended here";
    return { ...at, kind: last?.end === OWN.rotate ? "missing_file" : "cut_tail", message };
  }
  if (report === undefined || actual === undefined) return undefined;
  const differs = (["file", "seq", "hash", "bytes"] as const).find((name) => report[name] !== actual[name]);
  if (differs === undefined) return undefined;
  const message = `the end is another than the report of its unclean end says: ${differs} is ${String(actual[differs])} and was ${String(report[differs])}`;
  return { ...at, kind: "cut_tail", message };
}
