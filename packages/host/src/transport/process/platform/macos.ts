import type { Platform, PlatformTools } from "./platform.js";
import { posix } from "./posix.js";

/** Without these, `ps` writes times in the user's language and time zone, which can change between two hosts. */
const PLAIN = { PATH: "/usr/bin:/bin", LC_ALL: "C", TZ: "UTC" };

/** macOS and the BSDs: `ps` tells, to the second. */
export function macos(tools: PlatformTools): Platform {
  return {
    ...posix(tools),
    async startTime(pid) {
      const text = await tools.run("ps", ["-o", "lstart=,pgid=", "-p", String(pid)], PLAIN).catch(() => "");
      return parseStart(text);
    },
    now: () => Promise.resolve(undefined),
    // Start times are dates: they need no boot to count from.
    scope: () => Promise.resolve("macos"),
    // A second is too coarse to prove anything by.
    isRemnant: () => Promise.resolve(false),
  };
}

/** Seconds since the epoch, from `Fri Nov 21 10:03:00 2025   4711`. */
export function parseStart(text: string): string | undefined {
  const date = /^\s*(\w{3} \w{3} +\d{1,2} \d{2}:\d{2}:\d{2} \d{4})\s+\d+\s*$/.exec(text)?.[1];
  const ms = Date.parse(`${date} UTC`);
  return Number.isNaN(ms) ? undefined : String(ms / 1000);
}
