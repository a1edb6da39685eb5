import {
  defaultBaseDir,
  findHosts,
  type ControlClient,
  type ControlStatus,
  type ExtensionStatus,
} from "@synaps/host";
import { didYouMean } from "@synaps/sdk/protocol";
import { placesOf, type PlaceFlags } from "./places.js";
import { errors } from "./present-error.js";
import { shellWord } from "./text.js";

/** The flags that say which running hosts are meant. */
export interface HostFlags extends Pick<PlaceFlags, "baseDir"> {
  pid?: number;
}

export interface RunningHost {
  client: ControlClient;
  status: ControlStatus;
}

/** A host whose socket is there and that does not answer. */
export interface MuteHost {
  pid: number;
  why: string;
}

export interface Found {
  /** The oldest first. */
  hosts: RunningHost[];
  mute: MuteHost[];
}

/** Asks all hosts that are meant how they are. What killed hosts left behind counts for nothing. */
export async function askHosts(flags: HostFlags): Promise<Found> {
  const clients = clientsOf(flags);
  const answers = await Promise.all(clients.map(ask));
  // A killed host's socket went away when it was asked, and one that ended took its own along.
  const stillThere = new Set(clientsOf(flags).map(({ pid }) => pid));
  const hosts = answers.filter((answer) => "status" in answer);
  hosts.sort((a, b) => a.status.started_at - b.status.started_at || a.client.pid - b.client.pid);
  const mute = answers.filter((answer) => "why" in answer).filter(({ pid }) => stillThere.has(pid));
  return { hosts, mute };
}

/** Throws when there is no host that answers. */
export async function reachableHosts(flags: HostFlags): Promise<Found> {
  const found = await askHosts(flags);
  if (found.hosts.length === 0) throw await noHost(flags, found);
  return found;
}

/** Why no host answered, as an error. */
export async function noHost(flags: HostFlags, { mute }: Found): Promise<Error> {
  const [silent] = mute;
  if (silent) return errors.hostMute(silent.pid, silent.why);
  const { baseDir } = placesOf(flags);
  const run = `synaps-ext run --control${baseDirFlag(baseDir)}`;
  if (flags.pid === undefined) return errors.hostNotFound(baseDir, run);
  const others = (await askHosts({ baseDir })).hosts.map(({ client }) => client.pid);
  return errors.pidNotFound(flags.pid, baseDir, others, run);
}

export interface FoundExtension {
  client: ControlClient;
  extension: ExtensionStatus;
}

/**
 * The one extension of this id, with `process` only one that may have a process. Throws when there is none, or more
 * than one host has it.
 */
export async function findExtension(
  id: string,
  flags: HostFlags,
  need: { process: boolean } = { process: true },
): Promise<FoundExtension> {
  const { hosts } = await reachableHosts(flags);
  const all = hosts.flatMap(({ client, status }) =>
    status.extensions.map((extension) => ({ client, extension })),
  );
  const named = all.filter(({ extension }) => extension.id === id);
  const [found, ...others] = named.filter(({ extension }) => extension.process);
  if (found && others.length > 0)
    throw errors.severalHosts(
      id,
      [found, ...others].map(({ client }) => client.pid),
    );
  if (found) return found;
  const [without, ...more] = named;
  if (without && !need.process) {
    const pids = [...new Set([without, ...more].map(({ client }) => client.pid))];
    if (pids.length > 1) throw errors.severalHosts(id, pids);
    return without;
  }
  if (without) throw errors.noProcess(id, without.extension.state);
  const known = [...new Set(all.map(({ extension }) => extension.id))];
  throw errors.notInHosts(id, known, didYouMean(id, known));
}

/** ` --base-dir <dir>` for a command to paste, where it is not what everybody has. */
export function baseDirFlag(baseDir: string): string {
  return isUsual(baseDir) ? "" : ` --base-dir ${shellWord(baseDir)}`;
}

function isUsual(baseDir: string): boolean {
  try {
    return baseDir === defaultBaseDir({});
  } catch {
    // A user without a home folder has no usual one.
    return false;
  }
}

function clientsOf({ baseDir, pid }: HostFlags): ControlClient[] {
  const all = findHosts(placesOf(baseDir === undefined ? {} : { baseDir }).baseDir);
  return pid === undefined ? all : all.filter((client) => client.pid === pid);
}

async function ask(client: ControlClient): Promise<RunningHost | MuteHost> {
  try {
    return { client, status: await client.status() };
  } catch (error) {
    return { pid: client.pid, why: error instanceof Error ? error.message : String(error) };
  }
}
