import { afterAll } from "vitest";

/** A Node warning (a listener leak, an unhandled rejection about to be fatal) fails the test file it came from. */
function fail(warning: Error): void {
  // Node announces its own deprecations of dependencies here too; those are not ours to fail on.
  if (warning.name === "DeprecationWarning" || warning.name === "ExperimentalWarning") return;
  throw warning;
}

process.on("warning", fail);
// Files of some rooms share a process.
afterAll(() => void process.off("warning", fail));
