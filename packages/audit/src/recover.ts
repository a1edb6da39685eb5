import { open } from "node:fs/promises";
import { join } from "node:path";
import type { JsonObject } from "@synaps/sdk/protocol";
import { eventsIn, parseLine, type ReadLine } from "./line.js";
import { claim, readMarker } from "./marker.js";
import { messageOf } from "./message-of.js";
import { runsIn, type Run } from "./run-files.js";

/** Bytes from the end of a file in which its last whole line is looked for; a longer line counts as torn. */
const TAIL_BYTES = 4 * 1024 * 1024;

/** A run that was not ended cleanly, as the next start writes it down. */
export interface UncleanEnd {
  readonly metadata: JsonObject;
  /** To be called once it is written: nobody else reports it then. */
  readonly done: () => Promise<void>;
}

/** The runs in a folder whose process is gone and that nobody has reported. `own` is passed over. */
export async function uncleanEnds(
  folder: string,
  name: string,
  own: string,
  pid: number,
): Promise<UncleanEnd[]> {
  const found: UncleanEnd[] = [];
  for (const run of await runsIn(folder)) {
    if (run.marker === undefined || run.id === own || !run.id.startsWith(`${name}.`)) continue;
    const { isAlive, accepted } = readMarker(folder, run.marker);
    if (isAlive) continue;
    const done = await claim(folder, run.marker, pid);
    if (done) found.push({ metadata: await endOf(folder, run, accepted), done });
  }
  return found;
}

/**
 * The end of a run as its last file has it. `lost` is null when the marker did not say how many events there were, and when
 * a file cannot be read: `unreadable` has the reason then.
 */
export async function endOf(folder: string, run: Run, accepted: number | undefined): Promise<JsonObject> {
  const { file, line, bytes, torn, unreadable } = await lastOf(folder, run);
  const next = line === undefined ? 1 : line.seq + eventsIn(line);
  return {
    run: run.id,
    file: file ?? null,
    seq: next,
    hash: line?.hash ?? null,
    bytes,
    torn_bytes: torn,
    lost: accepted === undefined || unreadable !== undefined ? null : Math.max(0, accepted - (next - 1)),
    ...(unreadable === undefined ? {} : { unreadable }),
  };
}

/** The end of the last file that has a line: a process may have been killed before the first line of the next. */
async function lastOf(folder: string, { files }: Run): Promise<FileEnd & { file: string | undefined }> {
  for (const { file } of files.toReversed()) {
    const end = await lastLine(join(folder, file)).catch(unreadableEnd);
    if (end.line !== undefined || end.unreadable !== undefined) return { ...end, file };
  }
  return { ...NOTHING, file: files.at(-1)?.file };
}

interface FileEnd {
  readonly line: ReadLine | undefined;
  /** Bytes up to the end of the last whole line. */
  readonly bytes: number;
  /** Bytes behind it. */
  readonly torn: number;
  /** Reason why the file cannot be read. */
  readonly unreadable?: string;
}

function unreadableEnd(error: unknown): FileEnd {
  return { ...NOTHING, unreadable: messageOf(error) };
}

const NOTHING: FileEnd = { line: undefined, bytes: 0, torn: 0 };

async function lastLine(path: string): Promise<FileEnd> {
  const handle = await open(path, "r");
  try {
    const { size } = await handle.stat();
    const length = Math.min(size, TAIL_BYTES);
    const { buffer } = await handle.read(Buffer.alloc(length), 0, length, size - length);
    const end = buffer.lastIndexOf(0x0a);
    if (end < 0) return { ...NOTHING, torn: size };
    const start = end === 0 ? 0 : buffer.lastIndexOf(0x0a, end - 1) + 1;
    const torn = length - end - 1;
    return { line: parseLine(buffer.subarray(start, end)), bytes: size - torn, torn };
  } finally {
    await handle.close();
  }
}
