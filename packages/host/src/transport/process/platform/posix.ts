import { systemCode } from "../../../errors.js";
import { POSIX_REAPER } from "../reaper-script.js";
import type { Platform, PlatformTools } from "./platform.js";

type Posix = Pick<Platform, "groups" | "signalTree" | "isAlive" | "reaper">;

/** The common part of all systems with process groups. */
export function posix({ kill }: PlatformTools): Posix {
  return {
    groups: true,
    signalTree(pid, signal) {
      // 0 and 1 would mean the host's own group and everybody.
      if (pid <= 1) return;
      try {
        kill(-pid, signal);
      } catch {
        // ESRCH: nobody of the group is left.
      }
    },
    isAlive: (pid) => isAlive(pid, kill),
    reaper: (hostPid) => ({
      command: "/bin/sh",
      args: ["-c", POSIX_REAPER, "synaps-reaper", String(hostPid)],
      env: { PATH: "/usr/bin:/bin" },
    }),
  };
}

export function isAlive(pid: number, kill: PlatformTools["kill"]): boolean {
  try {
    kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it is somebody else's, but it is.
    return systemCode(error) !== "ESRCH";
  }
}
