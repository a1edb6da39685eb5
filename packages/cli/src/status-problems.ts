import type { ControlStatus, ExtensionStatus } from "@synaps/host";

/** What keeps an extension from doing its work. */
export interface Problem {
  pid: number;
  extension: string;
  problem: string;
}

const BROKEN: readonly ExtensionStatus["state"][] = ["failed", "quarantined", "invalid", "pending_consent"];

export function problemsOf({ pid, extensions }: ControlStatus): Problem[] {
  return extensions.flatMap((status) => {
    const { id, state, process } = status;
    const why = reasonOf(status);
    return [
      ...(BROKEN.includes(state) ? [why === undefined ? state : `${state}: ${why}`] : []),
      ...(process?.breakers ?? []).map(({ subscription, why }) => `breaker open: ${subscription}: ${why}`),
    ].map((problem) => ({ pid, extension: id, problem }));
  });
}

/** Why it does not run, or why it was restarted. */
export function reasonOf({ process, diagnostics }: ExtensionStatus): string | undefined {
  return process ? process.reason : diagnostics.find(({ severity }) => severity === "error")?.message;
}
