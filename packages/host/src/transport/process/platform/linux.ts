import { parseStat, type ProcessStat } from "../../../loading/records/process-stat.js";
import type { Platform, PlatformTools } from "./platform.js";
import { posix } from "./posix.js";

/** Ticks in a second of everything that the kernel tells programs, on all architectures that Node runs on. */
const TICKS_PER_SECOND = 100;

/** Linux tells all about a process in files. */
export function linux(tools: PlatformTools): Platform {
  const { readFile, readLink, listFolder } = tools;
  const statOf = async (pid: number | string): Promise<ProcessStat | undefined> => {
    try {
      return parseStat(await readFile(`/proc/${pid}/stat`));
    } catch {
      return undefined;
    }
  };
  return {
    ...posix(tools),
    async startTime(pid) {
      const stat = await statOf(pid);
      return stat && String(stat.born);
    },
    async now() {
      const uptime = await readFile("/proc/uptime").catch(() => "");
      const seconds = Number.parseFloat(uptime);
      return Number.isFinite(seconds) ? String(Math.floor(seconds * TICKS_PER_SECOND)) : undefined;
    },
    /** Ticks begin with the boot, and ids are those of a namespace: a container's say nothing about another's. */
    async scope() {
      const boot = await readFile("/proc/sys/kernel/random/boot_id");
      const namespace = await readLink("/proc/self/ns/pid");
      return `linux ${boot.trim()} ${namespace}`;
    },
    /**
     * While the leader was seen, its id, and with it the group, was its own. A process of the group that was started
     * then is one of its own too; and as long as one of those lives, the kernel gives the id to nobody else. One that
     * was started later may be anybody's: the group could have died out and its id could have come round again.
     */
    async isRemnant(group, born, seen) {
      if (seen === undefined) return false;
      const pids = (await listFolder("/proc").catch(() => [])).filter((name) => /^\d+$/.test(name));
      for (const pid of pids) {
        const stat = await statOf(pid);
        if (stat?.group !== group || stat.session !== group) continue;
        if (stat.born >= Number(born) && stat.born < Number(seen)) return true;
      }
      return false;
    },
  };
}
