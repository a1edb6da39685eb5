import { createHost, type ExtensionStatus, type Logger } from "@synaps/host";
import type { Catalog } from "@synaps/sdk/protocol";
import type { Candidate } from "@synaps/host/tooling";
import type { Finding } from "./diagnostics.js";
import type { Io } from "./io.js";
import { StopSignals } from "./stop-signals.js";

/** Longer than any handshake may take. */
const START_MS = 11 * 60_000;

export interface StartCheck {
  /** By the path of the manifest. */
  findings: ReadonlyMap<string, Finding[]>;
  /** The exit code of a signal that ended the check. */
  exitCode: number | undefined;
}

/**
 * Starts extensions, shakes hands with them and stops them: none is left running when it resolves. Sends no event. Says
 * meanwhile which of them are silent; `handshakeMs` is the longest silence.
 */
export async function startCheck(
  candidates: readonly Candidate[],
  handshakeMs: number,
  io: Io,
  catalogs: readonly Catalog[],
): Promise<StartCheck> {
  const signals = new StopSignals(io.stderr);
  const host = createHost({
    folders: candidates.map(({ root }) => root),
    lazy: false,
    catalogs,
    limits: { startMs: START_MS, handshakeMs },
    logger: silenceLogger(io),
  });
  let before: readonly ExtensionStatus[];
  try {
    await Promise.race([host.start(), aborted(signals.asked)]);
    before = host.snapshot().extensions;
  } finally {
    await host.stop();
    signals.release();
  }
  const after = host.snapshot().extensions;
  const findings = new Map<string, Finding[]>();
  for (const { manifestPath, root } of candidates) {
    const started = before.find((one) => one.root === root);
    const stopped = after.find((one) => one.root === root);
    findings.set(manifestPath, [...(stopped?.diagnostics ?? []), ...(started ? stateFindings(started) : [])]);
  }
  return { findings, exitCode: signals.exitCode };
}

/** Findings that the state has and no diagnostic: an extension that was not started, or that ended after its handshake. */
function stateFindings({ id, root, state, process, diagnostics }: ExtensionStatus): Finding[] {
  if (
    state === "running" ||
    process?.activation === "none" ||
    diagnostics.some(({ severity }) => severity === "error")
  )
    return [];
  const reason = process?.reason;
  const message = `Extension '${id}' does not run, it is ${state}${reason === undefined ? "" : `: ${reason}`}`;
  const hint = HINTS[state];
  return [{ severity: "error", code: "NOT_RUNNING", extension: id, file: root, pointer: "", message, hint }];
}

const HINTS: Readonly<Partial<Record<ExtensionStatus["state"], string>>> = {
  disabled: "Take it out of disabled_plugins in the user's configuration.",
  quarantined: "It crashed too often. When it is repaired: synaps-ext resume <id>, or wait a minute.",
  restarting: "It ended right after its handshake: an extension runs until the host says shutdown.",
  degraded: "It ended right after its handshake: an extension runs until the host says shutdown.",
};

/** Passes on that an extension is silent, because the check waits for it. Everything else stands in the findings. */
function silenceLogger({ stderr }: Io): Logger {
  return {
    debug() {},
    info() {},
    warn: (message) => {
      if (message.includes("did not shake hands yet"))
        void stderr.write(`${stderr.paint("yellow", "wait")}  ${message}\n`);
    },
    error() {},
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
