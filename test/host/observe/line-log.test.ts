import { appendFileSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { nullLogger } from "@synaps/host";
import { describe, expect, it } from "vitest";
import { LineLog } from "../../../packages/host/src/observe/line-log.js";
import { tempDir } from "../../helpers/temp.js";
import { verifies } from "../../requirements/verifies.js";

describe("a log of lines", () => {
  it(verifies("PROV-037") + "only grows, is the user's alone, and gives its last lines back", async () => {
    const path = join(tempDir(), "extensions", "audit.jsonl");
    const log = new LineLog(path, nullLogger);
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
    const log = new LineLog(path, nullLogger);
    log.append({ n: 3 });
    expect(await log.tail(5)).toEqual([{ n: 1 }, { n: 3 }]);
  });

  it(verifies("PROV-037") + "is put aside when it is full, and read over both files", async () => {
    const path = join(tempDir(), "audit.jsonl");
    const log = new LineLog(path, nullLogger, 100);
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
      const blocked = new LineLog(path, logger);
      blocked.append({ n: 1 });
      await blocked.settled();
      expect(told).toMatchObject([["a record was not written", { file: path }]]);
      const log = new LineLog(join(tempDir(), "audit.jsonl"), logger);
      for (let n = 0; n < 1_100; n += 1) log.append({ n });
      await log.settled();
      expect(await log.tail(2_000)).toHaveLength(1_024);
      expect(told[1]).toMatchObject(["a record was not written", { dropped: 76 }]);
    },
  );
});
