import type { Readable } from "node:stream";
import { FrameReader, type FrameProblem, type OpenPart } from "@synaps/sdk/framing";
import {
  classifyMessage,
  inexactNumbers,
  MAY_LOSE_DIGITS,
  type RequestId,
  type WireError,
} from "@synaps/sdk/protocol";
import type { Clock } from "../../time/clock.js";
import { FloodBrake } from "../flood-brake.js";
import type { RequestTable } from "./request-table.js";

export interface SorterEvents {
  onStray(bytes: number, sample: string): void;
  onProblem(problem: FrameProblem | { type: "not_a_message"; reason: string; sample: string }): void;
  /** `inexact`: JSON pointers of integers in the parameters whose digits were lost in parsing. */
  onNotification(method: string, params: unknown, inexact: readonly string[]): void;
  onRequest(id: RequestId, method: string, params: unknown, inexact: readonly string[]): void;
  /** An answer came to a request that nobody waits for any more. */
  onLateReply(): void;
  /** The output ended. */
  onEnd(): void;
}

/** Places that are looked for in one message: the first one is reason enough to refuse. */
const MOST_INEXACT = 8;

/**
 * Reads one process's output and sorts it: answers go to whoever waits for them in the table, the rest to the events.
 * Output that nobody asked for is braked, so that a flood costs its sender time and not the host.
 */
export class FrameSorter {
  readonly #stdout: Readable;
  readonly #clock: Clock;
  readonly #requests: RequestTable;
  readonly #events: SorterEvents;
  readonly #frames: FrameReader;
  /** Holds the pipe back during a flood. */
  readonly brake: FloodBrake;
  /** True if something came since the last look that nobody had asked for, or an answer that somebody had. */
  #unasked = false;
  #asked = false;
  /** Time spent on chunks since the last whole message: a large message comes in many. */
  #costMs = 0;
  /** Time of the last bytes, of whatever kind: a sign of life. */
  heardMs: number;
  readonly #onEnd: () => void;

  constructor(stdout: Readable, clock: Clock, requests: RequestTable, events: SorterEvents) {
    this.#stdout = stdout;
    this.#clock = clock;
    this.#requests = requests;
    this.#events = events;
    this.heardMs = clock.now();
    this.brake = new FloodBrake(clock, stdout);
    this.#frames = new FrameReader({
      onMessage: this.#sort,
      onStray: (bytes, sample) => {
        this.#unasked = true;
        events.onStray(bytes, sample);
      },
      onProblem: (problem) => {
        this.#unasked = true;
        events.onProblem(problem);
      },
    });
    this.#onEnd = () => events.onEnd();
    stdout.on("data", this.#read);
    stdout.once("end", this.#onEnd);
    stdout.once("close", this.#onEnd);
  }

  /** The message that has begun to arrive and has no end yet. */
  get open(): OpenPart | undefined {
    return this.#frames.open;
  }

  dispose(): void {
    this.brake.stop();
    this.#stdout.off("data", this.#read);
    this.#stdout.off("end", this.#onEnd);
    this.#stdout.off("close", this.#onEnd);
  }

  readonly #read = (chunk: Buffer): void => {
    const fromMs = this.#clock.now();
    this.heardMs = fromMs;
    this.#frames.push(chunk);
    if (this.#asked && !this.#unasked) {
      this.#asked = false;
      this.#costMs = 0;
      return;
    }
    const nowMs = this.#clock.now();
    this.#costMs += nowMs - fromMs;
    if (!this.#unasked) return;
    this.brake.charge(this.#costMs, nowMs, this.#requests.size > 0);
    this.#asked = false;
    this.#unasked = false;
    this.#costMs = 0;
  };

  readonly #sort = (value: unknown, text: string): void => {
    // The form of nearly all messages, without a look at what else it could be. Only null has no members to look for.
    if (value !== null) {
      const { id, method, result, error } = value as Record<string, unknown>;
      if (typeof id === "number" && result !== undefined && method === undefined && error === undefined)
        return this.#answer(id, undefined, result, text);
    }
    this.#sortOther(value, text);
  };

  #sortOther(value: unknown, text: string): void {
    const message = classifyMessage(value);
    switch (message.type) {
      case "request":
        this.#unasked = true;
        return this.#events.onRequest(message.id, message.method, message.params, inexactIn("params", text));
      case "notification":
        this.#unasked = true;
        return this.#events.onNotification(message.method, message.params, inexactIn("params", text));
      case "response": {
        const { id, error, result } = message;
        const wireId = typeof id === "string" && /^\d{1,15}$/.test(id) ? Number(id) : id;
        if (typeof wireId === "number") return this.#answer(wireId, error, result, text);
        // Old extensions answer notifications with `id: null`.
        this.#unasked = true;
        if (wireId === null) return;
        return this.#reject("a response id must be a number", text);
      }
      case "invalid":
        return this.#reject(message.problem, text);
    }
  }

  #answer(id: number, error: WireError | undefined, result: unknown, text: string): void {
    const waiting = this.#requests.take(id);
    if (waiting === undefined) return this.#unclaimed(id, text);
    this.#asked = true;
    if (error) return waiting.settle({ type: "error", ...error });
    const inexact = MAY_LOSE_DIGITS.test(text) ? inexactIn("result", text) : [];
    waiting.settle(inexact.length === 0 ? { type: "result", result } : { type: "result", result, inexact });
  }

  /** An answer that nobody waits for. */
  #unclaimed(id: number, text: string): void {
    this.#unasked = true;
    if (this.#requests.wasSent(id)) return this.#events.onLateReply();
    this.#reject("a response to a request that was never sent", text);
  }

  #reject(reason: string, text: string): void {
    this.#unasked = true;
    this.#events.onProblem({ type: "not_a_message", reason, sample: text.slice(0, 200) });
  }
}

/** Pointers of integers without their digits within one member of a message, relative to that member. */
function inexactIn(member: string, text: string): readonly string[] {
  return inexactNumbers(text, MOST_INEXACT, member).map((pointer) => pointer.slice(`/${member}`.length));
}
