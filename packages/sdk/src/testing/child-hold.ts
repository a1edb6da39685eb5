import type { ChildProcessWithoutNullStreams } from "node:child_process";
import type { Socket } from "node:net";

/** Children that have not ended. One listener ends them all, however many harnesses there are. */
const running = new Set<ChildProcessWithoutNullStreams>();

/**
 * Keeps the program alive only while somebody waits for the child: a test that fails before `stop` must not keep its
 * runner from ending. The child is killed when the program ends first.
 */
export class ChildHold {
  readonly #child: ChildProcessWithoutNullStreams;
  #holds = 0;

  constructor(child: ChildProcessWithoutNullStreams) {
    this.#child = child;
    if (running.size === 0) process.on("exit", killAll);
    running.add(child);
    const release = (): void => {
      running.delete(child);
      if (running.size === 0) process.off("exit", killAll);
    };
    child.once("exit", release);
    child.once("error", () => child.pid === undefined && release());
    this.#apply();
  }

  /** Keeps the program alive until the promise is settled. */
  async during<T>(work: Promise<T>): Promise<T> {
    this.take();
    try {
      return await work;
    } finally {
      this.release();
    }
  }

  take(): void {
    this.#holds += 1;
    if (this.#holds === 1) this.#apply();
  }

  release(): void {
    this.#holds -= 1;
    if (this.#holds === 0) this.#apply();
  }

  #apply(): void {
    const { stdin, stdout, stderr } = this.#child;
    const how = this.#holds > 0 ? "ref" : "unref";
    for (const handle of [this.#child, ...([stdin, stdout, stderr] as unknown[] as Socket[])])
      handle[how]?.();
  }
}

function killAll(): void {
  for (const child of running) child.kill("SIGKILL");
}
