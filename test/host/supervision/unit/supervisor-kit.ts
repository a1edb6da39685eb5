import type { LoadedExtension } from "../../../../packages/host/src/loading/manifest/loaded.js";
import type { HostLimits } from "../../../../packages/host/src/options.js";
import type { SupervisorServices } from "../../../../packages/host/src/supervision/services.js";
import { Supervisor } from "../../../../packages/host/src/supervision/supervisor.js";
import { hostParts } from "./generation-kit.js";
import { loadedExtension } from "./loaded-kit.js";
import type { Script } from "../../../helpers/scripted-child.js";

/** Short times, each of them another one. */
export const LIMITS: Partial<HostLimits> = {
  handshakeMs: 100,
  handshakeTotalMs: 200,
  restartHandshakeMs: 50,
  restartBaseMs: 10,
  restartCapMs: 1_000,
  restartResetMs: 5_000,
  restartAttempts: 3,
  crashBudget: 3,
  crashWindowMs: 100_000,
  quarantineProbeMs: 60_000,
  shutdownMs: 3,
  stdinEndMs: 3,
  sigtermMs: 3,
  exitDrainMs: 5,
};

/** A supervisor of scripted processes, each by the next script, and all that it told and noted. */
export function supervised(
  scripts: Script[],
  more: Partial<SupervisorServices> & { loaded?: LoadedExtension } = {},
) {
  const { loaded = loadedExtension({ protocol_version: 3 }), ...services } = more;
  const { clock, children, logged, warnings, parts } = hostParts(scripts, LIMITS);
  const moves: string[] = [];
  const told: unknown[] = [];
  const noted: unknown[] = [];
  const supervisor: Supervisor = new Supervisor(
    loaded,
    {
      ...parts,
      onRequest: () => null,
      onNotification() {},
      onAnswered() {},
      onLateReply() {},
      onStderrLine() {},
      onMistake() {},
      random: () => 1,
      quarantine: undefined,
      noteQuarantine: (record) => void noted.push(record),
      ...services,
    },
    {
      onMove: (from, to) => void moves.push(`${from} ${to}`),
      onLive: (generation) => void told.push(["live", generation.child.pid]),
      onExited: (byItself) => void told.push(["exited", byItself, supervisor.state]),
      doing: () => "its work",
    },
  );
  /** Begins a start or a resume; tells how it ended so far. */
  const begin = (what: "start" | "resume" = "start"): (() => unknown) => {
    let end: unknown = "open";
    supervisor[what]().then(
      () => (end = "done"),
      (error: unknown) => (end = error),
    );
    return () => end;
  };
  const stop = async (drain: () => Promise<void> = () => Promise.resolve()): Promise<void> => {
    const stopped = supervisor.stop(drain);
    await clock.pass(1_000);
    await stopped;
  };
  return { supervisor, clock, children, logged, warnings, moves, told, noted, begin, stop };
}
