import { describe, expect, it } from "vitest";
import { platformOn, statLine } from "./support.js";

describe("on Linux", () => {
  it("the start time is the 22nd field, whatever the program is called", async () => {
    const files = {
      "/proc/7/stat": statLine(7, { name: "a) S 1 (b", born: 4711 }),
      "/proc/8/stat": "nonsense",
    };
    const { platform } = platformOn("linux", { files });
    expect([await platform.startTime(7), await platform.startTime(8), await platform.startTime(9)]).toEqual([
      "4711",
      undefined,
      undefined,
    ]);
  });

  it("the present is told in the same ticks, and the scope is this boot and container", async () => {
    const files = { "/proc/uptime": "123.45 99.00\n", "/proc/sys/kernel/random/boot_id": "b-o-o-t\n" };
    const { platform } = platformOn("linux", { files });
    expect(await platform.now()).toBe("12345");
    expect(await platform.scope()).toBe("linux b-o-o-t /proc/self/ns/pid -> pid:[1]");
    expect(await platformOn("linux").platform.now()).toBeUndefined();
  });

  it("a group without its leader is known by a member from the time when the leader was seen", async () => {
    const remnant = (member: { group?: number; session?: number; born: number }, seen?: string) =>
      platformOn("linux", {
        files: {
          "/proc/40/stat": statLine(40, { group: 30, ...member }),
          "/proc/uptime": "",
          "/proc/self/stat": "",
        },
      }).platform.isRemnant(30, "1000", seen);
    expect(await remnant({ born: 1000 }, "1500")).toBe(true);
    expect(await remnant({ born: 1499 }, "1500")).toBe(true);
    // Started when nobody looked any more: the id may have come round to somebody else by then.
    expect(await remnant({ born: 1500 }, "1500")).toBe(false);
    expect(await remnant({ born: 999 }, "1500")).toBe(false);
    expect(await remnant({ born: 1200, group: 31 }, "1500")).toBe(false);
    expect(await remnant({ born: 1200, session: 29 }, "1500")).toBe(false);
    expect(await remnant({ born: 1200 }, undefined)).toBe(false);
  });
});

describe("on macOS", () => {
  const asked = "ps -o lstart=,pgid= -p 7";

  it("ps tells the start time, in no language and no time zone", async () => {
    const { platform, did } = platformOn("darwin", {
      prints: { [asked]: "Fri Nov  7 10:03:09 2025      7\n" },
    });
    expect(await platform.startTime(7)).toBe(String(Date.UTC(2025, 10, 7, 10, 3, 9) / 1000));
    expect(did).toEqual([`run ${asked} with {"PATH":"/usr/bin:/bin","LC_ALL":"C","TZ":"UTC"}`]);
  });

  it.each(["", "ven. 7 nov. 10:03:09 2025 7", "Fri Nov  7 10:03:09 2025"])(
    "%j is no answer",
    async (text) => {
      expect(await platformOn("darwin", { prints: { [asked]: text } }).platform.startTime(7)).toBeUndefined();
    },
  );

  it("nothing is known of a process that is gone, and nothing proven of its group", async () => {
    const { platform } = platformOn("darwin");
    expect(await platform.startTime(7)).toBeUndefined();
    expect(await platform.isRemnant(7, "1", "2")).toBe(false);
    expect([await platform.now(), await platform.scope()]).toEqual([undefined, "macos"]);
  });
});

describe.each(["linux", "darwin"] as const)("on %s", (name) => {
  it("a signal goes to the whole group, never to the host's own and never to everybody", () => {
    const { platform, did } = platformOn(name, { alive: [7] });
    for (const pid of [7, 8, 1, 0, -5]) platform.signalTree(pid, "SIGTERM");
    expect(did).toEqual(["kill -7 SIGTERM", "kill -8 SIGTERM"]);
    expect(platform.groups).toBe(true);
  });

  it("somebody else's process is alive too", () => {
    const { platform } = platformOn(name, { alive: [1, 7] });
    expect([platform.isAlive(1), platform.isAlive(7), platform.isAlive(8)]).toEqual([true, true, false]);
  });

  it("the reaper is a shell that gets nothing of the host's environment", () => {
    const { command, args, env } = platformOn(name).platform.reaper(99);
    expect([command, args[0], ...args.slice(2)]).toEqual(["/bin/sh", "-c", "synaps-reaper", "99"]);
    expect(env).toEqual({ PATH: "/usr/bin:/bin" });
  });
});

describe("on Windows", () => {
  const powershell = "C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe";
  const asked = `${powershell} -NoLogo -NoProfile -NonInteractive -Command (Get-Process -Id 7 -ErrorAction Stop).StartTime.ToFileTimeUtc()`;

  it("a tree is ended by taskkill, from where Windows is, and only while its root is there", () => {
    const { platform, did } = platformOn("win32", { alive: [7] });
    for (const pid of [7, 8, 0]) platform.signalTree(pid, "SIGTERM");
    expect(did).toEqual(["start C:\\Windows\\System32\\taskkill.exe /T /F /PID 7"]);
    expect(platform.groups).toBe(false);
  });

  it("PowerShell tells the start time", async () => {
    const { platform } = platformOn("win32", { prints: { [asked]: "133765432101234567\r\n" } });
    expect([await platform.startTime(7), await platform.startTime(8)]).toEqual([
      "133765432101234567",
      undefined,
    ]);
    expect([await platform.now(), await platform.scope()]).toEqual([undefined, "windows"]);
    expect(await platform.isRemnant(7, "1", "2")).toBe(false);
  });

  it("the reaper is the program that runs the host, with a script", () => {
    const { command, args, env } = platformOn("win32").platform.reaper(99);
    expect([command, args[0], args[2]]).toEqual(["node.exe", "-e", "C:\\Windows\\System32\\taskkill.exe"]);
    expect(env).toEqual({ SYSTEMROOT: "C:\\Windows" });
  });
});
