/**
 * Warns through `process.emitWarning` the 1st, the 10th, the 100th time: a flood of failures must not become a flood of
 * warnings.
 */
export function tellOf(times: number, what: string, error: unknown): void {
  if (!/^10*$/.test(String(times))) return;
  const why = error instanceof Error ? error.message : "something that is no Error was thrown";
  process.emitWarning(`${what}${times === 1 ? "" : ` for the ${times}th time`}: ${why}`, "SynapsBuiltIn");
}
