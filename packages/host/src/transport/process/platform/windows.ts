import { WINDOWS_REAPER } from "../reaper-script.js";
import type { Platform, PlatformTools } from "./platform.js";
import { isAlive } from "./posix.js";

/**
 * Windows has no groups and no signals: `taskkill` follows parents to their children, and only as long as the parent
 * is there. What outlives its parent is out of reach.
 */
export function windows(tools: PlatformTools): Platform {
  // By full path: a program of that name in the working folder must not be started instead.
  const system = `${tools.systemRoot}\\System32`;
  const taskkill = `${system}\\taskkill.exe`;
  const powershell = `${system}\\WindowsPowerShell\\v1.0\\powershell.exe`;
  return {
    groups: false,
    signalTree(pid) {
      // Console programs hear no gentle request, so that every signal is the hard one.
      if (pid > 0 && isAlive(pid, tools.kill)) tools.start(taskkill, taskkillArgs(pid));
    },
    isAlive: (pid) => isAlive(pid, tools.kill),
    async startTime(pid) {
      const script = `(Get-Process -Id ${pid} -ErrorAction Stop).StartTime.ToFileTimeUtc()`;
      const args = ["-NoLogo", "-NoProfile", "-NonInteractive", "-Command", script];
      const text = await tools.run(powershell, args).catch(() => "");
      return /^\s*(\d+)\s*$/.exec(text)?.[1];
    },
    now: () => Promise.resolve(undefined),
    scope: () => Promise.resolve("windows"),
    isRemnant: () => Promise.resolve(false),
    reaper: () => ({
      command: tools.execPath,
      args: ["-e", WINDOWS_REAPER, taskkill],
      env: { SYSTEMROOT: tools.systemRoot },
    }),
  };
}

function taskkillArgs(pid: number): string[] {
  return ["/T", "/F", "/PID", String(pid)];
}
