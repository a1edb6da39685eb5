import { readFileSync, statSync, writeSync } from "node:fs";
import { open, rename, unlink, type FileHandle } from "node:fs/promises";
import { join } from "node:path";

/** Digits of the count at the beginning of a marker: enough for every safe integer. */
const DIGITS = 16;
/**
 * Age up to which a marker without content counts as one that its process is about to fill. That takes microseconds; an
 * older one was left empty, by a loss of power or a full disk.
 */
const FILLED_WITHIN_MS = 10_000;

/**
 * A file that stands beside the log of a running process and is removed by a clean stop. It counts the events that were
 * taken in, so that the next start can tell how many of a killed process never reached its log. The count is with the
 * operating system before the program goes on, and survives the process.
 */
export class Marker {
  readonly #handle: FileHandle;
  readonly path: string;

  private constructor(path: string, handle: FileHandle) {
    this.path = path;
    this.#handle = handle;
  }

  /** Rejects with what the file system says, `EEXIST` for a run that exists. */
  static async create(folder: string, id: string, pid: number): Promise<Marker> {
    const path = join(folder, `${id}.open`);
    const marker = new Marker(path, await open(path, "wx", 0o600));
    try {
      const owner = JSON.stringify({ pid, born: bornAt(pid) });
      await marker.#handle.write(`${"0".repeat(DIGITS)}\n${owner}\n`, 0);
    } catch (error) {
      // Each further try would leave a file and an open number behind.
      await marker.close(true);
      throw error;
    }
    return marker;
  }

  /**
   * Writes over the same bytes, so that a full disk has room for it, and before anything else of the program goes on. Returns
   * false when it could not be written.
   */
  count(events: number): boolean {
    try {
      writeSync(this.#handle.fd, String(events).padStart(DIGITS, "0"), 0);
      return true;
    } catch {
      return false;
    }
  }

  /** `isEnd`: the run ended cleanly. Otherwise the file stays, and the next start reports the run. Never rejects. */
  async close(isEnd: boolean): Promise<void> {
    // Where one of them fails, the run is reported by the next start: a word too many is better than one too few.
    await Promise.allSettled([this.#handle.close(), isEnd ? unlink(this.path) : undefined]);
  }
}

/** The state of a run, as its marker has it. */
export interface MarkerState {
  /** Events that were taken in; undefined when the marker cannot be read. */
  readonly accepted: number | undefined;
  /** True while the process of the run is there. */
  readonly isAlive: boolean;
}

/**
 * Reads a marker. Never throws: of a marker that cannot be read, the process counts as ended, except in the moment between
 * the making of the file and its first bytes.
 */
export function readMarker(folder: string, file: string): MarkerState {
  const path = join(folder, file);
  try {
    const text = readFileSync(path, "utf8");
    if (text === "") return { accepted: undefined, isAlive: isBeingFilled(path) };
    const [count = "", owner = ""] = text.split("\n");
    const accepted = /^\d{16}$/.test(count) ? Number(count) : undefined;
    const { pid, born } = JSON.parse(owner) as { pid: unknown; born: unknown };
    if (typeof pid !== "number" || !Number.isSafeInteger(pid) || pid <= 0)
      return { accepted, isAlive: false };
    return { accepted, isAlive: isAlive(pid, typeof born === "string" ? born : undefined) };
  } catch {
    return { accepted: undefined, isAlive: false };
  }
}

/** The number of the process is in the name before the content is there. */
function isBeingFilled(path: string): boolean {
  const pid = Number(/-(\d{1,10})\.open/.exec(path)?.[1] ?? "0");
  const ageMs = Math.abs(Date.now() - statSync(path).mtimeMs);
  return pid > 0 && ageMs < FILLED_WITHIN_MS && isAlive(pid, undefined);
}

/**
 * Takes the marker of an ended run, so that one process reports it and no other. Returns how to remove it once the report
 * is written, which rejects with what the file system says; undefined when another process was faster. A taker that dies
 * first leaves it to the next.
 */
export async function claim(
  folder: string,
  file: string,
  pid: number,
): Promise<(() => Promise<void>) | undefined> {
  const claimed = file.replace(/\.open(?:-\d+)?$/, `.open-${pid}`);
  const taker = Number(/\.open-(\d+)$/.exec(file)?.[1] ?? "0");
  if (taker !== 0 && taker !== pid && isAlive(taker, undefined)) return undefined;
  try {
    await rename(join(folder, file), join(folder, claimed));
  } catch {
    return undefined;
  }
  return () => unlink(join(folder, claimed));
}

function isAlive(pid: number, born: string | undefined): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return false;
  }
  // Numbers of processes are given again: with another birthday it is another process.
  const now = bornAt(pid);
  return born === undefined || now === undefined || born === now;
}

/** Where the system tells it, the moment at which the process started, in the system's own measure. */
function bornAt(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  } catch {
    return undefined;
  }
}
