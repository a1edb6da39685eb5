import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { nullLogger } from "@synaps/host";
import { collectInventory, settingsOf } from "@synaps/host/tooling";
import { InstallLog } from "../../../packages/host/src/loading/install/install-log.js";
import { startedHost } from "../../helpers/hosts.js";
import { tempDir, writeExtension } from "../../helpers/temp.js";
import { until } from "../../helpers/wait.js";
import { verifies } from "../../requirements/verifies.js";

function oneThatIsMissing(): { folder: string; root: string } {
  const folder = tempDir();
  const root = writeExtension(folder, "gone", {
    runtime: "process",
    command: "./missing",
    permissions: ["tools.intercept"],
    hooks: [{ hook: "before_tool_call" }],
  });
  return { folder, root };
}

it("the log says that a quarantined extension failed again when it was tried", async () => {
  const { folder, root } = oneThatIsMissing();
  const baseDir = tempDir();
  mkdirSync(join(baseDir, "extensions"), { recursive: true });
  const noted = { version: 1, quarantined: { [root]: { since: 0, reason: "it crashed" } } };
  writeFileSync(join(baseDir, "extensions", "quarantine.json"), JSON.stringify(noted));
  const { log } = await startedHost([folder], { baseDir });
  const told = (): unknown[] =>
    log.filter(({ level, message }) => level === "warn" && /tried again/.test(message));
  await until("the failure is told", () => told().length > 0);
  expect(told()).toMatchObject([
    { fields: { extension: "gone", reason: expect.stringContaining("was not found") } },
  ]);
});

it("the log says that the record of quarantines cannot be read, or not be moved away", async () => {
  for (const [make, words] of [
    [(path: string) => mkdirSync(path), "it cannot be read: "],
    [
      (path: string) => {
        writeFileSync(path, "no JSON");
        writeFileSync(join(path, "..", "locks"), "a file in the place of the folder");
      },
      "it could not be moved away: ",
    ],
    [(path: string) => writeFileSync(path, "no JSON"), "it was moved to "],
  ] as const) {
    const baseDir = tempDir();
    mkdirSync(join(baseDir, "extensions"), { recursive: true });
    make(join(baseDir, "extensions", "quarantine.json"));
    const { log } = await startedHost([], { baseDir });
    expect(log.filter(({ message }) => message === "the record of quarantines was not used")).toMatchObject([
      { level: "warn", fields: { reason: expect.stringContaining(words) } },
    ]);
  }
});

it.runIf(process.platform === "linux")("a log of a setup on a full disk tells why it has gaps", async () => {
  const full = new InstallLog(await open("/dev/full", "a"));
  full.line("one");
  full.line("two");
  expect(await full.close()).toContain("ENOSPC");
  const baseDir = tempDir();
  const fine = await InstallLog.open(baseDir, join(baseDir, "logs", "setup.log"));
  fine.line("one");
  expect(await fine.close()).toBeUndefined();
});

it(
  verifies("REC-012") + "the log says that leftovers of a killed installation could not be tidied up",
  async () => {
    const baseDir = tempDir();
    const { pid } = spawnSync(process.execPath, ["-e", ""]);
    mkdirSync(join(baseDir, "plugins", `.mine.${pid}-0123456789ab.new.tmp`), { recursive: true });
    mkdirSync(join(baseDir, "extensions"));
    writeFileSync(join(baseDir, "extensions", "locks"), "a file in the place of the folder");
    const log: unknown[] = [];
    const logger = { ...nullLogger, warn: (_: string, fields?: object) => void log.push(fields) };
    const settings = settingsOf({ baseDir, projectExtensions: false, logger });
    expect(await collectInventory({ ...settings, nowMs: Date.now() })).toEqual([]);
    const reason = expect.stringContaining("locks' is not a folder");
    expect(log).toMatchObject([{ folder: join(baseDir, "plugins"), reason }]);
  },
);
