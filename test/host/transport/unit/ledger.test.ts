import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { nullLogger, type LogFields } from "../../../../packages/host/src/logger.js";
import { Ledger, ledgerFolder } from "../../../../packages/host/src/transport/process/ledger.js";
import type { Platform } from "../../../../packages/host/src/transport/process/platform/platform.js";
import { tempDir } from "../../../helpers/temp.js";

interface System {
  /** When processes were started. */
  born: Record<number, string>;
  now: string | undefined;
  /** Holds questions for start times back until it resolves. */
  gate: Promise<unknown>;
}

/** A ledger on a system that a test describes, and what is in its folder. */
function ledger(system: Partial<System> = {}) {
  const baseDir = tempDir();
  const state: System = {
    born: { 100: "5", 7: "70", 8: "80" },
    now: "90",
    gate: Promise.resolve(),
    ...system,
  };
  const asked: number[] = [];
  /** How often the children were looked at: once for each time that the file is written. */
  const looks = { count: 0 };
  const platform: Platform = {
    groups: true,
    signalTree() {},
    isAlive: () => true,
    startTime: async (pid) => {
      asked.push(pid);
      await state.gate;
      return state.born[pid];
    },
    now: () => {
      looks.count += 1;
      return Promise.resolve(state.now);
    },
    scope: () => Promise.resolve("the scope"),
    isRemnant: () => Promise.resolve(false),
    reaper: () => ({ command: "", args: [], env: {} }),
  };
  const warnings: [string, LogFields | undefined][] = [];
  const logger = {
    ...nullLogger,
    warn: (message: string, fields?: LogFields) => void warnings.push([message, fields]),
  };
  const folder = join(baseDir, "extensions", "ledger");
  const files = (): string[] => (existsSync(folder) ? readdirSync(folder) : []);
  return {
    made: new Ledger(baseDir, platform, logger, 100),
    system: state,
    baseDir,
    folder,
    asked,
    looks,
    warnings,
    files,
    /** What stands in the only file. */
    content: (): unknown => JSON.parse(readFileSync(join(folder, files()[0] ?? "none"), "utf8")),
  };
}

const HINT = "should the host be killed together with its reaper, its extensions may run on";
const HEAD = { version: 1, scope: "the scope", host: { pid: 100, born: "5" } };
const running = (): boolean => true;
const ended = (): boolean => false;

describe("the ledger", () => {
  it("holds the children in a file of its own that only the user may read", async () => {
    const { made, baseDir, folder, files, content } = ledger();
    expect(ledgerFolder(baseDir)).toBe(folder);
    made.add(7, "a", running);
    made.add(8, "b", ended);
    await made.settled();
    expect(files()).toEqual([expect.stringMatching(/^100-5-[0-9a-f]{8}\.json$/)]);
    expect(statSync(join(folder, files()[0] ?? "")).mode & 0o777).toBe(0o600);
    expect(content()).toEqual({
      ...HEAD,
      children: [
        { pid: 7, born: "70", extension: "a", seen: "90" },
        { pid: 8, born: "80", extension: "b" },
      ],
    });
  });

  it("follows who comes and goes, and is no file when nobody is left", async () => {
    const { made, files, content, system, asked } = ledger();
    made.add(7, "a", running);
    await made.settled();
    const [name] = files();
    system.now = "95";
    made.add(8, "b", running);
    await made.settled();
    expect(content()).toEqual({
      ...HEAD,
      children: [
        { pid: 7, born: "70", extension: "a", seen: "95" },
        { pid: 8, born: "80", extension: "b", seen: "95" },
      ],
    });
    expect(files()).toEqual([name]);
    made.remove(7);
    await made.settled();
    expect(content()).toMatchObject({ children: [{ pid: 8 }] });
    made.remove(8);
    await made.settled();
    expect(files()).toEqual([]);
    // Each start time is asked for once.
    expect(asked).toEqual([100, 7, 8]);
  });

  it("leaves out a child of which the system does not tell the start", async () => {
    const { made, content, warnings } = ledger();
    made.add(9, "gone", running);
    made.add(7, "a", running);
    await made.settled();
    expect(content()).toMatchObject({ children: [{ pid: 7 }] });
    expect(warnings).toEqual([]);
  });

  it("is no file, and no reason for a warning, when nothing is known of any child", async () => {
    const { made, files, warnings } = ledger();
    made.add(9, "gone", running);
    await made.settled();
    expect([files(), warnings]).toEqual([[], []]);
  });

  it("writes the newest state only, after what is being written", async () => {
    let open = (): void => {};
    const gate = new Promise<void>((resolve) => (open = resolve));
    const { made, asked, looks, content } = ledger({ gate });
    made.add(7, "a", running);
    made.add(8, "b", running);
    made.remove(7);
    await Promise.resolve();
    // This one comes while the first is written.
    made.add(7, "again", running);
    open();
    await made.settled();
    expect([asked[0], looks.count]).toEqual([100, 2]);
    expect(content()).toMatchObject({
      children: [
        { pid: 8, extension: "b" },
        { pid: 7, extension: "again" },
      ],
    });
  });

  it("is not written for a child that it does not know", async () => {
    const { made, asked, files } = ledger();
    made.remove(7);
    await made.settled();
    expect([asked, files()]).toEqual([[], []]);
  });
});

