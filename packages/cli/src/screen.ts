import type { Output } from "./io.js";

const ENTER = "\u001b[?1049h\u001b[?25l";
const LEAVE = "\u001b[?25h\u001b[?1049l";
const CLEAR_REST_OF_LINE = "\u001b[K";
const CLEAR_BELOW = "\u001b[J";
const HOME = "\u001b[H";
// oxlint-disable-next-line no-control-regex
const COLOUR = /\u001b\[\d+m/g;

/** The whole terminal for one text that changes; what was on it before comes back at the end. */
export class Screen {
  readonly #out: Output;
  #entered = false;

  constructor(out: Output) {
    this.#out = out;
  }

  /** Paints over what was there, in one write: nothing flickers. What does not fit below is left out. */
  async draw(text: string): Promise<void> {
    const { columns, rows } = this.#out;
    // The last row stays empty: a line break in it would scroll.
    let room = rows - 1;
    const shown: string[] = [];
    for (const line of text.trimEnd().split("\n")) {
      const length = line.replaceAll(COLOUR, "").length;
      room -= Math.max(1, Math.ceil(length / columns));
      if (room < 0) break;
      // Behind a full row the cursor still stands on its last letter.
      const full = length > 0 && length % columns === 0;
      shown.push(`${line}${full ? "" : CLEAR_REST_OF_LINE}\r\n`);
    }
    const enter = this.#entered ? "" : ENTER;
    this.#entered = true;
    await this.#out.write(`${enter}${HOME}${shown.join("")}${CLEAR_BELOW}`);
  }

  async leave(): Promise<void> {
    if (this.#entered) await this.#out.write(LEAVE);
    this.#entered = false;
  }
}
