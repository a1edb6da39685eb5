import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { messageOf } from "../../errors.js";
import { replaceFile } from "../../loading/records/change-file.js";
import type { Logger } from "../../logger.js";
import { ledgerText, type LedgerChild } from "./ledger-file.js";
import type { Platform } from "./platform/platform.js";

interface Entry {
  extension: string;
  isRunning(): boolean;
  born?: string | undefined;
  seen?: string | undefined;
}

/** The folder of the ledgers of all hosts with this base folder. */
export function ledgerFolder(baseDir: string): string {
  return join(baseDir, "extensions", "ledger");
}

/**
 * The children of this host on disk, for the next host to clear up after this one: in the base folder, as
 * `extensions/ledger/<pid>-<start time>-<random>.json`, since a program may have several hosts. Starts, ends and events
 * never wait for a write. Only the newest state is written, and no file stays when there are no children. The file is
 * not flushed to the disk: a crash of the machine ends the processes, too.
 */
export class Ledger {
  readonly #baseDir: string;
  readonly #platform: Platform;
  readonly #logger: Logger;
  readonly #hostPid: number;
  readonly #entries = new Map<number, Entry>();
  #owner: Promise<{ path: string; scope: string; born: string } | undefined> | undefined;
  #path: string | undefined;
  #writing: Promise<void> = Promise.resolve();
  #due = false;
  #warned = false;
  #closed = false;

  constructor(baseDir: string, platform: Platform, logger: Logger, hostPid: number = process.pid) {
    this.#baseDir = baseDir;
    this.#platform = platform;
    this.#logger = logger;
    this.#hostPid = hostPid;
  }

  add(pid: number, extension: string, isRunning: () => boolean): void {
    this.#entries.set(pid, { extension, isRunning });
    this.#changed();
  }

  remove(pid: number): void {
    if (this.#entries.delete(pid)) this.#changed();
  }

  /** Resolves when all changes so far are on disk, or could not be written. */
  settled(): Promise<void> {
    return this.#writing;
  }

  /** Removes the file, because no child is left. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#writing;
    this.closeNow();
  }

  /** The same, for when the program ends with this call. */
  closeNow(): void {
    this.#closed = true;
    if (this.#path === undefined) return;
    try {
      rmSync(this.#path);
    } catch {
      // There is none, or the next host finds that this one is gone, and removes it.
    }
  }

  #changed(): void {
    if (this.#due || this.#closed) return;
    this.#due = true;
    this.#writing = this.#writing.then(() => this.#write());
  }

  async #write(): Promise<void> {
    // From here on a change means another write: this one may have looked already.
    this.#due = false;
    try {
      this.#owner ??= this.#identify();
      const owner = await this.#owner;
      if (!owner) return this.#warn("the system does not tell when a process was started");
      await this.#look();
      if (this.#closed) return;
      await this.#save(owner);
    } catch (error) {
      this.#warn(messageOf(error));
    }
  }

  async #save({ path, scope, born }: { path: string; scope: string; born: string }): Promise<void> {
    const children = this.#children();
    if (children.length === 0) return rm(path, { force: true });
    const host = { pid: this.#hostPid, born };
    await replaceFile({ baseDir: this.#baseDir, path }, ledgerText({ scope, host, children }), false);
  }

  /** Finds out the facts about each child: when it was started, and until when it was there. */
  async #look(): Promise<void> {
    const fresh = [...this.#entries].filter(([, entry]) => entry.born === undefined);
    await Promise.all(
      fresh.map(async ([pid, entry]) => {
        entry.born = await this.#platform.startTime(pid);
      }),
    );
    // Ask for the time first: a child that runs afterwards ran at that time.
    const now = await this.#platform.now();
    for (const entry of this.#entries.values()) if (entry.isRunning()) entry.seen = now;
  }

  #children(): LedgerChild[] {
    return [...this.#entries].flatMap(([pid, { extension, born, seen }]) =>
      born === undefined ? [] : [{ pid, born, extension, seen }],
    );
  }

  async #identify(): Promise<{ path: string; scope: string; born: string } | undefined> {
    const born = await this.#platform.startTime(this.#hostPid);
    if (born === undefined) return undefined;
    const scope = await this.#platform.scope();
    const name = `${this.#hostPid}-${born}-${randomBytes(4).toString("hex")}`;
    this.#path = join(ledgerFolder(this.#baseDir), `${name}.json`);
    return { path: this.#path, scope, born };
  }

  #warn(reason: string): void {
    if (this.#warned) return;
    this.#warned = true;
    const hint = "should the host be killed together with its reaper, its extensions may run on";
    this.#logger.warn("the record of extension processes could not be written", { reason, hint });
  }
}
