import { spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { systemClock } from "../../../../packages/host/src/time/clock.js";
import { nullLogger } from "../../../../packages/host/src/logger.js";
import { Ledger, ledgerFolder } from "../../../../packages/host/src/transport/process/ledger.js";
import {
  ledgerText,
  parseLedger,
  type LedgerContent,
} from "../../../../packages/host/src/transport/process/ledger-file.js";
import { ownPlatform } from "../../../../packages/host/src/transport/process/platform/select.js";
import { sweep } from "../../../../packages/host/src/transport/process/sweep.js";
import { alive } from "../../../e2e/host/support/fixture.js";
import { tempDir } from "../../../helpers/temp.js";
import { until } from "../../../helpers/wait.js";
import { verifies } from "../../../requirements/verifies.js";

const platform = ownPlatform({});
/** No process: ids end far below. */
const GONE = { pid: 999_999_999, born: "1" };

function running(pid: number): boolean {
  try {
    return alive(pid);
  } catch {
    return false;
  }
}

/** A process that leads a group; with `heir`, one of its children stays when it ends, and its id is told. */
function leader(heir = false): { pid: number; heir: Promise<number>; end(): void } {
  const script = heir ? "sleep 1000 >/dev/null & echo $!; read line" : "read line";
  const child = spawn("/bin/sh", ["-c", script], { detached: true, stdio: ["pipe", "pipe", "ignore"] });
  const pid = Number(child.pid);
  onTestFinished(() => {
    try {
      process.kill(-pid, "SIGKILL");
    } catch {
      // It is gone, as it should be.
    }
  });
  const told = new Promise<number>((resolve) => child.stdout.once("data", (line) => resolve(Number(line))));
  return { pid, heir: told, end: () => void child.stdin.end() };
}

async function swept(baseDir: string): Promise<string[]> {
  const said: string[] = [];
  const logger = { ...nullLogger, warn: (message: string) => void said.push(message) };
  await sweep({ baseDir, platform, logger, clock: systemClock });
  return said;
}

async function write(baseDir: string, content: Partial<LedgerContent>): Promise<string> {
  const path = join(ledgerFolder(baseDir), "999999999-1.json");
  mkdirSync(ledgerFolder(baseDir), { recursive: true });
  writeFileSync(path, ledgerText({ scope: await platform.scope(), host: GONE, children: [], ...content }));
  return path;
}

async function bornOf(pid: number): Promise<string> {
  return (await platform.startTime(pid)) ?? "";
}

describe("the sweep", () => {
  it(verifies("FAIL-037") + "kills what a host that is gone left, and removes the record", async () => {
    const baseDir = tempDir();
    const { pid } = leader();
    const path = await write(baseDir, { children: [{ pid, born: await bornOf(pid), extension: "x" }] });
    expect(await swept(baseDir)).toEqual(["a process of an earlier host was still running and was killed"]);
    await until("it is gone", () => !running(pid));
    expect(existsSync(path)).toBe(false);
  });

  it(verifies("FAIL-038") + "never kills a stranger that got the id later", async () => {
    const baseDir = tempDir();
    const { pid } = leader();
    const born = String(Number(await bornOf(pid)) - 1);
    const path = await write(baseDir, { children: [{ pid, born, extension: "x" }] });
    expect(await swept(baseDir)).toEqual([]);
    expect([running(pid), existsSync(path)]).toEqual([true, false]);
  });

  it("leaves the children of a living host alone; one with its id but another start time is not that host", async () => {
    const baseDir = tempDir();
    const { pid } = leader();
    const children = [{ pid, born: await bornOf(pid), extension: "x" }];
    const host = { pid: process.pid, born: await bornOf(process.pid) };
    const path = await write(baseDir, { host, children });
    expect(await swept(baseDir)).toEqual([]);
    expect([running(pid), existsSync(path)]).toEqual([true, true]);
    await write(baseDir, { host: { ...host, born: "1" }, children });
    expect(await swept(baseDir)).toHaveLength(1);
    await until("it is gone", () => !running(pid));
  });

  it.skipIf(process.platform !== "linux")(
    verifies("FAIL-038") + "kills a group without its leader only when it is proven",
    async () => {
      const baseDir = tempDir();
      const one = leader(true);
      const born = await bornOf(one.pid);
      // Not the leader, which is in the group as well, but the heir has to be older than what was seen.
      const heirBorn = Number(await bornOf(await one.heir));
      let seen = "";
      await until("time went on", async () => Number((seen = (await platform.now()) ?? "")) > heirBorn);
      one.end();
      await until("the leader is gone", () => !running(one.pid));
      await write(baseDir, { children: [{ pid: one.pid, born, extension: "x", seen: born }] });
      expect(await swept(baseDir)).toEqual([]);
      await write(baseDir, { children: [{ pid: one.pid, born, extension: "x", seen }] });
      expect(await swept(baseDir)).toHaveLength(1);
      await until("the group is gone", async () => !(await platform.isRemnant(one.pid, born, seen)));
    },
  );

  it("moves aside what no host wrote, and says so", async () => {
    const baseDir = tempDir();
    const path = await write(baseDir, {});
    for (const text of ["", "{}", ledgerText({ scope: "s", host: { pid: 1, born: "1" }, children: [] })]) {
      writeFileSync(path, text);
      expect(await swept(baseDir)).toEqual(["a record of extension processes was not used"]);
      expect(readdirSync(ledgerFolder(baseDir))).toEqual(["999999999-1.json.unreadable"]);
    }
  });

  it("leaves the record of another machine alone, for a week", async () => {
    const baseDir = tempDir();
    const { pid } = leader();
    const children = [{ pid, born: await bornOf(pid), extension: "x" }];
    const path = await write(baseDir, { scope: "another", children });
    await swept(baseDir);
    expect(existsSync(path)).toBe(true);
    utimesSync(path, new Date(), new Date(Date.now() - 8 * 24 * 3_600_000));
    await swept(baseDir);
    expect([existsSync(path), running(pid)]).toEqual([false, true]);
  });

  it("has nothing to do where no host ever was, and warns once where it may not look", async () => {
    expect(await swept(join(tempDir(), "absent"))).toEqual([]);
    const baseDir = tempDir();
    mkdirSync(join(baseDir, "extensions"));
    writeFileSync(ledgerFolder(baseDir), "");
    expect(await swept(baseDir)).toEqual(["processes of earlier hosts could not be looked for"]);
  });
});

describe("the ledger", () => {
  it(
    verifies("FAIL-039") + "holds what lives, is for its owner only, and is gone with the last child",
    async () => {
      const baseDir = tempDir();
      const ledger = new Ledger(baseDir, platform, nullLogger);
      const { pid } = leader();
      ledger.add(pid, "guard", () => true);
      await ledger.settled();
      const [name = ""] = readdirSync(ledgerFolder(baseDir));
      const path = join(ledgerFolder(baseDir), name);
      const born = await bornOf(process.pid);
      expect(name).toMatch(new RegExp(`^${process.pid}-${born}-[0-9a-f]{8}\\.json$`));
      expect([statSync(path).mode & 0o777, statSync(ledgerFolder(baseDir)).mode & 0o777]).toEqual([
        0o600, 0o700,
      ]);
      expect(parseLedger(readFileSync(path, "utf8"))).toEqual({
        scope: await platform.scope(),
        host: { pid: process.pid, born },
        children: [
          {
            pid,
            born: await bornOf(pid),
            extension: "guard",
            seen: expect.stringMatching(/^\d+$/) as string,
          },
        ],
      });
      ledger.remove(pid);
      await ledger.settled();
      expect(readdirSync(ledgerFolder(baseDir))).toEqual([]);
      await ledger.close();
    },
  );

  it("that cannot be written is one warning", async () => {
    const baseDir = tempDir();
    writeFileSync(join(baseDir, "extensions"), "in the way");
    const said: string[] = [];
    const ledger = new Ledger(baseDir, platform, { ...nullLogger, warn: (line) => void said.push(line) });
    const { pid } = leader();
    for (let n = 0; n < 3; n += 1) {
      ledger.add(pid, "guard", () => true);
      await ledger.settled();
    }
    await ledger.close();
    expect(said).toEqual(["the record of extension processes could not be written"]);
  });
});
