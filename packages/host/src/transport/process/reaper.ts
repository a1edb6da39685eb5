import { spawn, type ChildProcess } from "node:child_process";
import type { Clock } from "../../time/clock.js";
import { messageOf } from "../../errors.js";
import type { Logger } from "../../logger.js";
import type { ReaperCommand } from "./platform/platform.js";

/** One that ends sooner is not started again before the next child is: it would only end again. */
const SHORT_LIFE_MS = 1_000;

export interface ReaperServices {
  command: ReaperCommand;
  clock: Clock;
  logger: Logger;
}

/**
 * The host's end of the one process that kills the children of a host that cannot do it any more, because it was
 * killed itself. Started with the first child, and again when it ends before the host. It keeps no program alive and
 * nothing ever waits for it: without it, the next host clears up.
 */
export class Reaper {
  readonly #services: ReaperServices;
  readonly #groups = new Set<number>();
  #process: ChildProcess | undefined;
  #startedMs = 0;
  #warned = false;
  #closed = false;

  constructor(services: ReaperServices) {
    this.#services = services;
  }

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** A child is about to be started in a folder. Starts the reaper if there is none. */
  announce(folder: string): void {
    if (this.#closed) return;
    if (!this.#process) this.#begin();
    // A line break would let the name of a folder say anything in this language.
    if (!/[\r\n]/.test(folder)) this.#say(`?${folder}`);
  }

  /** The announced child runs and leads a group, or could not be started. */
  add(group: number | undefined): void {
    if (group !== undefined) this.#groups.add(group);
    this.#say(group === undefined ? "?" : `+${group}`);
  }

  /** The group was killed, or is nobody's any more. */
  remove(group: number): void {
    if (this.#groups.delete(group)) this.#say(`-${group}`);
  }

  /** Lets the process go. Groups that were not removed are killed by it. */
  close(): void {
    this.#closed = true;
    this.#process?.stdin?.end();
  }

  #start(): ChildProcess | undefined {
    const { command, clock } = this.#services;
    this.#startedMs = clock.now();
    let started: ChildProcess;
    try {
      started = spawn(command.command, [...command.args], {
        cwd: "/",
        env: { ...command.env },
        stdio: ["pipe", "ignore", "ignore"],
        // A session of its own: no terminal, and no signal that is meant for the host's group.
        detached: true,
        windowsHide: true,
      });
    } catch (error) {
      this.#warn(messageOf(error));
      return undefined;
    }
    started.stdin?.on("error", () => {}); // EPIPE: its exit follows.
    started.once("error", (error) => this.#gone(started, messageOf(error)));
    started.once("exit", (code, signal) => this.#gone(started, `it ended by ${signal ?? `code ${code}`}`));
    started.unref();
    (started.stdin as { unref?(): void } | null)?.unref?.();
    return started;
  }

  #gone(ended: ChildProcess, why: string): void {
    if (this.#process !== ended) return;
    this.#process = undefined;
    ended.stdin?.destroy();
    if (this.#closed) return;
    this.#warn(why);
    const { clock } = this.#services;
    if (this.#groups.size === 0 || clock.now() - this.#startedMs < SHORT_LIFE_MS) return;
    this.#begin();
  }

  #begin(): void {
    this.#process = this.#start();
    for (const group of this.#groups) this.#say(`+${group}`);
  }

  /** A small write to a pipe is in it when this returns, so that it counts even if the host is killed next. */
  #say(line: string): void {
    const stdin = this.#process?.stdin;
    if (stdin?.writable) stdin.write(`${line}\n`);
  }

  #warn(reason: string): void {
    if (this.#warned) return;
    this.#warned = true;
    const hint = "should the host be killed, its extensions may run on until the next start";
    this.#services.logger.warn("the reaper of extension processes ended", { reason, hint });
  }
}
