import { prefixOfBytes } from "@synaps/sdk/protocol";
import type { KeptOutput, OutputCounts, OutputNotice } from "./output-budget.js";
import type { OutputEvent } from "./output-event.js";

/** Bytes of a program's output that are kept for its end: far more than anybody reads. */
export const PROGRAM_OUTPUT_BYTES = 16 * 1024 * 1024;

type Text = Extract<OutputEvent, { content: string }>;

/**
 * Keeps the output of a shell command for its end: all of it, up to 16 MiB. Neighbouring pieces of one kind become one event.
 * Each piece is shown as it comes, also beyond the bound: a server may print for days.
 */
export class ProgramOutput implements KeptOutput {
  readonly #pieces: { kind: Text["kind"]; contents: string[] }[] = [];
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
  #bytesLeft = PROGRAM_OUTPUT_BYTES;

  get events(): OutputEvent[] {
    return this.#pieces.map(({ kind, contents }) => ({ kind, content: contents.join("") }));
  }

  add(event: OutputEvent | undefined): OutputEvent | undefined {
    this.#counts.produced += 1;
    this.#counts.consumed += 1;
    // A program prints texts only.
    if (event && "content" in event) this.#keep(event);
    return event;
  }

  counts(): OutputCounts {
    return { ...this.#counts };
  }

  notice(): OutputNotice | undefined {
    const { dropped, truncated } = this.#counts;
    if (dropped === 0 && truncated === 0) return undefined;
    const text = `Only the first ${PROGRAM_OUTPUT_BYTES / 1024 / 1024} MiB of the output were kept.`;
    return { severity: "warning", text };
  }

  #keep({ kind, content }: Text): void {
    const kept = prefixOfBytes(content, this.#bytesLeft);
    if (kept === "" && content !== "") {
      this.#counts.dropped += 1;
      return;
    }
    this.#counts.retained += 1;
    if (kept !== content) this.#counts.truncated += 1;
    this.#bytesLeft = kept === content ? this.#bytesLeft - Buffer.byteLength(kept) : 0;
    const last = this.#pieces.at(-1);
    // A line of standard error comes without its line end.
    if (last?.kind === kind && kind === "text") last.contents.push(kept);
    else if (last?.kind === kind) last.contents.push("\n", kept);
    else this.#pieces.push({ kind, contents: [kept] });
  }
}
