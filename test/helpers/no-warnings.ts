/** A Node warning (a listener leak, an unhandled rejection about to be fatal) fails the test file it came from. */
process.on("warning", (warning) => {
  // Node announces its own deprecations of dependencies here too; those are not ours to fail on.
  if (warning.name === "DeprecationWarning" || warning.name === "ExperimentalWarning") return;
  throw warning;
});
