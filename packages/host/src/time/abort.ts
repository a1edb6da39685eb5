/** Runs something once when the signal is aborted, at once if it already is. Returns how to stop waiting for it. */
export function onAbort(signal: AbortSignal | undefined, run: () => void): () => void {
  if (!signal) return () => {};
  if (signal.aborted) {
    run();
    return () => {};
  }
  signal.addEventListener("abort", run, { once: true });
  return () => signal.removeEventListener("abort", run);
}

/**
 * Settles as the work does, or as `aborted` does at the moment when the signal is aborted. The work ends behind it: a
 * late rejection is nobody's.
 */
export function unlessAborted<T>(
  signal: AbortSignal | undefined,
  work: Promise<T>,
  aborted: () => T,
): Promise<T> {
  if (!signal) return work;
  return new Promise((resolve, reject) => {
    let stop = (): void => {};
    // First of all, so that the work is waited for even if the signal is none.
    work.then(resolve, reject).finally(() => stop());
    stop = onAbort(signal, () => {
      try {
        resolve(aborted());
      } catch (error) {
        reject(error);
      }
    });
  });
}
