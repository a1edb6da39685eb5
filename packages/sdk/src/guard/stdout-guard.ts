import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import type { FrameSink } from "../framing/frame-writer.js";

/** All of `node:fs` that may be given descriptor 1. Its own functions do not call each other through the module. */
const BY_DESCRIPTOR = [
  ...(["write", "writeSync", "writev", "writevSync"] as const),
  ...(["writeFile", "writeFileSync", "appendFile", "appendFileSync"] as const),
];

/** The way to the real standard output. */
export interface ProtocolOutput extends FrameSink {
  /** Calls `done` when everything written so far has left this process, or never will. */
  flush(done: () => void): void;
}

let protocolOutput: ProtocolOutput | undefined;

/**
 * Takes standard output for the protocol and sends everything else that is written there, by `console`, by
 * `process.stdout` or by `fs` on descriptor 1, to standard error. Returns the only way left to the real output.
 * Does not cover a grandchild that inherits descriptor 1 or native code; the host skips such text.
 * Installing twice does nothing.
 */
export function installStdoutGuard(): ProtocolOutput {
  if (protocolOutput) return protocolOutput;
  const { stdout, stderr } = process;
  const write = stdout.write.bind(stdout);
  protocolOutput = {
    get writable() {
      return stdout.writable;
    },
    get writableLength() {
      return stdout.writableLength;
    },
    write: (chunk, encoding) => write(chunk, encoding),
    flush: (done) => void write("", () => done()),
  };
  stdout.write = stderr.write.bind(stderr) as typeof stdout.write;
  // Ending it would mute the protocol for good; what is printed with it goes where all printing goes.
  stdout.end = ((...args: unknown[]) => {
    const [chunk] = args;
    if (typeof chunk === "string" || chunk instanceof Uint8Array) stderr.write(chunk);
    const done = args.find((arg) => typeof arg === "function");
    if (done) queueMicrotask(done as () => void);
    return stdout;
  }) as typeof stdout.end;
  // A host that went away is noticed at the end of standard input; a failed write must not crash before that.
  stdout.on("error", () => {});
  redirectDescriptor();
  return protocolOutput;
}

function redirectDescriptor(): void {
  for (const name of BY_DESCRIPTOR) {
    const original = fs[name] as (target: unknown, ...rest: unknown[]) => unknown;
    Object.assign(fs, {
      [name]: (target: unknown, ...rest: unknown[]) => original(target === 1 ? 2 : target, ...rest),
    });
  }
  syncBuiltinESMExports();
}
