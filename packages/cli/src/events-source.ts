import { constants, createReadStream, fstatSync, openSync } from "node:fs";
import { open, stat } from "node:fs/promises";
import { Socket } from "node:net";
import type { Readable } from "node:stream";
import { isatty, ReadStream } from "node:tty";
import { EventLines, type Line } from "./event-lines.js";
import type { Io } from "./io.js";
import { errors } from "./present-error.js";

const STDIN = 0;

/** Opens where the events come from, before anything is started for them. */
export async function openEvents(path: string, io: Io): Promise<Readable> {
  try {
    if (path === "-") {
      // Node takes a folder for the end of input.
      if (fstatSync(STDIN).isDirectory()) throw new Error("it is a folder");
      return io.stdin;
    }
    const stats = await stat(path);
    if (stats.isDirectory()) throw new Error("it is a folder");
    if (stats.isFile()) {
      const file = await open(path, "r");
      return file.createReadStream();
    }
    return openPipe(path);
  } catch (error) {
    throw errors.eventsUnreadable(path, error);
  }
}

/** A file stream on a pipe waits in a thread that nothing can interrupt: not even the end of this process. */
function openPipe(path: string): Readable {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  if (isatty(fd)) return new ReadStream(fd);
  try {
    return new Socket({ fd, readable: true, writable: false });
  } catch {
    // Neither pipe nor socket: a device such as /dev/null, which never lets anybody wait.
    return createReadStream(path, { fd });
  }
}

/** The lines of a stream; ends early, without its unfinished line, when the signal aborts. */
export async function* linesOf(input: Readable, ending: AbortSignal): AsyncGenerator<Line> {
  const lines = new EventLines();
  const stop = (): void => void input.destroy();
  if (ending.aborted) stop();
  else ending.addEventListener("abort", stop, { once: true });
  try {
    for await (const chunk of input as AsyncIterable<Buffer>) {
      for (const line of lines.push(chunk)) {
        if (ending.aborted) return;
        yield line;
      }
    }
  } catch (error) {
    if (ending.aborted) return;
    throw errors.inputFailed(error);
  } finally {
    ending.removeEventListener("abort", stop);
  }
  if (!ending.aborted) yield* lines.end();
}
