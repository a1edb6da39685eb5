import { mkdir, open, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { Ledger } from "./ledger.js";

/** A file as it stands on the disk. `includes` names runs whose costs are in it: what they left behind counts no more. */
interface Stored {
  run: string;
  includes: string[];
  ledger: Ledger;
}

export interface StoreOptions {
  folder: string;
  /** Milliseconds since 1970. */
  nowMs(): number;
  log(line: string): void;
  /** True while a process of this number runs. */
  isAlive(pid: number): boolean;
}

/** `costs.<start>-<process>.<n>.json`: 0 is the process's own file, from 1 on those that it took over. */
const NAME = /^costs\.\d+-(\d+)\.\d+\.json$/;
/** A file that its process was writing. */
const HALF = /^costs\.\d+-(\d+)\.0\.json\.new$/;
/** Far above what the bounds of a ledger allow. */
const MAX_FILE_BYTES = 8 * 1024 * 1024;
const LOOK_EVERY_MS = 1_000;
const MODE = { file: 0o600, folder: 0o700 };

/**
 * Keeps a ledger in a folder that several processes may share. Each process writes one file of its own, as a whole and
 * under another name first, so that every reader sees a whole one. At its start it takes over the files of processes that
 * are gone. Never delays who counts: one write at a time, and what came meanwhile goes with the next.
 */
export class Store {
  readonly own = new Ledger();
  #others = new Ledger();
  readonly #options: StoreOptions;
  readonly #run: string;
  /** True once what was left behind is in `own`. */
  #isOpen = false;
  /** Files that are in `own` and go once that is written, with the runs that they hold. */
  #taken: string[] = [];
  #includes: string[] = [];
  #takenSoFar = 0;
  #writing: Promise<void> | undefined;
  #isDirty = false;
  #failing: string | undefined;
  /** Reason for which the last look at other processes failed. */
  #blind: string | undefined;
  #seen = "";
  #lookedAtMs = Number.NEGATIVE_INFINITY;

  constructor(options: StoreOptions) {
    this.#options = options;
    this.#run = `${options.nowMs()}-${process.pid}`;
  }

  /** Costs that other running processes have counted, as far as they have written them. */
  get others(): Ledger {
    return this.#others;
  }

  /** Reason for which the last write failed; undefined when it did not. */
  get failing(): string | undefined {
    return this.#failing;
  }

  /** Takes over what was left behind. A folder that cannot be used is told, and tried again at each change. */
  async open(): Promise<void> {
    await this.#trying(async () => {
      await this.#takeOver();
      if (this.#taken.length > 0) await this.#write();
      await this.#lookAtOthers();
    });
  }

  /** To be called after each change of `own`. Returns at once. */
  changed(): void {
    this.#isDirty = true;
    this.#writing ??= this.#writeAll().finally(() => (this.#writing = undefined));
  }

  /** Looks in the background, at most once a second, at what other processes have counted. */
  look(): void {
    const now = this.#options.nowMs();
    if (!this.#isOpen || Math.abs(now - this.#lookedAtMs) < LOOK_EVERY_MS) return;
    this.#lookedAtMs = now;
    void this.#lookAtOthers().then(
      () => this.#looked(undefined),
      (error: unknown) => this.#looked(reasonOf(error)),
    );
  }

  /** Tells of the first look that failed, and when it is over: a process that spends nothing never writes. */
  #looked(problem: string | undefined): void {
    const isChange = (problem === undefined) !== (this.#blind === undefined);
    this.#blind = problem;
    if (!isChange) return;
    this.#options.log(
      problem === undefined
        ? "The costs of other processes are read again."
        : `The costs of other processes cannot be read and count as they were last: ${problem}. This is tried again at each look.`,
    );
  }

  /** Resolves when everything is written that was counted before. */
  async close(): Promise<void> {
    await this.#writing;
  }

  async #writeAll(): Promise<void> {
    while (this.#isDirty) {
      this.#isDirty = false;
      await this.#trying(async () => {
        await this.#takeOver();
        await this.#write();
        await this.#lookAtOthers();
      });
    }
  }

  /** Reads what other processes have counted, if one of their files has changed. */
  async #lookAtOthers(): Promise<void> {
    const names = (await this.#names()).filter((name) => !name.startsWith(`costs.${this.#run}.`));
    const stats = await Promise.all(names.map((name) => this.#stampOf(name)));
    const seen = stats.join(" ");
    if (seen === this.#seen) return;
    this.#others = sumOf(await this.#read(names));
    this.#seen = seen;
  }

  async #stampOf(name: string): Promise<string> {
    return stat(this.#path(name)).then(
      ({ mtimeMs, size, ino }) => `${name} ${mtimeMs} ${size} ${ino}`,
      () => "",
    );
  }

  /** Renames the files of processes that are gone, which only one process can do, and counts what they hold as its own. */
  async #takeOver(): Promise<void> {
    if (this.#isOpen) return;
    await mkdir(this.#options.folder, { recursive: true, mode: MODE.folder });
    const taken: string[] = [];
    for (const name of await this.#left(HALF)) await rm(this.#path(name), { force: true });
    for (const name of await this.#left(NAME)) {
      this.#takenSoFar += 1;
      const mine = `costs.${this.#run}.${this.#takenSoFar}.json`;
      const isMine = await rename(this.#path(name), this.#path(mine)).then(
        () => true,
        () => false,
      );
      if (isMine) taken.push(mine);
    }
    const left = await this.#read(taken);
    this.own.merge(sumOf(left));
    this.#includes = left.map(({ run }) => run);
    this.#taken = taken;
    this.#isOpen = true;
  }

  /** Names of files whose process is gone. The number of this very process stood for another one before. */
  async #left(form: RegExp): Promise<string[]> {
    const names = await readdir(this.#options.folder);
    return names.sort().filter((name) => {
      const pid = Number(form.exec(name)?.[1]);
      return !Number.isNaN(pid) && (pid === process.pid || !this.#options.isAlive(pid));
    });
  }

  async #names(): Promise<string[]> {
    return (await readdir(this.#options.folder)).filter((name) => NAME.test(name)).sort();
  }

  /** A file that cannot be read is put aside and told. */
  async #read(names: readonly string[]): Promise<Stored[]> {
    const read = await Promise.all(
      names.map(async (name) => {
        const path = this.#path(name);
        try {
          if ((await stat(path)).size > MAX_FILE_BYTES)
            throw new Error(`it is larger than ${MAX_FILE_BYTES} bytes`);
          return parse(await readFile(path, "utf8"));
        } catch (error) {
          // Taken over by another process in this moment; its costs come with that one's file.
          if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
          const aside = `${name}.unreadable`;
          const kept = await rename(path, this.#path(aside)).then(
            () => `It is kept as ${aside}`,
            (failure: unknown) =>
              `It stays where it is, because it cannot be put aside (${reasonOf(failure)})`,
          );
          this.#options.log(
            `${path} is no file of costs: ${reasonOf(error)}. ${kept}, and its costs are not counted.`,
          );
          return undefined;
        }
      }),
    );
    return read.filter((stored) => stored !== undefined);
  }

  async #write(): Promise<void> {
    const path = this.#path(`costs.${this.#run}.0.json`);
    const text = JSON.stringify({
      version: 1,
      run: this.#run,
      includes: this.#includes,
      ...this.own.toJson(),
    });
    const file = await open(`${path}.new`, "w", MODE.file);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(`${path}.new`, path);
    for (const name of this.#taken) await rm(this.#path(name), { force: true });
    this.#taken = [];
    this.#includes = [];
  }

  /** Tells of the first failure, and when it is over. */
  async #trying(work: () => Promise<void>): Promise<void> {
    try {
      await work();
      if (this.#failing !== undefined) this.#options.log("The costs are saved again.");
      this.#failing = undefined;
    } catch (error) {
      const isNew = this.#failing === undefined;
      this.#failing = reasonOf(error);
      if (isNew)
        this.#options.log(
          `The costs cannot be saved and are counted in memory only: ${this.#failing}. This is tried again at each change.`,
        );
    }
  }

  #path(name: string): string {
    return join(this.#options.folder, name);
  }
}

/** A run that another file includes was taken over there and does not count again. */
function sumOf(stored: readonly Stored[]): Ledger {
  const included = new Set(stored.flatMap(({ includes }) => includes));
  const sum = new Ledger();
  for (const { run, ledger } of stored) if (!included.has(run)) sum.merge(ledger);
  return sum;
}

function parse(text: string): Stored {
  const value = JSON.parse(text) as Record<string, unknown> | null;
  if (typeof value !== "object" || value === null || value["version"] !== 1)
    throw new Error("it has no version 1");
  const { run, includes } = value;
  const isList = Array.isArray(includes) && includes.every((name) => typeof name === "string");
  if (typeof run !== "string" || !isList) throw new Error("it does not say whose costs it has");
  return { run, includes, ledger: Ledger.fromJson(value) };
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
