const CODES = { SIGINT: 130, SIGTERM: 143 } as const;

/**
 * Aborts at the first signal, and sets the exit code; a second one ends the program at once, after `remove`. Nobody reading
 * any more is a signal, too.
 */
export function stopOnSignals(remove: () => void): AbortSignal {
  const stop = new AbortController();
  for (const [name, code] of Object.entries(CODES)) {
    process.on(name, () => {
      if (stop.signal.aborted) {
        // Added now, so that it runs after the host's own listener, which kills the extensions.
        process.once("exit", remove);
        process.exit(code);
      }
      process.exitCode = code;
      stop.abort();
    });
  }
  process.stdout.on("error", () => stop.abort());
  return stop.signal;
}
