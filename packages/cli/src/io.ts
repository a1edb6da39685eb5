import type { Readable, Writable } from "node:stream";
import { systemCode } from "./system-error.js";

const STYLES = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 } as const;

export type Style = keyof typeof STYLES;
type Env = Readonly<Record<string, string | undefined>>;

/** One of the two streams that people and programs read. */
export class Output {
  readonly isTerminal: boolean;
  readonly #stream: Writable & { columns?: number; rows?: number };
  readonly #colour: boolean;
  readonly #gone = new AbortController();
  #failure: Error | undefined;

  constructor(stream: Writable & { isTTY?: boolean; columns?: number; rows?: number }, colour: boolean) {
    this.#stream = stream;
    this.#colour = colour;
    this.isTerminal = stream.isTTY === true;
    stream.on("error", (error: Error) => {
      // A reader that has seen enough, as `head`, is no failure.
      if (systemCode(error) !== "EPIPE") this.#failure ??= error;
      this.#gone.abort();
    });
  }

  /** Aborted once nobody takes what is written. */
  get gone(): AbortSignal {
    return this.#gone.signal;
  }

  /** Why writing failed, unless the reader just left. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  get columns(): number {
    // A terminal that was never told its size says 0.
    return this.#stream.columns || 80;
  }

  get rows(): number {
    return this.#stream.rows || 24;
  }

  /** Resolves when the system took the text or nobody will; never rejects. Whoever awaits it cannot outrun the reader. */
  write(text: string): Promise<void> {
    if (text === "" || this.#gone.signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      this.#stream.write(text, () => resolve());
    });
  }

  paint(style: Style, text: string): string {
    return this.#colour ? `\u001b[${STYLES[style]}m${text}\u001b[0m` : text;
  }
}

/** What a command may touch of the world. */
export interface Io {
  readonly stdin: Readable & { isTTY?: boolean };
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Env;
  /** Whether errors are to be JSON. */
  readonly json: boolean;
}

/** The process's own streams. Flags that decide about output are read here, since an error may come before parsing. */
export function createIo(argv: readonly string[]): Io {
  const { stdin, stdout, stderr, env } = process;
  const end = argv.indexOf("--");
  const flags = end === -1 ? argv : argv.slice(0, end);
  const plainAsked = flags.includes("--no-color");
  return {
    stdin,
    stdout: new Output(stdout, colourWanted(stdout.isTTY === true, plainAsked, env)),
    stderr: new Output(stderr, colourWanted(stderr.isTTY === true, plainAsked, env)),
    env,
    json: flags.includes("--json"),
  };
}

/** The flag wins, then FORCE_COLOR, then NO_COLOR, a dumb terminal, and whether it is a terminal at all. */
export function colourWanted(terminal: boolean, plainAsked: boolean, env: Env): boolean {
  if (plainAsked) return false;
  const forced = env["FORCE_COLOR"] ?? "";
  if (forced !== "" && forced !== "0") return true;
  return terminal && (env["NO_COLOR"] ?? "") === "" && env["TERM"] !== "dumb";
}
