import { execFileSync } from "node:child_process";
import { closeSync, open, openSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { onTestFinished } from "vitest";
import { tempDir } from "./temp.js";

/** Threads on which Node reads and writes files. */
const THREADS = Number(process.env["UV_THREADPOOL_SIZE"] ?? 4);

/**
 * Lets this process wait for every file that it reads or writes, as on a disk that hangs: all threads that do so open a pipe
 * to which nobody writes. Calls that wait themselves (`readFileSync`) go on. Returns the end of it, which the end of the test
 * is as well.
 */
export function hangingDisk(): () => Promise<void> {
  const pipe = join(tempDir(), "pipe");
  execFileSync("mkfifo", [pipe]);
  const opens = Array.from({ length: THREADS }, () => promisify(open)(pipe, "r"));
  const release = async (): Promise<void> => {
    const end = openSync(pipe, "r+");
    for (const one of await Promise.all(opens.splice(0))) closeSync(one);
    closeSync(end);
  };
  onTestFinished(release);
  return release;
}
