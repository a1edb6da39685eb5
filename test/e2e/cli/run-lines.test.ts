import { spawnSync } from "node:child_process";
import { closeSync, existsSync, openSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { CLI } from "../../helpers/paths.js";
import { tempDir } from "../../helpers/temp.js";
import { call, cli, results, writeActor } from "./command.js";

const MIB = 1024 * 1024;

describe("lines that are no event", () => {
  const run = (input: string | Buffer): ReturnType<typeof cli> =>
    cli(["run", "--extensions-dir", tempDir(), "--quiet"], { input });

  test("each gets its code and the run goes on", async () => {
    const invalidUtf8 = Buffer.concat([
      Buffer.from('{"kind":"'),
      Buffer.from([0xff, 0xfe]),
      Buffer.from('"}\n'),
    ]);
    const input = Buffer.concat([
      Buffer.from("not json\n\n   \n[1]\n"),
      Buffer.from('{"message":"x"}\n{"kind":"before_tol_call"}\n'),
      invalidUtf8,
      Buffer.from('{"kind":"before_tool_call","tool_name":7}\n'),
      Buffer.from(
        '{"kind":"on_message_complete","message":"m","data":{"content_block_count":"1","has_tool_use":true}}\n',
      ),
      Buffer.from('{"kind":"before_tool_call","tool_nam":"bash"}\n'),
      Buffer.from(call()),
    ]);
    const { code, stdout } = await run(input);
    expect(code).toBe(0);
    const lines = results(stdout);
    expect(lines.map(({ seq, error }) => [seq, error?.code, error?.pointer])).toEqual([
      [1, "EVENT_NOT_JSON", undefined],
      [2, "EVENT_INVALID", ""],
      [3, "EVENT_INVALID", "/kind"],
      [4, "EVENT_UNKNOWN_KIND", "/kind"],
      [5, "EVENT_NOT_JSON", undefined],
      [6, "EVENT_INVALID", "/tool_name"],
      [7, "EVENT_INVALID", "/data/content_block_count"],
      [8, "EVENT_INVALID", "/tool_name"],
      [9, undefined, undefined],
    ]);
    expect(lines[3]?.error?.hint).toBe("Did you mean 'before_tool_call'?");
    expect(lines[5]?.error?.message).toBe("'tool_name' must be a string or null");
    expect(lines[7]?.error?.hint).toContain("did you mean 'tool_name'?");
    expect(lines[8]?.outcome).toEqual({ action: "continue" });
  });

  test("a number that JSON would change is refused with its place, but for those in dropped keys", async () => {
    const event = (more: string): string => `{"kind":"before_tool_call","tool_name":"bash",${more}}\n`;
    const { stdout } = await run(
      event('"tool_input":{"ids":[1,725653563933458433]}') +
        event('"tool_input":{"ids":[9007199254740991,"725653563933458433"]}') +
        event('"data":{"n":1e999}') +
        event('"meta":{"n":18446744073709551615},"stars":1e999'),
    );
    expect(results(stdout).map(({ error }) => [error?.code, error?.pointer])).toEqual([
      ["EVENT_INVALID", "/tool_input/ids/1"],
      [undefined, undefined],
      ["EVENT_INVALID", "/data/n"],
      [undefined, undefined],
    ]);
  });

  test("a line over 4 MiB is skipped to its end", async () => {
    const long = Buffer.alloc(9 * MIB, "x");
    const { code, stdout } = await run(
      Buffer.concat([Buffer.from(call()), long, Buffer.from(`\n${call()}`)]),
    );
    expect(code).toBe(0);
    expect(results(stdout).map(({ seq, error }) => [seq, error?.code])).toEqual([
      [1, undefined],
      [2, "EVENT_TOO_LARGE"],
      [3, undefined],
    ]);
  });

  test("a line of 4 MiB is an event", async () => {
    const frame = call({ text: "" }).length - 1;
    const { stdout } = await run(call({ text: "x".repeat(4 * MIB - frame) }));
    expect(results(stdout)[0]?.outcome).toEqual({ action: "continue" });
  });

  test("byte order mark, CRLF and a missing last line end are fine", async () => {
    const { stdout } = await run(`\uFEFF${call().trim()}\r\n\r\n${call().trim()}`);
    expect(results(stdout).map(({ seq, outcome }) => [seq, outcome?.["action"]])).toEqual([
      [1, "continue"],
      [2, "continue"],
    ]);
  });

  test("a key that looks like a slip of the pen is pointed out on standard error", async () => {
    const { stdout, stderr } = await run('{"kind":"before_tool_call","tool_name":"x","tool_inputs":{}}\n');
    expect(stderr).toBe("warn  event 1: unknown key 'tool_inputs' is ignored; did you mean 'tool_input'?\n");
    expect(results(stdout)[0]?.outcome).toEqual({ action: "continue" });
  });
});

describe("exit codes of run", () => {
  test("3 for a folder or an events file that is not there, before anything starts", async () => {
    const folder = tempDir();
    writeActor(folder);
    const gone = join(folder, "gone");
    const noFolder = await cli(["run", "--extensions-dir", folder, "--extensions-dir", gone]);
    expect(noFolder.code).toBe(3);
    expect(noFolder.stderr).toMatch(/^error: The extensions folder '.*gone' cannot be read.*\nhint: /);
    const noEvents = await cli(["run", "--extensions-dir", folder, "--events", gone]);
    expect(noEvents.code).toBe(3);
    expect(noEvents.stderr).toMatch(/^error: The events file '.*gone' cannot be read.*\nhint: /);
    expect((await cli(["run", "--events", folder])).code).toBe(3);
    const input = openSync(folder, "r");
    const redirected = spawnSync(process.execPath, [CLI, "run"], {
      stdio: [input, "pipe", "pipe"],
      encoding: "utf8",
    });
    closeSync(input);
    expect([redirected.status, redirected.stderr]).toEqual([
      3,
      expect.stringContaining("Standard input cannot be read"),
    ]);
  });

  test("2 for values that make no sense", async () => {
    for (const wrong of [
      ["--concurrency", "0"],
      ["--concurrency", "two"],
      ["--chain", "best"],
      ["--confirm", "maybe"],
      ["--nope"],
      ["--extensions-dir="],
      ["--base-dir", ""],
      ["--session", ""],
      ["extra"],
    ]) {
      const { code, stdout, stderr } = await cli(["run", ...wrong]);
      expect([code, stdout]).toEqual([2, ""]);
      expect(stderr).toMatch(/^error: .*\nhint: /);
    }
  });

  test.runIf(existsSync("/dev/full"))("1 when the output cannot be written", () => {
    const done = spawnSync(
      "bash",
      ["-c", `exec "$0" "$1" run --extensions-dir "$2" > /dev/full`, process.execPath, CLI, tempDir()],
      {
        input: call(),
        encoding: "utf8",
      },
    );
    expect(done.status).toBe(1);
    expect(done.stderr).toContain("error: Writing to standard output failed");
  });
});
