import { readdirSync, readFileSync } from "node:fs";

/**
 * Command lines of the processes that got this mark as TERM, which every process below another one gets, each behind its
 * id. Linux only; elsewhere none is found. Reads the files itself: a shell with one program for each process of the
 * machine takes seconds of processor time.
 */
export function marked(mark: string): string[] {
  if (process.platform !== "linux") return [];
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => read(pid, "environ").split("\0").includes(`TERM=${mark}`))
    .map((pid) => `${pid} ${read(pid, "cmdline").replaceAll("\0", " ")}`);
}

/** Nothing for a process that ended meanwhile or is somebody else's. */
function read(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "latin1");
  } catch {
    return "";
  }
}
