import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { Memory, nullLogger, systemClock } from "@synaps/host";
import { settingsOf } from "@synaps/host/tooling";
import { didYouMean, type MemoryQuery, type MemoryRecord } from "@synaps/sdk/protocol";
import { EXIT } from "../exit-codes.js";
import type { Io } from "../io.js";
import { hostOptionsOf } from "../places.js";
import { errors } from "../present-error.js";
import { jsonDocument, plain } from "../text.js";

export interface MemoryFlags {
  contains?: string;
  tag?: string;
  since?: number;
  until?: number;
  limit?: number;
  baseDir?: string;
  json?: boolean;
}

/** Shows what an extension has stored. Starts nothing, and can run beside a host. */
export async function memoryQuery(
  { stdout, stderr }: Io,
  namespace: string,
  flags: MemoryFlags,
): Promise<number> {
  const { baseDir } = settingsOf(hostOptionsOf(flags));
  const known = await namespacesIn(baseDir);
  const memory = new Memory({ baseDir, logger: nullLogger, clock: systemClock });
  const records = await memory.query(namespace, queryOf(flags));
  const broken = memory.brokenLines(namespace);
  await memory.close();
  if (records.length === 0 && !known.includes(namespace)) {
    throw errors.noMemory(namespace, known, didYouMean(namespace, known));
  }
  if (broken > 0) {
    const lines = broken === 1 ? "1 line that is no note was" : `${broken} lines that are no notes were`;
    await stderr.write(`${stderr.paint("yellow", "warn:")} ${lines} passed over\n`);
  }
  if (flags.json)
    await stdout.write(jsonDocument({ schemaVersion: 1, namespace, records, brokenLines: broken }));
  else await stdout.write(records.map(lineOf).join(""));
  return EXIT.ok;
}

function queryOf({ contains, tag, since, until, limit }: MemoryFlags): MemoryQuery {
  return {
    ...(contains === undefined ? {} : { content_contains: contains }),
    ...(tag === undefined ? {} : { tag_prefix: tag }),
    ...(since === undefined ? {} : { since_ms: since }),
    ...(until === undefined ? {} : { until_ms: until }),
    ...(limit === undefined ? {} : { limit }),
  };
}

function lineOf({ timestamp_ms, tags, content }: MemoryRecord): string {
  const date = new Date(timestamp_ms);
  const time = Number.isNaN(date.getTime()) ? String(timestamp_ms) : date.toISOString();
  const labels = tags.length > 0 ? `[${tags.map(plain).join(", ")}] ` : "";
  return `${time}  ${labels}${plain(content)}\n`;
}

async function namespacesIn(baseDir: string): Promise<string[]> {
  const names = await readdir(join(baseDir, "memory")).catch(() => []);
  return names.filter((name) => name.endsWith(".jsonl")).map((name) => name.slice(0, -".jsonl".length));
}
