import { assertExtension } from "../checks/extension.js";
import { fromAuthor } from "../checks/wording.js";
import type { Extension } from "../define-extension.js";
import { FrameReader } from "../framing/frame-reader.js";
import { FrameWriter } from "../framing/frame-writer.js";
import { MAX_INBOUND_BODY_BYTES, MAX_OUTBOUND_BODY_BYTES } from "../framing/limits.js";
import { installStdoutGuard } from "../guard/stdout-guard.js";
import { extensionIsUsed } from "./forgotten-serve.js";
import { readInput } from "./input.js";
import { LAUNCH_TEXT, startedByHand } from "./launch-guard.js";
import { readOwnManifest } from "./own-manifest.js";
import { watchParent } from "./parent-watch.js";
import { Session } from "./session.js";

/** Time for `stop` when the host is already gone. */
const STOP_WITHOUT_HOST_MS = 1_000;

/** Exit code when the program was started on a terminal: a usage error. */
const STARTED_BY_HAND = 2;

const ALREADY_SERVING =
  "serve was already called: a process serves one extension. Put all hooks and tools into one defineExtension({ ... }).";

let isServing = false;

/**
 * Serves an extension on standard input and output until the host says `shutdown`, closes the pipe or dies; then
 * the process ends. Returns at once. Started on a terminal, it prints what to do instead and exits with code 2.
 * Throws a TypeError for anything but a result of `defineExtension` or `defineHook`, and when it is called again.
 */
export function serve(extension: Extension): void {
  fromAuthor(serve, () => {
    assertExtension("serve", extension);
    if (isServing) throw new TypeError(ALREADY_SERVING);
    isServing = true;
    extensionIsUsed();
    start(extension);
  });
}

function start(extension: Extension): void {
  if (startedByHand()) {
    process.stderr.write(LAUNCH_TEXT);
    process.exit(STARTED_BY_HAND);
  }
  const output = installStdoutGuard();
  const log = (line: string): void => void process.stderr.write(`${line}\n`);
  // The limits are the host's, seen from the other end: what it may send is large, what we may send is small.
  const writer = new FrameWriter(output, { maxBodyBytes: MAX_INBOUND_BODY_BYTES, coalesce: true });
  const session = new Session(extension, {
    send: (body) => writer.send(body),
    log,
    folder: process.cwd(),
    manifest: () => readOwnManifest(process.cwd()),
    // What was answered last must still get out: on some platforms pipes are written later.
    finished: () => {
      writer.flush();
      output.flush(() => process.exit(0));
    },
  });
  const reader = new FrameReader({
    maxBodyBytes: MAX_OUTBOUND_BODY_BYTES,
    onMessage: (message) => session.receive(message),
    onProblem: (problem) => log(`ignored a frame from the host: ${problem.type}`),
  });

  let leaving = false;
  const leave = (): void => {
    if (leaving) return;
    leaving = true;
    // The host is gone: nobody is left to wait for a stop that hangs.
    setTimeout(() => process.exit(0), STOP_WITHOUT_HOST_MS).unref();
    session.hostIsGone();
    void session.stop().then(() => process.exit(0));
  };
  readInput({ onBytes: (chunk) => reader.push(chunk), onEnd: leave });
  watchParent(leave);
}