describe("a ledger that was closed", () => {
  it("is no file any more, and becomes none", async () => {
    const { made, looks, files } = ledger();
    made.add(7, "a", running);
    await made.settled();
    expect(files()).toHaveLength(1);
    await made.close();
    expect(files()).toEqual([]);
    made.add(8, "b", running);
    await made.settled();
    expect([files(), looks.count]).toEqual([[], 1]);
  });

  it("writes nothing that was only begun", async () => {
    let open = (): void => {};
    const { made, files, folder } = ledger({ gate: new Promise<void>((resolve) => (open = resolve)) });
    made.add(7, "a", running);
    await Promise.resolve();
    const closed = made.close();
    open();
    await closed;
    expect([files(), existsSync(folder)]).toEqual([[], false]);
  });

  it("is removed at once when the program ends", async () => {
    const { made, files, folder } = ledger();
    made.closeNow();
    made.add(7, "a", running);
    await made.settled();
    expect(files()).toEqual([]);
    const other = ledger();
    other.made.add(7, "a", running);
    await other.made.settled();
    rmSync(other.folder, { recursive: true });
    other.made.closeNow();
    expect(existsSync(folder)).toBe(false);
    const third = ledger();
    third.made.add(7, "a", running);
    await third.made.settled();
    third.made.closeNow();
    expect(third.files()).toEqual([]);
  });

  it("bears that its file became something else", async () => {
    const { made, files, folder } = ledger();
    made.add(7, "a", running);
    await made.settled();
    const path = join(folder, files()[0] ?? "");
    rmSync(path);
    mkdirSync(path);
    expect(() => made.closeNow()).not.toThrow();
    await expect(made.close()).resolves.toBeUndefined();
  });
});

describe("a ledger that cannot be written", () => {
  const MESSAGE = "the record of extension processes could not be written";

  it("is warned of once when the system does not tell the start of the host", async () => {
    const { made, warnings, files, asked } = ledger({ born: {} });
    made.add(7, "a", running);
    await made.settled();
    made.add(8, "b", running);
    await made.settled();
    const reason = "the system does not tell when a process was started";
    expect(warnings).toEqual([[MESSAGE, { reason, hint: HINT }]]);
    expect([files(), asked]).toEqual([[], [100]]);
    await made.close();
  });

  it("is warned of once in the words of the error", async () => {
    const { made, warnings, baseDir } = ledger();
    writeFileSync(join(baseDir, "extensions"), "a file");
    made.add(7, "a", running);
    await made.settled();
    made.add(8, "b", running);
    await made.settled();
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toEqual([
      MESSAGE,
      { reason: expect.stringMatching(/extensions' is not a folder$/), hint: HINT },
    ]);
  });
});
