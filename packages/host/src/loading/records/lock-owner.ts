import { randomBytes } from "node:crypto";
import { readFile, readlink } from "node:fs/promises";
import { hostname } from "node:os";
import { basename } from "node:path";
import { isJsonObject } from "@synaps/sdk/protocol";
import { systemCode } from "../../errors.js";
import { lineOf } from "../../text-bounds.js";
import { systemClock } from "../../time/clock.js";
import { parseStat, type ProcessStat } from "./process-stat.js";

/** A process as it names itself in a lock file. */
export interface LockOwner {
  pid: number;
  /** Start time in ticks since the boot, so that a process with a reused id is not taken for the owner; null where unknown. */
  born: string | null;
  /** Boot and process namespace, or machine, within which the two above are unique. */
  scope: string;
  host: string;
  program: string;
  /** Begin of the lock, in ISO 8601. */
  since: string;
}

/**
 * `running`: the process lives. `dead`: it does not. `unknown`: this process cannot tell, because the owner belongs to
 * another machine or container, or because the system tells no start times.
 */
export type Standing = "running" | "dead" | "unknown";

/** Largest number that a process id can be on any system. */
const MAX_PID = 2 ** 31 - 1;

type Identity = Pick<LockOwner, "born" | "scope" | "host">;

let identity: Promise<Identity> | undefined;

/** Returns the content of a lock file of this process. No two contents are the same. */
export async function ownLockText(): Promise<string> {
  const { born, scope, host } = await ownIdentity();
  const owner: LockOwner & { mark: string } = {
    pid: process.pid,
    born,
    scope,
    host,
    program: basename(process.argv[1] ?? process.execPath),
    since: new Date(systemClock.wallMs()).toISOString(),
    mark: randomBytes(9).toString("hex"),
  };
  return `${JSON.stringify(owner)}\n`;
}

/** Returns undefined for a text that names nobody: half-written, edited by hand, or of another program. */
export function parseLockOwner(text: string): LockOwner | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isJsonObject(value)) return undefined;
  const { pid, born, scope, host, program, since } = value;
  if (typeof pid !== "number" || !Number.isInteger(pid) || pid <= 0 || pid > MAX_PID) return undefined;
  if (typeof scope !== "string" || (typeof born !== "string" && born !== null)) return undefined;
  const shown = (one: unknown): string => (typeof one === "string" ? lineOf(one, 100) : "unknown");
  return { pid, born, scope, host: shown(host), program: shown(program), since: shown(since) };
}

export async function standingOf({ pid, born, scope }: LockOwner): Promise<Standing> {
  const own = await ownIdentity();
  if (scope !== own.scope) return "unknown";
  if (!isRunning(pid)) return "dead";
  const stat = await statOf(pid);
  if (!stat || born === null) return "unknown";
  return String(stat.born) === born && !"ZX".includes(stat.state) ? "running" : "dead";
}

/** True unless no process of this machine has the id. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemCode(error) !== "ESRCH";
  }
}

function ownIdentity(): Promise<Identity> {
  return (identity ??= identify());
}

async function identify(): Promise<Identity> {
  const host = hostname();
  const stat = await statOf(process.pid);
  const born = stat ? String(stat.born) : null;
  return { born, scope: (await linuxScope()) ?? `${process.platform} ${host}`, host };
}

async function statOf(pid: number): Promise<ProcessStat | undefined> {
  try {
    return parseStat(await readFile(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return undefined;
  }
}

/** Ticks begin with the boot, and ids are those of a namespace. Returns undefined where there are no such files. */
async function linuxScope(): Promise<string | undefined> {
  try {
    const boot = await readFile("/proc/sys/kernel/random/boot_id", "utf8");
    return `linux ${boot.trim()} ${await readlink("/proc/self/ns/pid")}`;
  } catch {
    return undefined;
  }
}
