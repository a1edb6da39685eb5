import type { Writable } from "node:stream";
import type { JsonValue } from "@synaps/sdk/protocol";
import { Listeners } from "../../listeners.js";
import type { Logger } from "../../logger.js";
import type { HostLimits } from "../../options.js";
import type { Activity } from "../../time/activity.js";
import type { ChildProcess } from "../../transport/process/child.js";
import { exitText } from "../../transport/process/diagnose.js";
import { drained } from "../../transport/process/drained.js";
import { endGroup, endedWithin } from "../../transport/process/terminate.js";
import type { SidecarFrame } from "./frames.js";

/** Something that a sidecar reports, or its end. Nothing follows `ended`. */
export type SidecarEvent =
  | Exclude<SidecarFrame, { type: "hello" }>
  /** The process is gone; nothing follows. It is not started again by itself. */
  | { type: "ended"; reason: string };

/** Events kept for the first listener, and lines that may wait for a sidecar that does not read. The reference's. */
const QUEUE = 64;

/** The process that listens or speaks for an extension while the user wants it to. */
export class Sidecar {
  readonly extension: string;
  readonly capabilities: readonly string[];
  /** Resolves with the reason when the process is gone. */
  readonly ended: Promise<string>;
  readonly #child: ChildProcess;
  readonly #limits: HostLimits;
  readonly #activity: Activity;
  readonly #listeners: Listeners<[SidecarEvent]>;
  #early: SidecarEvent[] = [];
  #waiting = 0;
  #active = false;
  #pressed = false;
  #dropped = 0;
  #stopping: Promise<void> | undefined;

  constructor(
    { extension, capabilities }: { extension: string; capabilities: readonly string[] },
    child: ChildProcess,
    { limits, logger, activity }: { limits: HostLimits; logger: Logger; activity: Activity },
  ) {
    this.extension = extension;
    this.capabilities = capabilities;
    this.#child = child;
    this.#limits = limits;
    this.#activity = activity;
    this.#listeners = new Listeners(logger, `the sidecar of '${extension}'`);
    this.ended = child.exited.then(async (exit) => {
      // The last frames of a sidecar, perhaps its result, may still lie in the pipe.
      await drained(child, limits.exitDrainMs);
      const reason = exitText(exit);
      this.#active = false;
      child.release();
      this.#tell({ type: "ended", reason });
      return reason;
    });
  }

  /** True if the last status says that the sidecar is at work. */
  get active(): boolean {
    return this.#active;
  }

  /** Number of events that came without a listener, and of triggers that the sidecar did not read. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Calls the listener for each event, first for up to 64 earlier events. Returns how to stop that. */
  onEvent(listener: (event: SidecarEvent) => void): () => void {
    const stop = this.#listeners.listen(listener);
    const early = this.#early;
    this.#early = [];
    for (const event of early) this.#listeners.tellOne(listener, event);
    return stop;
  }

  /** The user pressed the key. False when the sidecar is gone or has 64 lines unread. */
  press(payload?: JsonValue): boolean {
    const taken = this.#trigger("press", payload);
    if (taken) this.#pressed = true;
    return taken;
  }

  /** The user let the key go. */
  release(payload?: JsonValue): boolean {
    const taken = this.#trigger("release", payload);
    if (taken) this.#pressed = false;
    return taken;
  }

  /** True between `press` and `release`. */
  get pressed(): boolean {
    return this.#pressed;
  }

  /** Presses, or releases what is pressed: for a key that is hit and not held. False as for `press`. */
  toggle(): boolean {
    return this.#pressed ? this.release() : this.press();
  }

  /** Asks the sidecar to end, and ends its process group 2 s later. The same promise for every caller. */
  stop(): Promise<void> {
    this.#stopping ??= this.#activity.during(this.#stop());
    return this.#stopping;
  }

  /** Takes a frame that the sidecar printed. */
  receive(frame: SidecarFrame): void {
    if (frame.type === "hello") return;
    if (frame.type === "status") this.#active = frame.active;
    this.#tell(frame);
  }

  /** Sends one line. False when the line was not taken. */
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
    this.#listeners.tell(event);
  }
}
