import { readdir } from "node:fs/promises";
import { timeOf } from "./line.js";

/** One file of a run. */
export interface RunFile {
  /** Name in its folder. */
  readonly file: string;
  /** Place in the run, from 1. */
  readonly n: number;
}

/** All files that one writer in one process wrote, in their order. */
export interface Run {
  /** Name of the log, time of the start and process id: what all names of its files begin with. */
  readonly id: string;
  /** The start as the name has it, for sorting. */
  readonly stamp: string;
  readonly files: readonly RunFile[];
  /** Name of the file that stands there while the run has not ended cleanly; undefined when there is none. */
  readonly marker: string | undefined;
}

const FILE = /^(.+\.(\d{8}T\d{9}Z)-\d{1,10})\.(\d{1,9})(?:\.[A-Za-z0-9]{1,16})$/;
const MARKER = /^(.+\.(\d{8}T\d{9}Z)-\d{1,10})\.open(?:-\d{1,10})?$/;

/** The beginning of the names of all files of a run. */
export function runId(name: string, wallMs: number, pid: number): string {
  const stamp = timeOf(wallMs).replace(/[-:.]/g, "");
  return `${name}.${stamp}-${pid}`;
}

export function fileName(id: string, n: number, ending: string): string {
  return `${id}.${n}${ending}`;
}

/** The runs in a folder, the earliest start first. Other files are passed over. Rejects when the folder cannot be read. */
export async function runsIn(folder: string): Promise<Run[]> {
  const found = new Map<string, { stamp: string; files: RunFile[]; marker: string | undefined }>();
  const runOf = (id: string, stamp: string): { files: RunFile[]; marker: string | undefined } => {
    const run = found.get(id) ?? { stamp, files: [], marker: undefined };
    found.set(id, run);
    return run;
  };
  for (const file of await readdir(folder)) {
    const [, markerOf, markerStamp] = MARKER.exec(file) ?? [];
    if (markerOf !== undefined && markerStamp !== undefined) {
      runOf(markerOf, markerStamp).marker = file;
      continue;
    }
    const [, id, stamp, n] = FILE.exec(file) ?? [];
    if (id !== undefined && stamp !== undefined) runOf(id, stamp).files.push({ file, n: Number(n) });
  }
  return [...found]
    .map(([id, run]) => ({ id, ...run, files: run.files.sort((a, b) => a.n - b.n) }))
    .sort((a, b) => (a.stamp < b.stamp || (a.stamp === b.stamp && a.id < b.id) ? -1 : 1));
}
