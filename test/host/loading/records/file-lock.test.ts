import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { claim, withLock } from "../../../../packages/host/src/loading/records/file-lock.js";
import { ownLockText, parseLockOwner } from "../../../../packages/host/src/loading/records/lock-owner.js";
import { repo } from "../../../helpers/paths.js";
import { tempDir } from "../../../helpers/temp.js";
import { until } from "../../../helpers/wait.js";
import { verifies } from "../../../requirements/verifies.js";

const nothing = (): Promise<void> => Promise.resolve();

const { pid } = spawnSync(process.execPath, ["-e", ""]);

/** The lock file of a program of this machine that has ended. */
async function deadLock(): Promise<string> {
  return JSON.stringify({ ...JSON.parse(await ownLockText()), pid });
}

describe("a lock", () => {
  it(verifies("REC-001") + "lets one piece of work in at a time, in turn, and leaves nothing", async () => {
    const folder = tempDir();
    const lock = join(folder, "a.lock");
    const steps: string[] = [];
    let open: (() => void) | undefined;
    const held = withLock(lock, () => new Promise<void>((resolve) => (open = resolve)));
    await until("the lock is held and its work has begun", () => open !== undefined);
    expect(parseLockOwner(readFileSync(lock, "utf8"))).toMatchObject({ pid: process.pid });
    expect(statSync(lock).mode & 0o777).toBe(0o600);
    const waiting = withLock(lock, () => Promise.resolve(void steps.push("second")));
    steps.push("first");
    open?.();
    await Promise.all([held, waiting]);
    expect(steps).toEqual(["first", "second"]);
    expect(readdirSync(folder)).toEqual([]);
  });

  it("is free again after work that failed, which rejects with its own error", async () => {
    const lock = join(tempDir(), "a.lock");
    await expect(withLock(lock, () => Promise.reject(new Error("mine")))).rejects.toThrow("mine");
    expect(await withLock(lock, ({ tookOver }) => Promise.resolve(tookOver))).toBe(false);
  });

  it(verifies("REC-002") + "of a dead program is taken over, also when its id was given again", async () => {
    const lock = join(tempDir(), "a.lock");
    const text = await ownLockText();
    const reused = JSON.stringify({ ...JSON.parse(text), born: "1" });
    for (const content of process.platform === "linux" ? [await deadLock(), reused] : [await deadLock()]) {
      writeFileSync(lock, content);
      expect(await withLock(lock, ({ tookOver }) => Promise.resolve(tookOver))).toBe(true);
      expect(existsSync(lock)).toBe(false);
    }
  });

  it(
    verifies("REC-002") + "is taken over when the one who was about to take it over is dead, too",
    async () => {
      const folder = tempDir();
      const lock = join(folder, "a.lock");
      for (const path of [lock, `${lock}.next`, `${lock}.next.next`]) writeFileSync(path, await deadLock());
      expect(await withLock(lock, ({ tookOver }) => Promise.resolve(tookOver))).toBe(true);
      expect(existsSync(lock)).toBe(false);
    },
  );

  it.each([
    ["nothing", ""],
    ["half of itself", '{"pid":1'],
    ["another shape", '{"pid":-1,"scope":"x","born":null}'],
    ["an id that no system has", '{"pid":99999999999,"scope":"x","born":null}'],
    ["no text", "\0\0\0"],
  ])(verifies("REC-003") + "whose file holds %s is taken over", async (_, content) => {
    const lock = join(tempDir(), "a.lock");
    writeFileSync(lock, content);
    await withLock(lock, nothing);
    expect(existsSync(lock)).toBe(false);
  });

  it(
    verifies("REC-003") + "in whose place a link or a folder stands: the one is replaced, the other named",
    async () => {
      const folder = tempDir();
      const [lock, other] = [join(folder, "a.lock"), join(folder, "mine")];
      writeFileSync(other, "mine");
      for (const to of [other, join(folder, "nothing")]) {
        symlinkSync(to, lock);
        await withLock(lock, nothing);
      }
      expect(readFileSync(other, "utf8")).toBe("mine");
      mkdirSync(lock);
      await expect(withLock(lock, nothing)).rejects.toThrow(`its lock '${lock}' is a folder`);
    },
  );

  it(
    verifies("REC-004") + "of a living program is waited for, then the error names the program",
    async () => {
      const lock = join(tempDir(), "a.lock");
      const text = await ownLockText();
      writeFileSync(lock, text);
      await expect(withLock(lock, nothing, 100)).rejects.toMatchObject({
        message: expect.stringContaining(`process ${process.pid} (`),
        hint: expect.stringContaining(`remove '${lock}'`),
      });
      expect(readFileSync(lock, "utf8")).toBe(text);
      expect(readdirSync(join(lock, ".."))).toEqual(["a.lock"]);
    },
  );

  it(
    verifies("REC-004") + "says so when somebody else took it over meanwhile, and is left to the other",
    async () => {
      const lock = join(tempDir(), "a.lock");
      const other = await ownLockText();
      await withLock(lock, async (held) => {
        await held.check();
        writeFileSync(lock, other);
        await expect(held.check()).rejects.toThrow("taken over by another program");
      });
      expect(readFileSync(lock, "utf8")).toBe(other);
    },
  );

  it("names no program with text that moves the cursor", () => {
    const owner = { pid: 1, born: null, scope: "s", program: "a\u001b[2Jb", host: 7, since: "x".repeat(999) };
    const parsed = parseLockOwner(JSON.stringify(owner));
    expect(parsed).toMatchObject({ program: "a[2Jb", host: "unknown" });
    expect(parsed?.since.length).toBe(100);
  });

  it("is made whole on a file system without hard links", async () => {
    const [own, lock] = [join(tempDir(), "own"), join(tempDir(), "a.lock")];
    writeFileSync(own, "text");
    expect(await claim(own, lock)).toBe(true);
    expect(await claim(own, lock)).toBe(false);
    if (!existsSync("/dev/shm") || statSync("/dev/shm").dev === statSync(own).dev) return;
    const far = `/dev/shm/synaps-${process.pid}.lock`;
    try {
      expect([await claim(own, far), await claim(own, far)]).toEqual([true, false]);
      expect(readFileSync(far, "utf8")).toBe("text");
    } finally {
      await import("node:fs/promises").then(({ rm }) => rm(far, { force: true }));
    }
  });

  it(verifies("REC-005") + "that is stale has one winner among all that take it over at once", async () => {
    // Each copy of the module has its own queue, as a program of its own has.
    const module = repo("packages/host/dist/loading/records/file-lock.js");
    const copies = await Promise.all(
      [1, 2, 3, 4].map((n) => import(`${module}?copy=${n}`) as Promise<{ withLock: typeof withLock }>),
    );
    const lock = join(tempDir(), "a.lock");
    const stale = await deadLock();
    let [inside, most, took] = [0, 0, 0];
    for (let n = 0; n < 50; n += 1) {
      writeFileSync(lock, stale);
      const all = copies.map((copy) =>
        copy.withLock(lock, async ({ tookOver }) => {
          inside += 1;
          most = Math.max(most, inside);
          if (tookOver) took += 1;
          await new Promise(setImmediate);
          inside -= 1;
        }),
      );
      await Promise.all(all);
    }
    expect({ most, took }).toEqual({ most: 1, took: 50 });
  });
});
