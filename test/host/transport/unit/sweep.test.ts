import { existsSync, mkdirSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { nullLogger } from "../../../../packages/host/src/logger.js";
import { ledgerFolder } from "../../../../packages/host/src/transport/process/ledger.js";
import {
  ledgerText,
  type LedgerContent,
} from "../../../../packages/host/src/transport/process/ledger-file.js";
import type { Platform } from "../../../../packages/host/src/transport/process/platform/platform.js";
import { sweep } from "../../../../packages/host/src/transport/process/sweep.js";
import { tempDir } from "../../../helpers/temp.js";

const DAY_MS = 24 * 3_600_000;
const NAME = "5-50-0a1b2c3d.json";
const CHILD = { pid: 7, born: "70", extension: "x" };
const CONTENT: LedgerContent = { scope: "here", host: { pid: 5, born: "50" }, children: [CHILD] };

interface System {
  /** Start times of the processes that live; undefined where the system does not tell. */
  living?: Record<number, string | undefined>;
  /** Groups that outlived their leaders. */
  remnants?: readonly string[];
  files?: Record<string, string>;
  /** Age of the files. */
  ageMs?: number;
  /** Another host that starts at the same time sweeps the same files. */
  sweptBeside?: boolean;
}

/** Sweeps a folder of ledgers on such a system. */
async function swept({ living = {}, remnants = [], files = {}, ageMs = 0, sweptBeside = false }: System) {
  const baseDir = tempDir();
  const folder = ledgerFolder(baseDir);
  mkdirSync(folder, { recursive: true });
  // Times of files are whole seconds on some systems.
  const nowMs = 1_000_000_000_000;
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(folder, name), text);
    utimesSync(join(folder, name), (nowMs - ageMs) / 1_000, (nowMs - ageMs) / 1_000);
  }
  const did: string[] = [];
  const platform: Platform = {
    groups: true,
    signalTree: (pid, signal) => void did.push(`${signal} ${pid}`),
    isAlive: (pid) => pid in living,
    startTime: (pid) => Promise.resolve(living[pid]),
    now: () => Promise.resolve(undefined),
    scope: () => {
      if (sweptBeside) for (const name of readdirSync(folder)) rmSync(join(folder, name));
      return Promise.resolve("here");
    },
    isRemnant: (group, born, seen) => Promise.resolve(remnants.includes(`${group} ${born} ${seen}`)),
    reaper: () => ({ command: "", args: [], env: {} }),
  };
  const warnings: unknown[] = [];
  const logger = {
    ...nullLogger,
    warn: (message: string, fields?: unknown) => void warnings.push([message, fields]),
  };
  await sweep({ baseDir, platform, logger, clock: { wallMs: () => nowMs } });
  return { did, warnings, folder, left: readdirSync(folder).sort() };
}

describe("the record of a host that is gone", () => {
  const killed = [
    "a process of an earlier host was still running and was killed",
    { extension: "x", pid: 7, host: 5 },
  ];

  it("has its living children killed, and goes", async () => {
    const { did, warnings, left } = await swept({
      living: { 7: "70" },
      files: { [NAME]: ledgerText(CONTENT) },
    });
    expect([did, warnings, left]).toEqual([["SIGKILL 7"], [killed], []]);
  });

  it("spares strangers that came round to an id, and those of which nothing is known", async () => {
    for (const born of ["71", undefined]) {
      const { did, warnings, left } = await swept({
        living: { 7: born },
        remnants: ["7 70 undefined"],
        files: { [NAME]: ledgerText(CONTENT) },
      });
      expect([did, warnings, left]).toEqual([[], [], []]);
    }
  });

  it("has the group of a child that is gone killed when it certainly is still that group", async () => {
    const children = [CHILD, { ...CHILD, pid: 8, seen: "90" }, { ...CHILD, pid: 9 }];
    const { did, left } = await swept({
      remnants: ["8 70 90", "9 70 90"],
      files: { [NAME]: ledgerText({ ...CONTENT, children }) },
    });
    expect([did, left]).toEqual([["SIGKILL 8"], []]);
  });

  it("is known by the host's own start: another process with its id is not the host", async () => {
    const files = { [NAME]: ledgerText(CONTENT) };
    const other = await swept({ living: { 5: "51", 7: "70" }, files });
    expect([other.did, other.left]).toEqual([["SIGKILL 7"], []]);
    for (const born of ["50", undefined]) {
      const { did, left } = await swept({ living: { 5: born, 7: "70" }, files });
      expect([did, left]).toEqual([[], [NAME]]);
    }
  });
});

