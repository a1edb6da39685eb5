import type { Host } from "@synaps/host";
import type { Output } from "./io.js";
import { pause } from "./pause.js";
import { count, plain, plainWithTabs } from "./text.js";

/** Lines and characters of one extension that are shown between two answers. A flood must not bury the rest. */
const MAX_LINES = 50;
const MAX_CHARACTERS = 16 * 1024;

/** Time between two looks for extensions while the host starts. */
const LOOK_MS = 50;

interface Shown {
  lines: number;
  characters: number;
  cut: number;
}

/** Shows what extensions write to standard error, as `[id] line`, and counts what is left out. */
export class ExtensionLines {
  readonly #host: Host;
  readonly #out: Output;
  readonly #followed = new Set<string>();
  readonly #shown = new Map<string, Shown>();
  readonly #stops: (() => void)[] = [];

  constructor(host: Host, out: Output) {
    this.#host = host;
    this.#out = out;
  }

  /** Shows the lines so far, also those of before the handshake, and each further one as it comes. */
  follow(): void {
    for (const { id, process } of this.#host.snapshot().extensions) {
      if (!process || this.#followed.has(id)) continue;
      this.#followed.add(id);
      const show = ({ line }: { line: string }): void => this.say(id, line);
      this.#host.logs(id, Number.MAX_SAFE_INTEGER).forEach(show);
      this.#stops.push(this.#host.onLog(id, show));
    }
  }

  /** Follows extensions as soon as the host knows them: the words of one that does not get ready explain why. */
  async during(start: Promise<void>): Promise<void> {
    const settled = new AbortController();
    const end = (): void => settled.abort();
    start.then(end, end);
    while (!settled.signal.aborted) {
      this.follow();
      await pause(LOOK_MS, settled.signal);
    }
    this.follow();
  }

  say(id: string, line: string): void {
    const shown = this.#shown.get(id) ?? { lines: 0, characters: 0, cut: 0 };
    this.#shown.set(id, shown);
    shown.lines += 1;
    shown.characters += line.length;
    if (shown.lines > MAX_LINES || shown.characters > MAX_CHARACTERS) shown.cut += 1;
    else void this.#out.write(`${this.#mark(id)} ${plainWithTabs(line)}\n`);
  }

  /** Says how much was left out since the last answer, and gives every extension room again. */
  async refill(): Promise<void> {
    for (const [id, shown] of this.#shown) {
      const { cut } = shown;
      Object.assign(shown, { lines: 0, characters: 0, cut: 0 });
      if (cut > 0) await this.#out.write(`${this.#mark(id)} … ${count(cut, "further line")} left out\n`);
    }
  }

  async end(): Promise<void> {
    for (const stop of this.#stops) stop();
    await this.refill();
  }

  #mark(id: string): string {
    return this.#out.paint("dim", `[${plain(id)}]`);
  }
}
