const running = new Set<() => void>();

function runAll(): void {
  for (const run of running) {
    try {
      run();
    } catch {
      // The program ends now: nobody is left to tell, and the other hosts must still end their children.
    }
  }
}

/**
 * Runs a function when the program ends, synchronously. All hosts of a program share one listener of the process, so
 * that many hosts give no warning. Returns how to take the function back.
 */
export function atExit(run: () => void): () => void {
  const own = (): void => run();
  if (running.size === 0) process.on("exit", runAll);
  running.add(own);
  return () => {
    if (running.delete(own) && running.size === 0) process.off("exit", runAll);
  };
}
