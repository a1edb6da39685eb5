import { describe, expect, it } from "vitest";
import { parseStat } from "../../../../packages/host/src/loading/records/process-stat.js";
import { parseStart } from "../../../../packages/host/src/transport/process/platform/macos.js";
import { platformFor } from "../../../../packages/host/src/transport/process/platform/select.js";
import type { PlatformTools } from "../../../../packages/host/src/transport/process/platform/platform.js";
import { platformOn, statLine } from "./support.js";

describe("a line about a process of Linux", () => {
  it("is read behind the last bracket of the name, up to the start time", () => {
    expect(parseStat(statLine(7, { name: "a) b ) (", group: 5, session: 4, born: 99 }))).toEqual({
      state: "S",
      group: 5,
      session: 4,
      born: 99,
    });
    const short = statLine(7, { born: 99 }).split(" ").slice(0, 22);
    expect(parseStat(`${short.join(" ")}\n`)).toEqual({ state: "S", group: 7, session: 7, born: 99 });
    expect(parseStat(short.slice(0, 21).join(" "))).toBeUndefined();
  });

  it("is none when its numbers are none", () => {
    const line = statLine(7, { group: 5, session: 4, born: 99 });
    for (const text of ["", "nonsense", ") ", line.replace(" 5 ", " x "), line.replace(" 99 ", " 9.5 ")])
      expect(parseStat(text)).toBeUndefined();
  });
});

describe("the present of Linux", () => {
  it("is a whole number of ticks", async () => {
    const now = (uptime: string): Promise<string | undefined> =>
      platformOn("linux", { files: { "/proc/uptime": uptime } }).platform.now();
    expect([await now("0.00 0.00"), await now("12.349 5"), await now("7"), await now("x")]).toEqual([
      "0",
      "1234",
      "700",
      undefined,
    ]);
  });
});

describe("the remnant of a group", () => {
  it("is looked for among processes only", async () => {
    const line = statLine(40, { group: 30, born: 1_000 });
    const remnant = (name: string): Promise<boolean> =>
      platformOn("linux", { files: { [`/proc/${name}/stat`]: line } }).platform.isRemnant(30, "1000", "1500");
    expect([await remnant("40"), await remnant("x40"), await remnant("40x")]).toEqual([true, false, false]);
  });

  it("is none when the folder of processes cannot be listed", async () => {
    const fails = (): Promise<never> => Promise.reject(new Error("no"));
    const tools = { readFile: fails, readLink: fails, listFolder: fails } as unknown as PlatformTools;
    expect(await platformFor("linux", tools).isRemnant(30, "1000", "1500")).toBe(false);
  });
});

describe("a line about a process of macOS", () => {
  const at = (day: number): string => String(Date.UTC(2025, 10, day, 10, 3, 0) / 1_000);

  it("is a date in English and the group", () => {
    expect(parseStart("Fri Nov 21 10:03:00 2025   4711")).toBe(at(21));
    expect(parseStart("  Fri Nov  7 10:03:00 2025 7 \n")).toBe(at(7));
  });

  it("is none in any other form", () => {
    for (const text of [
      "",
      "x Fri Nov 21 10:03:00 2025 4711",
      "Fri Nov 21 10:03:00 2025 4711 x",
      "Fri Nov 21 10:03:00 2025 x",
      "Fri Nov 21 10:03:00 20255711",
      "Fri Nov 21 10:03 2025 4711",
      "Fri Nov 21 2025 4711",
      "Fri Nov 121 10:03:00 2025 4711",
      "Fri Nov 21 110:03:00 2025 4711",
      "Fri Xyz 21 10:03:00 2025 4711",
    ])
      expect([text, parseStart(text)]).toEqual([text, undefined]);
  });
});

describe("the start time of Windows", () => {
  it("is a number alone", async () => {
    const script = "(Get-Process -Id 7 -ErrorAction Stop).StartTime.ToFileTimeUtc()";
    const powershell = "C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe";
    const asked = `${powershell} -NoLogo -NoProfile -NonInteractive -Command ${script}`;
    const told = (text: string): Promise<string | undefined> =>
      platformOn("win32", { prints: { [asked]: text } }).platform.startTime(7);
    expect([await told("12"), await told(" \r\n 12 \r\n")]).toEqual(["12", "12"]);
    for (const text of ["", "x12", "12x", "1 2"]) expect(await told(text)).toBeUndefined();
  });

  it("belongs to nobody with an id below one", () => {
    const { platform, did } = platformOn("win32", { alive: [7, 0, 1] });
    for (const pid of [0, -7]) platform.signalTree(pid, "SIGKILL");
    expect(did).toEqual([]);
  });
});

it("each system has its own ways, and an unknown one those of the BSDs", async () => {
  const scopes = await Promise.all(
    (["linux", "android", "win32", "darwin", "freebsd", "sunos"] as const).map((name) =>
      platformOn(name, { files: { "/proc/sys/kernel/random/boot_id": "b\n" } }).platform.scope(),
    ),
  );
  const linux = "linux b /proc/self/ns/pid -> pid:[1]";
  expect(scopes).toEqual([linux, linux, "windows", "macos", "macos", "macos"]);
});
