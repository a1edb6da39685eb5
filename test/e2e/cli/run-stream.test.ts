import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { tempDir } from "../../helpers/temp.js";
import { call, cli, expectGone, finished, lineReader, results, start, writeActor } from "./command.js";

const seen = (file: string): Promise<void> =>
  vi.waitFor(() => expect(existsSync(file)).toBe(true), { timeout: 20_000, interval: 10 });

/** The same numbers in each run. */
function delays(count: number): number[] {
  let state = 42;
  return Array.from({ length: count }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state % 25;
  });
}

describe("order", () => {
  test("results come in the order of the events, however long each takes", async () => {
    const folder = tempDir();
    writeActor(folder);
    const input = delays(80).map((delay, index) =>
      call({ delay, answer: { action: "block", reason: `n${index + 1}` } }),
    );
    const { stdout } = await cli(["run", "--extensions-dir", folder, "--concurrency", "8"], {
      input: input.join(""),
    });
    const lines = results(stdout);
    expect(lines.map(({ seq }) => seq)).toEqual(input.map((_, index) => index + 1));
    expect(lines.map(({ outcome }) => outcome?.["reason"])).toEqual(input.map((_, index) => `n${index + 1}`));
  });

  test("N events are in flight at the same time, and not one more", async () => {
    const folder = tempDir();
    writeActor(folder);
    const until = join(folder, "go");
    const mark = (n: number): string => join(folder, `mark${n}`);
    const child = start(["run", "--extensions-dir", folder, "--concurrency", "2"]);
    const end = finished(child);
    child.stdin.end([1, 2, 3].map((n) => call({ mark: mark(n), until })).join(""));
    await seen(mark(1));
    await seen(mark(2));
    expect(existsSync(mark(3))).toBe(false);
    writeFileSync(until, "");
    expect(results((await end).stdout)).toHaveLength(3);
  });

  test("a result comes as soon as it is there, while the input stays open", async () => {
    const folder = tempDir();
    writeActor(folder);
    const child = start(["run", "--extensions-dir", folder, "--concurrency", "4"]);
    const next = lineReader(child);
    for (const seq of [1, 2, 3]) {
      child.stdin.write(call());
      expect((await next()).seq).toBe(seq);
    }
    child.stdin.end();
    await once(child, "close");
    expect(child.exitCode).toBe(0);
  });
});

describe("backpressure", () => {
  test("does not read on while events are in flight, and reads everything in the end", async () => {
    const folder = tempDir();
    writeActor(folder);
    const [mark, until] = [join(folder, "mark"), join(folder, "go")];
    const child = start(["run", "--extensions-dir", folder, "--quiet"]);
    const end = finished(child);
    child.stdin.write(call({ mark, until }));
    await seen(mark);
    const big = call({ text: "x".repeat(256 * 1024) });
    for (let n = 0; n < 32; n += 1) child.stdin.write(big);
    child.stdin.end();
    // Pipe and one chunk: less than a MiB of the 8 can have left us.
    expect(child.stdin.writableLength).toBeGreaterThan(7 * 1024 * 1024);
    writeFileSync(until, "");
    expect(results((await end).stdout)).toHaveLength(33);
  });

  test("a reader that takes nothing stops the reading, too", async () => {
    const folder = tempDir();
    const child = start(["run", "--extensions-dir", folder, "--quiet"]);
    const line = `${JSON.stringify({ kind: "before_tool_call", tool_name: "t", tool_input: "x".repeat(1000) })}\n`;
    const total = 20_000;
    for (let n = 0; n < total; n += 1) child.stdin.write(line);
    child.stdin.end();
    let taken = 0;
    // Nobody listens yet: the answers pile up in the pipe until it is full, and with them the events.
    await vi.waitFor(
      () => {
        const before = taken;
        taken = total * line.length - child.stdin.writableLength;
        expect(taken).toBe(before);
        expect(taken).toBeGreaterThan(0);
      },
      { interval: 300, timeout: 20_000 },
    );
    expect(taken).toBeLessThan(total * line.length);
    const { code, stdout } = await finished(child);
    expect(code).toBe(0);
    expect(results(stdout)).toHaveLength(total);
  });
});

