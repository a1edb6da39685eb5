import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import type { FrameSink } from "../framing/frame-writer.js";

let protocolOutput: FrameSink | undefined;

/**
 * Takes standard output for the protocol and sends everything else that is written there, by `console`, by
 * `process.stdout` or by `fs` on descriptor 1, to standard error. Returns the only way left to the real output.
 * Does not cover a grandchild that inherits descriptor 1 or native code; the host skips such text.
 * Installing twice does nothing.
 */
export function installStdoutGuard(): FrameSink {
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
  };
  stdout.write = stderr.write.bind(stderr) as typeof stdout.write;
  // A host that went away is noticed at the end of standard input; a failed write must not crash before that.
  stdout.on("error", () => {});
  redirectDescriptor();
  return protocolOutput;
}

function redirectDescriptor(): void {
  for (const name of ["write", "writeSync", "writev", "writevSync"] as const) {
    const original = fs[name] as (fd: number, ...rest: unknown[]) => unknown;
    Object.assign(fs, { [name]: (fd: number, ...rest: unknown[]) => original(fd === 1 ? 2 : fd, ...rest) });
  }
  syncBuiltinESMExports();
}
