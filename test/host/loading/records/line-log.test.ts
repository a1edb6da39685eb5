import { appendFileSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { nullLogger, type Logger } from "@synaps/host";
import { describe, expect, it } from "vitest";
import { LineLog } from "../../../../packages/host/src/loading/records/line-log.js";
import { repo } from "../../../helpers/paths.js";
import { tempDir } from "../../../helpers/temp.js";
import { verifies } from "../../../requirements/verifies.js";

/** With the folder of the file as base folder, or the folder above it. */
function logAt(path: string, logger: Logger, maxBytes?: number): LineLog {
  const baseDir = path.includes("extensions") ? dirname(dirname(path)) : dirname(path);
  return new LineLog({ baseDir, path }, logger, maxBytes);
}

describe("a log of lines", () => {
  it(verifies("PROV-037") + "only grows, is the user's alone, and gives its last lines back", async () => {
    const path = join(tempDir(), "extensions", "audit.jsonl");
    const log = logAt(path, nullLogger);
    expect(await log.tail(5)).toEqual([]);
    for (let n = 0; n < 5; n += 1) log.append({ n });
    expect(await log.tail(2)).toEqual([{ n: 3 }, { n: 4 }]);
    expect(await log.tail(0)).toEqual([]);
    expect(await log.tail(50)).toHaveLength(5);
    if (process.platform !== "win32") expect(statSync(path).mode & 0o777).toBe(0o600);
    appendFileSync(path, 'half a li\n[1]\n7\n{"other": "program"}\n');
    log.append({ n: 5 });
    expect(await log.tail(3)).toEqual([{ n: 4 }, { other: "program" }, { n: 5 }]);
    expect(readFileSync(path, "utf8")).toContain("half a li\n");
  });

  it(verifies("PROV-037") + "goes on after a line that was torn by the end of a process", async () => {
    const path = join(tempDir(), "audit.jsonl");
    writeFileSync(path, '{"n": 1}\n{"n": 2, "to');
    const log = logAt(path, nullLogger);
    log.append({ n: 3 });
    expect(await log.tail(5)).toEqual([{ n: 1 }, { n: 3 }]);
  });

  it(verifies("PROV-037") + "is put aside when it is full, and read over both files", async () => {
    const path = join(tempDir(), "audit.jsonl");
    const log = logAt(path, nullLogger, 100);
    for (let n = 0; n < 30; n += 1) log.append({ n });
    await log.settled();
    expect(statSync(path).size).toBeLessThanOrEqual(100);
    expect(statSync(`${path}.1`).size).toBeLessThanOrEqual(100);
    const tail = await log.tail(14);
    expect(tail).toEqual(Array.from({ length: 14 }, (_, n) => ({ n: 16 + n })));
  });

  it(
    verifies("PROV-037") + "that cannot be written, or not fast enough, is told, and costs no memory",
    async () => {
      const told: unknown[] = [];
      const logger = {
        ...nullLogger,
        warn: (message: string, fields?: object) => void told.push([message, fields]),
      };
      const path = join(tempDir(), "audit.jsonl");
      mkdirSync(path);
      const blocked = logAt(path, logger);
      blocked.append({ n: 1 });
      await blocked.settled();
      expect(told).toMatchObject([["a record was not written", { file: path }]]);
      const log = logAt(join(tempDir(), "audit.jsonl"), logger);
      for (let n = 0; n < 1_100; n += 1) log.append({ n });
      await log.settled();
      expect(await log.tail(2_000)).toHaveLength(1_024);
      expect(told[1]).toMatchObject(["a record was not written", { dropped: 76 }]);
    },
  );

  it(
    verifies("REC-011") + "that is full is put aside by one of several hosts, and not again by the next",
    async () => {
      const baseDir = tempDir();
      const path = join(baseDir, "audit.jsonl");
      // Each copy of the module has its own queue, as a program of its own has.
      const module = repo("packages/host/dist/loading/records/line-log.js");
      const copies = await Promise.all(
        [1, 2, 3].map((n) => import(`${module}?copy=${n}`) as Promise<{ LineLog: typeof LineLog }>),
      );
      const logs = copies.map((copy) => new copy.LineLog({ baseDir, path }, nullLogger, 1_000));
      const line = { text: "x".repeat(88) };
      for (let n = 0; n < 20; n += 1) {
        for (const log of logs) for (let m = 0; m < 5; m += 1) log.append(line);
        await Promise.all(logs.map((log) => log.settled()));
        // Ten lines fill a file. The other hosts may each have had one more under way.
        if (n > 0) expect(statSync(`${path}.1`).size).toBeGreaterThanOrEqual(900);
      }
    },
  );

  it(verifies("REC-006") + "is not written through a link out of the base folder", async () => {
    const [baseDir, outside] = [tempDir(), tempDir()];
    const [path, mine] = [join(baseDir, "audit.jsonl"), join(outside, "mine")];
    writeFileSync(mine, "mine");
    symlinkSync(mine, path);
    const told: unknown[] = [];
    const logger = { ...nullLogger, warn: (_: string, fields?: object) => void told.push(fields) };
    const log = new LineLog({ baseDir, path }, logger);
    log.append({ n: 1 });
    await log.settled();
    expect(told).toMatchObject([{ reason: expect.stringContaining("out of") }]);
    expect(readFileSync(mine, "utf8")).toBe("mine");
  });
});
