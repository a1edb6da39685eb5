import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { describe, expect, test } from "vitest";
import { CLI } from "../../helpers/paths.js";
import { tempDir } from "../../helpers/temp.js";
import { call, finished, IN_TERMINAL, start, writeActor } from "./command.js";
import { startHost } from "./control.js";

interface Line {
  hosts: { subscriptions: { matched: number }[] }[];
}

describe("status --watch", () => {
  test("prints a line of JSON when something changed, until the host ends", async () => {
    const [folder, base] = [tempDir(), tempDir()];
    writeActor(folder);
    const host = await startHost(folder, base);
    const watcher = start(["status", "--watch", "--json", "--base-dir", base]);
    const lines = createInterface({ input: watcher.stdout })[Symbol.asyncIterator]();
    const seen: string[] = [];
    const look = async (): Promise<number[] | undefined> => {
      const text = String((await lines.next()).value);
      seen.push(text);
      return (JSON.parse(text) as Line).hosts[0]?.subscriptions.map(({ matched }) => matched);
    };
    const closed = once(watcher, "close");
    expect(await look()).toEqual([]);
    await host.emit(call());
    // It may also have looked while the event was with the extension.
    while ((await look())?.[0] !== 1);
    expect(new Set(seen).size).toBe(seen.length);
    await host.end();
    for await (const line of lines) expect(seen).not.toContain(line);
    expect((await closed)[0]).toBe(0);
  });

  test("prints tables elsewhere than on a terminal, and Ctrl-C ends it with 130", async () => {
    const [folder, base] = [tempDir(), tempDir()];
    writeActor(folder);
    const host = await startHost(folder, base);
    const watcher = start(["status", "--watch", "--base-dir", base]);
    const end = finished(watcher);
    await once(watcher.stdout, "data");
    watcher.kill("SIGINT");
    const { code, stdout, stderr } = await end;
    expect([code, stderr]).toEqual([130, ""]);
    expect(stdout.match(/^Host /gm)).toHaveLength(1);
    await host.end();
  });

  test("repaints a terminal, and gives it back", async () => {
    const [folder, base] = [tempDir(), tempDir()];
    writeActor(folder);
    const host = await startHost(folder, base);
    const args = ["status", "--watch", "--base-dir", base];
    const done = spawnSync(
      "python3",
      [IN_TERMINAL, "\u0003", "--", "terminal", "terminal", process.execPath, CLI, ...args],
      { env: { ...process.env, TERM: "xterm", TYPE_AFTER: "\u001b[J" }, encoding: "utf8", timeout: 50_000 },
    );
    expect(done.status).toBe(130);
    const [before = "", after = ""] = done.stdout.split("\u001b[?1049l");
    expect(before.startsWith("\u001b[?1049h")).toBe(true);
    expect(before).toContain("Ctrl-C ends");
    expect(before).toContain("actor");
    // What was there last stays to be read.
    expect(after).toContain("actor");
    await host.end();
  });
});
