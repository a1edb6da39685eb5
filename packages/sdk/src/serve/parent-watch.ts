/** How often a lost parent is looked for. Standard input ends earlier in nearly all cases; this is the second net. */
const CHECK_EVERY_MS = 2_000;

/**
 * Calls `lost` once when the parent process is gone. A host can die without this process seeing the end of its
 * input, for instance when a sibling inherited the other end of the pipe. Does not keep the process alive.
 */
export function watchParent(lost: () => void, parentPid: number = process.ppid): () => void {
  const timer = setInterval(() => {
    if (process.ppid === parentPid) return;
    clearInterval(timer);
    lost();
  }, CHECK_EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}
