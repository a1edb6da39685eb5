import { join } from "node:path";
import type { Clock } from "../../time/clock.js";
import type { Logger } from "../../logger.js";
import { atExit } from "./at-exit.js";
import { spawnChild, type ChildProcess, type SpawnRequest } from "./child.js";
import { Ledger } from "./ledger.js";
import type { Platform } from "./platform/platform.js";
import { PipePool, removeStalePipes } from "./pipes.js";
import { ownPlatform } from "./platform/select.js";
import { Reaper } from "./reaper.js";
import { sweep } from "./sweep.js";

export interface ChildrenOptions {
  baseDir: string;
  env: Readonly<Record<string, string | undefined>>;
  clock: Clock;
  logger: Logger;
}

/**
 * All processes of one host. None of them keeps the program alive, and none outlives the host: `release` ends a process
 * while the host runs, the exit of the program ends the rest, the reaper when the host was killed, and the next host,
 * by the ledger, when the reaper was killed too.
 */
export class Children {
  readonly #options: ChildrenOptions;
  /** Python keeps bytecode there, and none is loaded from an extension's folder: it could be another than its source. */
  readonly #bytecode: string;
  readonly #platform: Platform;
  readonly #reaper: Reaper;
  readonly #ledger: Ledger;
  readonly #pipes = new PipePool();
  readonly #unreleased = new Set<ChildProcess>();
  #forgetExit: (() => void) | undefined;

  constructor(options: ChildrenOptions) {
    const { baseDir, env, clock, logger } = options;
    this.#options = options;
    this.#bytecode = join(baseDir, "extensions", "pycache");
    this.#platform = ownPlatform(env);
    this.#reaper = new Reaper({ command: this.#platform.reaper(process.pid), clock, logger });
    this.#ledger = new Ledger(baseDir, this.#platform, logger);
  }

  /** Ends processes that earlier hosts left behind. Never rejects. */
  async sweep(): Promise<void> {
    removeStalePipes((pid) => this.#platform.isAlive(pid));
    await Promise.all([sweep({ ...this.#options, platform: this.#platform }), this.#pipes.prepare()]);
  }

  /** Starts a process of an extension. Never throws: a refused start is reported by `exited`. */
  spawn(extension: string, request: SpawnRequest): ChildProcess {
    this.#forgetExit ??= atExit(() => this.#closeNow());
    this.#reaper.announce(request.cwd);
    const env = { ...request.env, PYTHONPYCACHEPREFIX: this.#bytecode };
    const child = spawnChild({ ...request, env }, this.#platform, this.#options.clock, this.#pipes, () =>
      this.#forget(child),
    );
    this.#unreleased.add(child);
    this.#reaper.add(child.pid);
    if (child.pid !== undefined) this.#ledger.add(child.pid, extension, () => child.exit === undefined);
    return child;
  }

  /** Lets the reaper go and removes the ledger. Call it when all children were released. */
  async close(): Promise<void> {
    this.#reaper.close();
    this.#pipes.close();
    await this.#ledger.close();
    this.#forgetExit?.();
    this.#forgetExit = undefined;
  }

  /** The program ends with this call. */
  #closeNow(): void {
    for (const child of this.#unreleased) child.release();
    this.#reaper.close();
    this.#pipes.close();
    this.#ledger.closeNow();
  }

  #forget(child: ChildProcess): void {
    this.#unreleased.delete(child);
    if (child.pid === undefined) return;
    this.#reaper.remove(child.pid);
    this.#ledger.remove(child.pid);
  }
}