describe("the end", () => {
  test("Ctrl-C answers what is in flight, reports, and leaves nobody behind", async () => {
    const [folder, base] = [tempDir(), tempDir()];
    writeActor(folder);
    const [mark, until] = [join(folder, "mark"), join(folder, "go")];
    const child = start(["run", "--control", "--base-dir", base, "--extensions-dir", folder]);
    const end = finished(child);
    child.stdin.write(call() + call({ mark, until, answer: { action: "block", reason: "$pid" } }) + call());
    await seen(mark);
    child.kill("SIGINT");
    // Once it answers this, it has heard the signal, too.
    expect((await cli(["status", "--base-dir", base])).code).toBe(0);
    writeFileSync(until, "");
    const { code, stdout, stderr } = await end;
    expect(code).toBe(130);
    const lines = results(stdout);
    expect(lines.map(({ seq }) => seq)).toEqual([1, 2]);
    expect(stderr).toContain("actor: 2 matched, 2 voted, 0 abstained\n");
    await expectGone(Number(readFileSync(mark, "utf8")));
  });

  test("SIGTERM ends in the same way with 143, also while an extension starts", async () => {
    const folder = tempDir();
    const mark = join(folder, "mark");
    const root = writeActor(folder);
    writeFileSync(
      join(root, "main.js"),
      `require("fs").writeFileSync(${JSON.stringify(mark)}, String(process.pid)); setInterval(() => {}, 1000);`,
    );
    const child = start(["run", "--extensions-dir", folder]);
    const end = finished(child);
    await seen(mark);
    await vi.waitFor(() => expect(readFileSync(mark, "utf8")).not.toBe(""), { timeout: 20_000 });
    const since = performance.now();
    child.kill("SIGTERM");
    expect((await end).code).toBe(143);
    // Not the 10 s that a start may take.
    expect(performance.now() - since).toBeLessThan(9_500);
    await expectGone(Number(readFileSync(mark, "utf8")));
  });

  test("a second Ctrl-C ends at once and takes the extensions along", async () => {
    const folder = tempDir();
    writeActor(folder, "actor", { hooks: [{ hook: "before_tool_call", timeout_ms: 60_000 }] });
    const mark = join(folder, "mark");
    const child = start(["run", "--extensions-dir", folder]);
    const end = finished(child);
    child.stdin.write(call({ mark, until: join(folder, "never") }));
    await seen(mark);
    const since = performance.now();
    const press = setInterval(() => child.kill("SIGINT"), 150);
    const { code } = await end;
    clearInterval(press);
    expect(code).toBe(130);
    // Well before the minute that the event may take.
    expect(performance.now() - since).toBeLessThan(20_000);
    await expectGone(Number(readFileSync(mark, "utf8")));
  });

  test("one Ctrl-C that arrives twice, as under npm, is still one", async () => {
    const folder = tempDir();
    writeActor(folder);
    const [mark, until] = [join(folder, "mark"), join(folder, "go")];
    const child = start(["run", "--extensions-dir", folder]);
    const end = finished(child);
    child.stdin.write(call({ mark, until }));
    await seen(mark);
    child.kill("SIGINT");
    child.kill("SIGINT");
    writeFileSync(until, "");
    const { code, stdout } = await end;
    expect(code).toBe(130);
    expect(results(stdout)).toHaveLength(1);
  });

  test("a reader that leaves, as head does, ends it quietly", async () => {
    const folder = tempDir();
    writeActor(folder);
    const mark = join(folder, "mark");
    const child = start(["run", "--extensions-dir", folder, "--quiet"]);
    const stderr: Buffer[] = [];
    child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
    child.stdin.write(call({ mark }));
    await once(child.stdout, "data");
    child.stdout.destroy();
    const more = setInterval(() => child.stdin.write(call()), 20);
    const [code] = (await once(child, "close")) as [number];
    clearInterval(more);
    expect([code, Buffer.concat(stderr).toString()]).toEqual([0, ""]);
    await expectGone(Number(readFileSync(mark, "utf8")));
  });

  test("Ctrl-C ends it while it waits for a pipe that nobody writes to", async () => {
    const { execFileSync } = await import("node:child_process");
    const folder = tempDir();
    const pipe = join(folder, "pipe");
    execFileSync("mkfifo", [pipe]);
    const child = start(["run", "--extensions-dir", folder, "--events", pipe]);
    const end = finished(child);
    await once(child.stderr, "data");
    child.kill("SIGINT");
    expect((await end).code).toBe(130);
  });
});
