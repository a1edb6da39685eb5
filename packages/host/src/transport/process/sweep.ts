import { readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "../../time/clock.js";
import { messageOf, systemCode } from "../../errors.js";
import type { Logger } from "../../logger.js";
import { ledgerFolder } from "./ledger.js";
import { parseLedger, type LedgerChild, type LedgerContent } from "./ledger-file.js";
import type { Platform } from "./platform/platform.js";

/** The name of a ledger, or of a ledger that is just being written. Earlier versions wrote no random part. */
const LEDGER_NAME = /^\d+-\d+(-[0-9a-f]+)?\.json(\.tmp)?$|^\.\d+-\d+(-[0-9a-f]+)?\.json-\d+-\d+\.tmp$/;

/** Time for which the ledger of another machine, boot or container is left alone: its ids mean nothing here. */
const FOREIGN_MS = 7 * 24 * 3_600_000;

export interface SweepServices {
  baseDir: string;
  platform: Platform;
  logger: Logger;
  clock: Pick<Clock, "wallMs">;
}

/**
 * Kills processes that hosts left behind when they ended, and removes the ledgers of those hosts. A process is killed only when its start time
 * is the recorded one, and the group of one that is gone only when the platform proves that it is still the same
 * group: an id alone says nothing, because it may have come round to a stranger. Never rejects.
 */
export async function sweep(services: SweepServices): Promise<void> {
  const { baseDir, logger } = services;
  const folder = ledgerFolder(baseDir);
  try {
    for (const name of await readdir(folder)) {
      if (LEDGER_NAME.test(name)) await sweepFile(join(folder, name), services);
    }
  } catch (error) {
    if (systemCode(error) === "ENOENT") return;
    logger.warn("processes of earlier hosts could not be looked for", { reason: messageOf(error) });
  }
}

async function sweepFile(path: string, services: SweepServices): Promise<void> {
  const { platform, logger, clock } = services;
  try {
    const content = parseLedger(await readFile(path, "utf8"));
    // A ledger that is just being written is looked at again when its host is gone.
    if (!content) return path.endsWith(".tmp") ? await sweepOld(path, clock) : await moveAside(path, logger);
    if (content.scope !== (await platform.scope())) return await sweepOld(path, clock);
    if (await isLiving(content.host, platform)) return;
    if (!path.endsWith(".tmp")) await endAll(content, services);
    await rm(path);
  } catch (error) {
    // Another host that starts at the same time sweeps the same files.
    if (systemCode(error) === "ENOENT") return;
    logger.warn("a record of extension processes could not be read", {
      file: path,
      reason: messageOf(error),
    });
  }
}

async function endAll({ host, children }: LedgerContent, { platform, logger }: SweepServices): Promise<void> {
  for (const child of children) {
    if (!(await isOurs(child, platform))) continue;
    platform.signalTree(child.pid, "SIGKILL");
    const { extension, pid } = child;
    logger.warn("a process of an earlier host was still running and was killed", {
      extension,
      pid,
      host: host.pid,
    });
  }
}

async function isOurs({ pid, born, seen }: LedgerChild, platform: Platform): Promise<boolean> {
  if (platform.isAlive(pid)) return (await platform.startTime(pid)) === born;
  return platform.isRemnant(pid, born, seen);
}

/** True in doubt: a living host's children must not be killed. */
async function isLiving({ pid, born }: LedgerContent["host"], platform: Platform): Promise<boolean> {
  if (!platform.isAlive(pid)) return false;
  const now = await platform.startTime(pid);
  return now === undefined || now === born;
}

async function sweepOld(path: string, clock: SweepServices["clock"]): Promise<void> {
  const { mtimeMs } = await stat(path);
  if (clock.wallMs() - mtimeMs > FOREIGN_MS) await rm(path);
}

async function moveAside(path: string, logger: Logger): Promise<void> {
  const aside = `${path}.unreadable`;
  await rename(path, aside);
  logger.warn("a record of extension processes was not used", {
    reason: `it is not what a host writes; it was moved to ${aside}`,
  });
}
