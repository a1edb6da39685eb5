import type { Output } from "./io.js";

const ENTER = "\u001b[?1049h\u001b[?25l\u001b[?7l";
const LEAVE = "\u001b[?7h\u001b[?25h\u001b[?1049l";

/** The whole terminal for one text that changes; what was on it before comes back at the end. */
export class Screen {
  readonly #out: Output;
  #entered = false;

  constructor(out: Output) {
    this.#out = out;
  }

  /** Paints over what was there, in one write: nothing flickers. What does not fit is cut off. */
  async draw(text: string): Promise<void> {
    const lines = text.trimEnd().split("\n");
    const room = Math.max(1, this.#out.rows - 1);
    const shown = lines.length <= room ? lines : [...lines.slice(0, room - 1), `… ${lines.length - room + 1} more lines`];
    const enter = this.#entered ? "" : ENTER;
    this.#entered = true;
    await this.#out.write(`${enter}\u001b[H${shown.map((line) => `${line}\u001b[K\r\n`).join("")}\u001b[J`);
  }

  async leave(): Promise<void> {
    if (this.#entered) await this.#out.write(LEAVE);
    this.#entered = false;
  }
}
