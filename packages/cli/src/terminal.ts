import { closeSync, constants, openSync, readSync, writeSync } from "node:fs";
import { createInterface } from "node:readline";
import { ReadStream } from "node:tty";

/** The terminal of the person at the keyboard, wherever the standard streams lead. */
const TERMINAL = "/dev/tty";

/** What was typed; no line at the end of input and when the signal aborted. */
export type Answer = { line: string | undefined } | "no_terminal";

/** Shows a text on the terminal and reads a line from it. */
export async function askOnTerminal(text: string, signal?: AbortSignal): Promise<Answer> {
  if (signal?.aborted) return { line: undefined };
  let fd: number;
  try {
    fd = openSync(TERMINAL, "r+");
  } catch {
    return "no_terminal";
  }
  try {
    dropTypedAhead();
    writeSync(fd, text);
    return { line: await readLine(fd, signal) };
  } finally {
    closeSync(fd);
  }
}

/** What was typed before the question stood there cannot be its answer. */
function dropTypedAhead(): void {
  const typed = openSync(TERMINAL, constants.O_RDONLY | constants.O_NONBLOCK);
  // Not in lines, for a moment: a line that has not ended yet is to go, too.
  const raw = new ReadStream(openSync(TERMINAL, "r"));
  raw.setRawMode(true);
  try {
    const scrap = Buffer.alloc(1024);
    while (readSync(typed, scrap) > 0);
  } catch {
    // Nothing is left.
  } finally {
    raw.setRawMode(false);
    raw.destroy();
    closeSync(typed);
  }
}

function readLine(fd: number, signal: AbortSignal | undefined): Promise<string | undefined> {
  // A descriptor of its own: the stream closes what it reads from.
  const input = new ReadStream(openSync(TERMINAL, "r"));
  const lines = createInterface({ input, terminal: false });
  return new Promise((resolve) => {
    const finish = (line: string | undefined): void => {
      // First of all: closing reports the end of input, which is no answer.
      resolve(line);
      signal?.removeEventListener("abort", onAbort);
      lines.close();
      input.destroy();
    };
    const onAbort = (): void => {
      writeSync(fd, "\n");
      finish(undefined);
    };
    signal?.addEventListener("abort", onAbort, { once: true });
    lines.once("line", finish);
    lines.once("close", () => finish(undefined));
    input.once("error", () => finish(undefined));
  });
}

/** Only a clear yes is one. */
export function isYes(answer: string | undefined): boolean {
  return answer !== undefined && /^\s*y(es)?\s*$/i.test(answer);
}
