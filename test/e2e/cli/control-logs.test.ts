import { once } from "node:events";
import { createInterface } from "node:readline";
import { describe, expect, test } from "vitest";
import { tempDir } from "../../helpers/temp.js";
import { call, finished, start, writeActor } from "./command.js";
import { on, startHost, writeInvalid, type ControlledHost } from "./control.js";
import { verifies } from "../../requirements/verifies.js";

const TIME = /^\d\d:\d\d:\d\d\.\d{3} /;

/** A host whose extension wrote these lines. */
async function talking(...lines: readonly string[]): Promise<{ host: ControlledHost; base: string }> {
  const [folder, base] = [tempDir(), tempDir()];
  writeActor(folder);
  writeInvalid(folder);
  const host = await startHost(folder, base);
  for (const say of lines) await host.emit(call({ say }));
  // Standard error is another pipe than the answers.
  await expect
    .poll(async () => (await on(base, "logs", "actor")).stdout.split("\n").length - 1)
    .toBe(lines.length);
  return { host, base };
}

describe("logs", () => {
  test("prints the last lines with their time, as many as are wanted", async () => {
    const { host, base } = await talking("one", "two");
    const { code, stdout, stderr } = await on(base, "logs", "actor");
    expect([code, stderr]).toEqual([0, ""]);
    const lines = stdout.trimEnd().split("\n");
    expect(lines.every((line) => TIME.test(line))).toBe(true);
    expect(lines.map((line) => line.replace(TIME, ""))).toEqual(["one", "two"]);
    expect((await on(base, "logs", "actor", "--lines", "1")).stdout).toMatch(/ two\n$/);
    expect((await on(base, "logs", "actor", "--lines", "0")).stdout).toBe("");
    await host.end();
  });

  test("prints JSON lines", async () => {
    const { host, base } = await talking("one");
    const { stdout } = await on(base, "logs", "actor", "--json");
    const entry = JSON.parse(stdout) as { at: number; line: string };
    expect(Object.keys(entry)).toEqual(["at", "line"]);
    expect(entry.line).toBe("one");
    expect(Math.abs(Date.now() - entry.at)).toBeLessThan(60_000);
    await host.end();
  });

  test(verifies("FAIL-048") + "lets nothing through that a terminal obeys; tabs stay", async () => {
    const { host, base } = await talking("\tat x\u001b[2J\u009b31m\u202etxt.exe");
    expect((await on(base, "logs", "actor")).stdout.replace(TIME, "")).toBe("\tat x[2J31mtxt.exe\n");
    expect((await on(base, "logs", "actor", "--json")).stdout).toContain(String.raw`31m\u202etxt.exe`);
    await host.end();
  });

  test("says what there is when there is no such extension, or no process of it", async () => {
    const { host, base } = await talking();
    const unknown = await on(base, "logs", "nobody");
    expect([unknown.code, unknown.stdout]).toEqual([3, ""]);
    expect(unknown.stderr).toContain("hint: There are: actor, invalid.\n");
    expect((await on(base, "logs", "acttor")).stderr).toContain("hint: Did you mean 'actor'?\n");
    const json = await on(base, "logs", "nobody", "--json");
    expect(JSON.parse(json.stderr)).toMatchObject({ error: { code: "EXTENSION_NOT_FOUND" } });
    const invalid = await on(base, "logs", "invalid");
    expect([invalid.code, invalid.stderr]).toEqual([1, expect.stringContaining("it is invalid")]);
    await host.end();
    expect((await on(base, "logs", "actor")).code).toBe(3);
  });

  test("wants to know which host when several have it", async () => {
    const [folder, base] = [tempDir(), tempDir()];
    writeActor(folder);
    const hosts = [await startHost(folder, base), await startHost(folder, base)];
    const pids = hosts.map(({ pid }) => pid);
    const { code, stderr } = await on(base, "logs", "actor");
    expect(code).toBe(2);
    expect(stderr).toContain(`Several hosts have an extension 'actor': ${pids.join(", ")}\n`);
    expect((await on(base, "logs", "actor", "--pid", String(pids[1]))).code).toBe(0);
    await Promise.all(hosts.map((host) => host.end()));
  });

  test("wrong numbers are refused", async () => {
    for (const lines of ["-1", "x", "10001", ""]) {
      expect((await on(tempDir(), "logs", "actor", `--lines=${lines}`)).code).toBe(2);
    }
  });
});

describe("logs --follow", () => {
  test("goes on with what comes, until Ctrl-C", async () => {
    const { host, base } = await talking("old");
    const follower = start(["logs", "actor", "--follow", "--base-dir", base]);
    const closed = once(follower, "close");
    const lines = createInterface({ input: follower.stdout })[Symbol.asyncIterator]();
    const next = async (): Promise<string> => String((await lines.next()).value).replace(TIME, "");
    expect(await next()).toBe("old");
    await host.emit(call({ say: "new" }));
    expect(await next()).toBe("new");
    follower.kill("SIGINT");
    expect((await closed)[0]).toBe(130);
    await host.end();
  });

  test.each(["ends", "is killed"])("ends with 0 when the host %s", async (how) => {
    const { host, base } = await talking("last");
    const follower = start(["logs", "actor", "--follow", "--json", "--base-dir", base]);
    const end = finished(follower);
    await once(follower.stdout, "data");
    await host.end(how === "ends" ? undefined : "SIGKILL");
    expect(await end).toMatchObject({
      code: 0,
      stderr: "",
      stdout: expect.stringMatching(/"line":"last"}\n$/),
    });
  });
});
