import { describe, expect, it } from "vitest";
import { Listeners } from "../../packages/host/src/listeners.js";
import type { LogFields, Logger } from "../../packages/host/src/logger.js";
import { until } from "../helpers/wait.js";

function recording(): { logger: Logger; warnings: { message: string; fields: LogFields | undefined }[] } {
  const warnings: { message: string; fields: LogFields | undefined }[] = [];
  const logger: Logger = {
    debug() {},
    info() {},
    warn: (message, fields) => void warnings.push({ message, fields }),
    error() {},
  };
  return { logger, warnings };
}

describe("listeners", () => {
  it("are told in the order in which they began to listen, and not after they stopped", () => {
    const { logger } = recording();
    const listeners = new Listeners<[number]>(logger, "numbers");
    const told: string[] = [];
    const stopFirst = listeners.listen((n) => told.push(`first ${n}`));
    listeners.listen((n) => told.push(`second ${n}`));
    listeners.tell(1);
    stopFirst();
    stopFirst();
    listeners.tell(2);
    expect(told).toEqual(["first 1", "second 1", "second 2"]);
    expect(listeners.size).toBe(1);
  });

  it("count each call of listen for itself, also of the same function", () => {
    const { logger } = recording();
    const listeners = new Listeners<[]>(logger, "nothing");
    let told = 0;
    const listener = (): void => void (told += 1);
    const stop = listeners.listen(listener);
    listeners.listen(listener);
    stop();
    listeners.tell();
    expect(told).toBe(1);
  });

  it("survive one that throws anything at all, and the log says so", () => {
    const { logger, warnings } = recording();
    const listeners = new Listeners<[]>(logger, "tests");
    const thrown: unknown[] = [new Error("broken"), Object.create(null), undefined];
    const told: number[] = [];
    for (const one of thrown) {
      listeners.listen(() => {
        throw one;
      });
      listeners.listen(() => told.push(told.length));
    }
    listeners.tell();
    expect(told).toEqual([0, 1, 2]);
    expect(warnings).toEqual([
      { message: "a listener for tests failed", fields: { reason: "broken", count: 1 } },
    ]);
  });

  it("survive an async one that rejects", async () => {
    const { logger, warnings } = recording();
    const listeners = new Listeners<[]>(logger, "tests");
    listeners.listen(async () => {
      await Promise.resolve();
      throw new Error("later");
    });
    listeners.tell();
    await until("the log was told", () => warnings.length === 1);
    expect(warnings[0]?.fields).toEqual({ reason: "later", count: 1 });
  });

  it("warn of the 1st, the 10th and the 100th failure only", () => {
    const { logger, warnings } = recording();
    const listeners = new Listeners<[]>(logger, "tests");
    listeners.listen(() => {
      throw new Error("always");
    });
    for (let i = 0; i < 150; i += 1) listeners.tell();
    expect(warnings.map(({ fields }) => fields?.["count"])).toEqual([1, 10, 100]);
  });

  it("may come and go while they are told: those who came are told the next time", () => {
    const { logger } = recording();
    const listeners = new Listeners<[string]>(logger, "words");
    const told: string[] = [];
    let stopLast = (): void => {};
    listeners.listen((word) => {
      told.push(`first ${word}`);
      stopLast();
      if (word === "a") listeners.listen((next) => told.push(`new ${next}`));
    });
    stopLast = listeners.listen((word) => told.push(`last ${word}`));
    listeners.tell("a");
    listeners.tell("b");
    expect(told).toEqual(["first a", "first b", "new b"]);
  });
});