describe("a record that was just being written", () => {
  const TMP = `${NAME}.tmp`;

  it("goes with its host, but its children are those of the record itself", async () => {
    const { did, left } = await swept({ living: { 7: "70" }, files: { [TMP]: ledgerText(CONTENT) } });
    expect([did, left]).toEqual([[], []]);
    const living = await swept({ living: { 5: "50" }, files: { [TMP]: ledgerText(CONTENT) } });
    expect(living.left).toEqual([TMP]);
  });

  it("stays for a week when it is not whole", async () => {
    for (const [ageMs, left] of [
      [7 * DAY_MS, [TMP]],
      [7 * DAY_MS + 1_000, []],
    ] as const) {
      const seen = await swept({ files: { [TMP]: "{" }, ageMs });
      expect([seen.left, seen.warnings]).toEqual([left, []]);
    }
  });
});

describe("a record of another machine, boot or container", () => {
  it("is left alone for a week, whatever runs here under its ids", async () => {
    const files = { [NAME]: ledgerText({ ...CONTENT, scope: "elsewhere" }) };
    for (const [ageMs, left] of [
      [7 * DAY_MS, [NAME]],
      [7 * DAY_MS + 1_000, []],
    ] as const) {
      const seen = await swept({ living: { 7: "70" }, files, ageMs });
      expect([seen.did, seen.left, seen.warnings]).toEqual([[], left, []]);
    }
  });
});

describe("what is no record", () => {
  it("is moved aside when it has the name of one, and warned of", async () => {
    const { did, warnings, folder, left } = await swept({ files: { [NAME]: "{" } });
    expect([did, left]).toEqual([[], [`${NAME}.unreadable`]]);
    const reason = `it is not what a host writes; it was moved to ${join(folder, NAME)}.unreadable`;
    expect(warnings).toEqual([["a record of extension processes was not used", { reason }]]);
  });

  it("is left alone when it has another name", async () => {
    const text = ledgerText(CONTENT);
    const names = [
      "x5-50.json",
      "5-50.jsonx",
      "5.json",
      "5-.json",
      "-50.json",
      "5-50-.json",
      "5-50-XY.json",
      "5-50.txt",
    ];
    const files = Object.fromEntries([...names, "5-50.json.tmpx", "5-50json"].map((name) => [name, text]));
    const { left, did } = await swept({ living: { 7: "70" }, files });
    expect([left, did]).toEqual([Object.keys(files).sort(), []]);
  });

  it("is read under the names of earlier versions as well", async () => {
    const names = ["5-50.json", "15-150-0f.json", "5-50.json.tmp"];
    const files = Object.fromEntries(names.map((name) => [name, ledgerText(CONTENT)]));
    expect((await swept({ files })).left).toEqual([]);
  });

  it("is warned of when it cannot be read", async () => {
    const baseDir = tempDir();
    mkdirSync(join(ledgerFolder(baseDir), NAME), { recursive: true });
    const warnings: [string, Record<string, unknown> | undefined][] = [];
    const logger = {
      ...nullLogger,
      warn: (message: string, fields?: Record<string, unknown>) => void warnings.push([message, fields]),
    };
    const clock = { wallMs: () => 0 };
    await sweep({ baseDir, platform: {} as Platform, logger, clock });
    expect(warnings).toEqual([
      [
        "a record of extension processes could not be read",
        { file: join(ledgerFolder(baseDir), NAME), reason: expect.stringContaining("EISDIR") },
      ],
    ]);
    const blocked = tempDir();
    writeFileSync(join(blocked, "extensions"), "a file");
    await sweep({ baseDir: blocked, platform: {} as Platform, logger, clock });
    expect(warnings.slice(1)).toEqual([
      ["processes of earlier hosts could not be looked for", { reason: expect.stringContaining("ENOTDIR") }],
    ]);
  });
});

it("a record that another host removes meanwhile is no reason for a warning", async () => {
  for (const scope of ["here", "elsewhere"]) {
    const files = { [NAME]: ledgerText({ ...CONTENT, scope }) };
    const { warnings, left } = await swept({ files, ageMs: 30 * DAY_MS, sweptBeside: true });
    expect([warnings, left]).toEqual([[], []]);
  }
});

it("without a folder of records there is nothing to do, and nothing to say", async () => {
  const baseDir = tempDir();
  const warnings: string[] = [];
  const logger = { ...nullLogger, warn: (message: string) => void warnings.push(message) };
  await sweep({ baseDir, platform: {} as Platform, logger, clock: { wallMs: () => 0 } });
  expect([warnings, existsSync(ledgerFolder(baseDir))]).toEqual([[], false]);
});
