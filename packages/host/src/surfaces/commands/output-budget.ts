import { prefixOfBytes } from "@synaps/sdk/protocol";
import type { OutputEvent } from "./output-event.js";

/** Bytes of one command's output that are kept, the reserve included. The reference's number. */
export const OUTPUT_BYTES = 256 * 1024;
/** Events of one command's output that are kept. The reference's number. */
export const OUTPUT_EVENTS = 1_024;
/** Part of the bytes that only the end of tasks may use, so that a flood does not leave them running for ever. */
export const OUTPUT_RESERVE_BYTES = 16 * 1024;

/** Counts of a command's output events. */
export interface OutputCounts {
  /** Events that the command sent. */
  produced: number;
  /** Events that were taken in; as many as were produced, because the host never makes a command wait here. */
  consumed: number;
  retained: number;
  /** Texts that were shortened; shortened texts count as retained, too. */
  truncated: number;
  dropped: number;
  /** Dropped events that told of an error. */
  droppedErrors: number;
  /** Events that made no sense. They count as produced and as dropped, too. */
  malformed: number;
  sawDone: boolean;
}

/** Says that some output is missing. `error` if an error is among the missing events. */
export interface OutputNotice {
  severity: "warning" | "error";
  text: string;
}

/** The output of a command that is kept for its end. */
export interface KeptOutput {
  readonly events: readonly OutputEvent[];
  /** Takes one event, undefined for one without sense; returns what is shown of the event at once, if anything. */
  add(event: OutputEvent | undefined): OutputEvent | undefined;
  counts(): OutputCounts;
  /** Undefined when nothing is missing. */
  notice(): OutputNotice | undefined;
}

/**
 * Keeps the beginning of a command's output, within fixed bounds: texts are shortened at a character, tables and
 * tasks are left out whole, the first `done` is always kept, and the end of each task whose start was kept, once.
 */
export class OutputBudget implements KeptOutput {
  readonly events: OutputEvent[] = [];
  readonly #counts: OutputCounts = {
    produced: 0,
    consumed: 0,
    retained: 0,
    truncated: 0,
    dropped: 0,
    droppedErrors: 0,
    malformed: 0,
    sawDone: false,
  };
  #bytesLeft = OUTPUT_BYTES - OUTPUT_RESERVE_BYTES;
  #reserveLeft = OUTPUT_RESERVE_BYTES;
  /** Tasks whose start was kept and whose end was not seen. Each has a place reserved for its end. */
  readonly #openTasks = new Set<string>();

  /** Takes one event; returns the kept part of it, if any. */
  add(event: OutputEvent | undefined): OutputEvent | undefined {
    this.#counts.produced += 1;
    this.#counts.consumed += 1;
    if (!event) {
      this.#counts.malformed += 1;
      this.#counts.dropped += 1;
      return undefined;
    }
    const kept = this.#kept(event);
    if (kept) {
      this.events.push(kept);
      this.#counts.retained += 1;
      return kept;
    }
    this.#counts.dropped += 1;
    if (event.kind === "error" || (event.kind === "task.done" && event.error !== undefined)) {
      this.#counts.droppedErrors += 1;
    }
    return undefined;
  }

  counts(): OutputCounts {
    return { ...this.#counts };
  }

  notice(): OutputNotice | undefined {
    const { dropped, truncated, droppedErrors, produced, malformed } = this.#counts;
    if (dropped === 0 && truncated === 0) return undefined;
    const errors = droppedErrors === 0 ? "" : `, among them ${droppedErrors} errors`;
    const senseless = malformed === 0 ? "" : `, ${malformed} because they made no sense`;
    const limits = `${OUTPUT_BYTES / 1024} KiB, ${OUTPUT_EVENTS} events`;
    return {
      severity: droppedErrors > 0 ? "error" : "warning",
      text: `Output was cut: of ${produced} events ${dropped} were left out${senseless}${errors} and ${truncated} shortened (limits: ${limits}).`,
    };
  }

  #kept(event: OutputEvent): OutputEvent | undefined {
    switch (event.kind) {
      case "done": {
        const isFirst = !this.#counts.sawDone;
        this.#counts.sawDone = true;
        return isFirst ? event : undefined;
      }
      case "task.done":
        return this.#openTasks.delete(event.id) ? this.#taskEnd(event) : undefined;
      case "text":
      case "system":
      case "error":
        return this.#text(event);
      case "task.start": {
        // A task that starts again already has its place.
        const places = this.#openTasks.has(event.id) ? 1 : 2;
        if (!this.#hasRoom(places) || !this.#spend(sizeOf(event))) return undefined;
        this.#openTasks.add(event.id);
        return event;
      }
      default:
        return this.#hasRoom(1) && this.#spend(sizeOf(event)) ? event : undefined;
    }
  }

  /** True if so many places are free beside the reserved ones for the ends of tasks and the first `done`. */
  #hasRoom(places: number): boolean {
    const reserved = this.#openTasks.size + (this.#counts.sawDone ? 0 : 1);
    return this.events.length + reserved + places <= OUTPUT_EVENTS;
  }

  #spend(bytes: number): boolean {
    if (bytes > this.#bytesLeft) return false;
    this.#bytesLeft -= bytes;
    return true;
  }

  #text<E extends Extract<OutputEvent, { content: string }>>(event: E): E | undefined {
    if (!this.#hasRoom(1)) return undefined;
    if (this.#spend(Buffer.byteLength(event.content))) return event;
    const content = prefixOfBytes(event.content, this.#bytesLeft);
    if (content === "") return undefined;
    this.#bytesLeft -= Buffer.byteLength(content);
    this.#counts.truncated += 1;
    return { ...event, content };
  }

  #taskEnd(event: Extract<OutputEvent, { kind: "task.done" }>): OutputEvent {
    if (event.error === undefined) return event;
    const error = prefixOfBytes(event.error, this.#reserveLeft);
    this.#reserveLeft -= Buffer.byteLength(error);
    if (error !== event.error) this.#counts.truncated += 1;
    return { ...event, error };
  }
}

/** Bytes of all texts of an event. */
function sizeOf(event: OutputEvent): number {
  switch (event.kind) {
    case "table":
      return [...event.headers, ...event.rows.flat()].reduce((sum, cell) => sum + Buffer.byteLength(cell), 0);
    case "task.start":
      return Buffer.byteLength(event.id) + Buffer.byteLength(event.label);
    case "task.update":
      return Buffer.byteLength(event.id) + Buffer.byteLength(event.message ?? "");
    case "task.log":
      return Buffer.byteLength(event.id) + Buffer.byteLength(event.line);
    default:
      return 0;
  }
}
