import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A file of ours holds a few names. A larger one is not ours any more. */
const MOST_BYTES = 64 * 1024;

/** Stands for everything: owed instead of what a damaged file does not say. */
const EVERYTHING = "all";

/**
 * Invalidations that could not be carried out yet, also on the disk: a process that ends before it could leaves them to the
 * next one. Files of several processes stand side by side.
 */
export class Owed {
  readonly #folder: string;
  readonly #start: string;
  readonly #note: (line: string) => void;
  /** Groups, with the number of the latest invalidation of each. */
  readonly #groups = new Map<string, number>();
  /** Files of earlier processes that are carried out with the own ones. */
  #taken: string[] = [];
  #number = 0;
  #isOnDisk = false;

  /** `place`: names the store; what is owed to another one stays with it. */
  constructor(folder: string, place: string, note: (line: string) => void) {
    this.#folder = join(folder, "data");
    this.#start = `owed-${createHash("sha256").update(place).digest("hex").slice(0, 12)}-`;
    this.#note = note;
    this.#load();
  }

  get size(): number {
    return this.#groups.size;
  }

  has(groups: readonly string[]): boolean {
    return (
      this.#groups.size > 0 && (this.#groups.has(EVERYTHING) || groups.some((one) => this.#groups.has(one)))
    );
  }

  add(groups: readonly string[]): void {
    this.#number += 1;
    for (const group of groups) this.#groups.set(group, this.#number);
  }

  /** What is owed now, for `settled`. */
  get list(): ReadonlyMap<string, number> {
    return new Map(this.#groups);
  }

  /** Strikes out what was carried out. A group that was invalidated again meanwhile stays. */
  settled(list: ReadonlyMap<string, number>): void {
    for (const [group, number] of list) if (this.#groups.get(group) === number) this.#groups.delete(group);
    if (this.#groups.size > 0) return;
    for (const file of [...this.#taken, ...(this.#isOnDisk ? [this.#own] : [])])
      rmSync(file, { force: true });
    this.#taken = [];
    this.#isOnDisk = false;
  }

  /** Writes what is owed to the disk. A disk that does not take it is told of, and this process remembers all the same. */
  save(): void {
    try {
      mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
      writeFileSync(this.#own, JSON.stringify([...this.#groups.keys()]), { mode: 0o600, flush: true });
      this.#isOnDisk = true;
    } catch (error) {
      const { code } = error as { code?: string };
      this.#note(
        `invalidations that wait for Redis cannot be written down (${code}): they end with this process`,
      );
    }
  }

  get #own(): string {
    return join(this.#folder, `${this.#start}${process.pid}.json`);
  }

  #load(): void {
    let names: string[] = [];
    try {
      names = readdirSync(this.#folder).filter((name) => name.startsWith(this.#start));
    } catch {
      // There is no such folder: nothing is owed.
    }
    this.#taken = names.map((name) => join(this.#folder, name));
    for (const file of this.#taken) this.add(groupsIn(file));
  }
}

/** Everything, for a file that does not hold a list of names. */
function groupsIn(file: string): string[] {
  try {
    if (statSync(file).size > MOST_BYTES) return [EVERYTHING];
    const found: unknown = JSON.parse(readFileSync(file, "utf8"));
    if (Array.isArray(found) && found.every((one): one is string => typeof one === "string")) return found;
  } catch {
    // Cut off by a kill, or changed by hand.
  }
  return [EVERYTHING];
}
