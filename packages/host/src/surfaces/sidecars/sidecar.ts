import type { Writable } from "node:stream";
import type { JsonValue } from "@synaps/sdk/protocol";
import { messageOf } from "../../errors.js";
import type { Logger } from "../../logger.js";
import type { HostLimits } from "../../options.js";
import type { ChildProcess } from "../../transport/process/child.js";
import { exitText } from "../../transport/process/diagnose.js";
import { endGroup, endedWithin } from "../../transport/process/terminate.js";
import type { SidecarFrame } from "./frames.js";

export type SidecarEvent =
  | Exclude<SidecarFrame, { type: "hello" }>
  /** The process is gone; nothing follows. It is not started again by itself. */
  | { type: "ended"; reason: string };

/** Events kept for whoever listens first, and lines that may wait for a sidecar that does not read. The reference's. */
const QUEUE = 64;

/** The process that listens or speaks for an extension while the user wants it to. */
export class Sidecar {
  readonly extension: string;
  readonly capabilities: readonly string[];
  /** Resolves with the reason when the process is gone. */
  readonly ended: Promise<string>;
  readonly #child: ChildProcess;
  readonly #limits: HostLimits;
  readonly #logger: Logger;
  readonly #listeners = new Set<(event: SidecarEvent) => void>();
  #early: SidecarEvent[] = [];
  #waiting = 0;
  #active = false;
  #dropped = 0;
  #stopping: Promise<void> | undefined;

  constructor(
    { extension, capabilities }: { extension: string; capabilities: readonly string[] },
    child: ChildProcess,
    { limits, logger }: { limits: HostLimits; logger: Logger },
  ) {
    this.extension = extension;
    this.capabilities = capabilities;
    this.#child = child;
    this.#limits = limits;
    this.#logger = logger;
    this.ended = child.exited.then((exit) => {
      const reason = exitText(exit);
      this.#active = false;
      child.release();
      this.#tell({ type: "ended", reason });
      return reason;
    });
  }

  /** Whether its last status says that it is at work. */
  get active(): boolean {
    return this.#active;
  }

  /** Events that nobody was there for, and triggers that it did not read. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Calls the listener for each event, first for up to 64 that came before. Returns how to stop that. */
  onEvent(listener: (event: SidecarEvent) => void): () => void {
    this.#listeners.add(listener);
    const early = this.#early;
    this.#early = [];
    for (const event of early) this.#call(listener, event);
    return () => void this.#listeners.delete(listener);
  }

  /** The user pressed the key. False when it is gone or has 64 lines unread. */
  press(payload?: JsonValue): boolean {
    return this.#trigger("press", payload);
  }

  /** The user let the key go. */
  release(payload?: JsonValue): boolean {
    return this.#trigger("release", payload);
  }

  /** Asks it to end and sees to it: 2 s later its process group is ended. The same promise for every caller. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  /** For the one who reads its output. */
  receive(frame: SidecarFrame): void {
    if (frame.type === "hello") return;
    if (frame.type === "status") this.#active = frame.active;
    this.#tell(frame);
  }

  /** Sends one line. False when it was not taken. */
  send(message: Readonly<Record<string, unknown>>): boolean {
    const stdin: Writable = this.#child.stdin;
    if (this.#child.exit || stdin.destroyed || stdin.writableEnded || this.#waiting >= QUEUE) {
      this.#dropped += 1;
      return false;
    }
    this.#waiting += 1;
    stdin.write(`${JSON.stringify(message)}\n`, () => (this.#waiting -= 1));
    return true;
  }

  async #stop(): Promise<void> {
    this.send({ type: "shutdown" });
    this.#child.stdin.end();
    if (!(await endedWithin(this.#child, this.#limits.sidecarStopMs))) {
      await endGroup(this.#child, this.#limits.sigtermMs);
    }
    await this.ended;
  }

  #trigger(name: "press" | "release", payload: JsonValue | undefined): boolean {
    return this.send({ type: "trigger", name, ...(payload === undefined ? {} : { payload }) });
  }

  #tell(event: SidecarEvent): void {
    if (this.#listeners.size === 0) {
      if (this.#early.length < QUEUE || event.type === "ended") this.#early.push(event);
      else this.#dropped += 1;
    }
    for (const listener of this.#listeners) this.#call(listener, event);
  }

  #call(listener: (event: SidecarEvent) => void, event: SidecarEvent): void {
    try {
      listener(event);
    } catch (error) {
      this.#logger.warn("a listener for a sidecar threw", {
        extension: this.extension,
        reason: messageOf(error),
      });
    }
  }
}
