import { spawnSync } from "node:child_process";
import { closeSync, existsSync, openSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { CLI } from "../../helpers/paths.js";
import { tempDir, writeExtension } from "../../helpers/temp.js";
import { call, cli, results, writeActor } from "./command.js";

const MIB = 1024 * 1024;

describe("run", () => {
  test("prints one line per event with the pinned keys", async () => {
    const folder = tempDir();
    writeActor(folder);
    const { code, stdout, stderr } = await cli(["run", "--extensions-dir", folder], {
      input: call({ answer: { action: "block", reason: "no" } }),
    });
    expect(code).toBe(0);
    expect(stdout.endsWith("}\n")).toBe(true);
    const [line] = results(stdout);
    expect(line).toEqual({
      seq: 1,
      kind: "before_tool_call",
      outcome: { action: "block", reason: "no", by: "actor" },
      votes: [
        {
          extension: "actor",
          subscription: "before_tool_call#1",
          verdict: "block",
          reason: "no",
          queue_ms: expect.any(Number),
          run_ms: expect.any(Number),
        },
      ],
      duration_ms: expect.any(Number),
    });
    expect(String(line?.duration_ms)).toMatch(/^\d+(\.\d{1,3})?$/);
    expect(Object.keys(line ?? {})).toEqual(["seq", "kind", "outcome", "votes", "duration_ms"]);
    expect(stderr).toBe(
      "EXTENSION  VERSION  STATE    HOOKS\n" +
        "actor      1.0.0    running  before_tool_call\n" +
        "actor: 1 matched, 1 voted, 0 abstained\n",
    );
  });

  test("carries the fields of each action, and says why a vote had no effect", async () => {
    const folder = tempDir();
    writeActor(folder, "actor", {
      permissions: ["tools.intercept", "privacy.llm_content", "tools.transform_output"],
      hooks: [{ hook: "before_tool_call" }, { hook: "after_tool_call" }, { hook: "before_message" }],
    });
    const after = { kind: "after_tool_call", tool_name: "bash", tool_output: "raw" };
    const input = [
      call(),
      call({ answer: { action: "modify", input: { command: "ls" } } }),
      `${JSON.stringify({ ...after, data: { answer: { action: "replace", output: "***" } } })}\n`,
      `${JSON.stringify({ kind: "before_message", message: "hi", data: { answer: { action: "inject", content: "ctx" } } })}\n`,
      `${JSON.stringify({ ...after, data: { answer: { action: "block", reason: "late" } } })}\n`,
    ].join("");
    const { stdout } = await cli(["run", "--extensions-dir", folder, "--quiet"], { input });
    const lines = results(stdout);
    expect(lines.map(({ outcome }) => outcome)).toEqual([
      { action: "continue" },
      { action: "modify", input: { command: "ls" }, by: "actor" },
      { action: "replace", output: "***", by: "actor" },
      { action: "inject", content: "ctx" },
      { action: "continue" },
    ]);
    expect(lines[4]?.votes?.[0]).toMatchObject({
      verdict: "block",
      ignored: "'block' is not allowed for after_tool_call",
    });
  });

  test("waits for observers", async () => {
    const folder = tempDir();
    writeActor(folder, "actor", { hooks: [{ hook: "on_compaction" }] });
    const data = { old_session_id: "a", new_session_id: "b", message_count: 1, source: "auto", delay: 30 };
    const input = `${JSON.stringify({ kind: "on_compaction", message: "sum", data })}\n`;
    const { stdout } = await cli(["run", "--extensions-dir", folder], { input });
    expect(results(stdout)[0]?.votes).toMatchObject([{ extension: "actor", verdict: "continue" }]);
  });

  test("names abstentions in the vote and in the end report; a crash changes no exit code", async () => {
    const folder = tempDir();
    writeActor(folder, "actor", { hooks: [{ hook: "before_tool_call", timeout_ms: 100 }] });
    const input = call({ until: join(folder, "never") }) + call({ answer: { action: "dance" } });
    const { code, stdout, stderr } = await cli(["run", "--extensions-dir", folder], { input });
    expect(code).toBe(0);
    const votes = results(stdout).map((line) => line.votes?.[0]);
    expect(votes[0]).toMatchObject({ abstained: "timeout" });
    expect(votes[1]).toMatchObject({ abstained: "invalid", reason: "the action 'dance' does not exist" });
    expect(stderr).toContain("actor: 2 matched, 0 voted, 2 abstained: 1 timeout, 1 invalid\n");
  });

  test("tells of a crash while it runs", async () => {
    const folder = tempDir();
    writeActor(folder);
    const { code, stderr } = await cli(["run", "--extensions-dir", folder, "--quiet"], {
      input: call({ die: true }),
    });
    expect(code).toBe(0);
    expect(stderr).toContain("warn  actor: extension crashed");
    expect(stderr).toContain("exited with code 7");
  });

  test("says that an extension is set aside since an earlier run, also when it is quiet", async () => {
    const [folder, base] = [tempDir(), tempDir()];
    writeActor(folder);
    const args = ["run", "--quiet", "--extensions-dir", folder, "--base-dir", base];
    const deadly = [1, 2, 3, 4, 5, 6].map((n) => call({ die: true, n }));
    await cli(args, { input: deadly.join("") });
    const next = await cli(args, { input: call() });
    expect(next.code).toBe(0);
    expect(next.stderr).toContain("Extension 'actor' crashed too often and is set aside: ");
    expect(results(next.stdout)[0]?.votes).toMatchObject([{ abstained: "quarantined" }]);
  });

  test("asks all subscriptions in the default chain, and marks the rest not_reached under first_decision", async () => {
    const folder = tempDir();
    writeActor(folder, "a");
    writeActor(folder, "b");
    const input = call({ answer: { action: "block", reason: "x" } });
    const both = await cli(["run", "--extensions-dir", folder], { input });
    const first = await cli(["run", "--extensions-dir", folder, "--chain", "first_decision"], { input });
    expect(results(first.stdout)[0]?.votes).toMatchObject([
      { extension: "a", verdict: "block" },
      { extension: "b", not_reached: true },
    ]);
    expect(Object.keys(results(first.stdout)[0]?.votes?.[1] ?? {})).toEqual([
      "extension",
      "subscription",
      "not_reached",
    ]);
    expect(results(both.stdout)[0]?.outcome).toMatchObject({ action: "block", by: "a" });
  });

  test("shows what does not start, also when it is quiet, and goes on", async () => {
    const folder = tempDir();
    writeActor(folder, "broken", { hooks: [{ hook: "before_tol_call" }] });
    writeExtension(folder, "missing", {
      runtime: "process",
      command: "./bin/nothing",
      permissions: ["tools.intercept"],
      hooks: [{ hook: "before_tool_call" }],
    });
    const { code, stdout, stderr } = await cli(["run", "--extensions-dir", folder], { input: call() });
    expect(code).toBe(0);
    expect(stderr).toMatch(/^broken +- +invalid +-$/m);
    expect(stderr).toMatch(/^missing +1\.0\.0 +failed +before_tool_call$/m);
    expect(stderr).toContain(
      "plugin.json:/extension/hooks/0/hook  error  unknown hook kind 'before_tol_call'\n  hint: Did you mean 'before_tool_call'?",
    );
    expect(stderr).toMatch(
      /missing\/.synaps-plugin\/plugin\.json {2}error {2}Failed to spawn extension 'missing'.*\n {2}hint: /,
    );
    expect(stderr).toContain("missing: 1 matched, 0 voted, 1 abstained: 1 failed\n");
    expect(results(stdout)[0]?.votes).toMatchObject([{ extension: "missing", abstained: "failed" }]);
    const quiet = await cli(["run", "--quiet", "--extensions-dir", folder], { input: call() });
    expect(quiet.stderr).toContain("Failed to spawn extension 'missing'");
    expect(quiet.stderr).not.toContain("EXTENSION");
    expect(quiet.stderr).not.toContain("matched");
  });

  test("two folders with the same id: the first one runs and the other is named", async () => {
    const [one, two] = [tempDir(), tempDir()];
    writeActor(one, "twin");
    writeActor(two, "twin");
    const { code, stdout, stderr } = await cli(["run", "--extensions-dir", one, "--extensions-dir", two], {
      input: call(),
    });
    expect(code).toBe(0);
    expect(results(stdout)[0]?.votes).toHaveLength(1);
    expect(stderr).toContain(`Extension 'twin' is already loaded from '${join(one, "twin")}'`);
  });

  test("takes a folder that is an extension itself, and events from a file", async () => {
    const root = writeActor(tempDir());
    const file = join(tempDir(), "events.jsonl");
    writeFileSync(file, call({ answer: { action: "block", reason: "file" } }));
    const { stdout } = await cli(["run", "--extensions-dir", root, "--events", file]);
    expect(results(stdout)[0]?.outcome).toMatchObject({ reason: "file" });
  });

  test("--session fills a session id that is absent or null, and no other", async () => {
    const events = ["{}", '{"session_id":null}', '{"session_id":"own"}'].map((own) =>
      JSON.stringify({ kind: "on_session_start", ...JSON.parse(own) }),
    );
    const filled = await cli(["run", "--extensions-dir", tempDir(), "--session", "s"], {
      input: events.join("\n"),
    });
    expect(results(filled.stdout).map(({ error }) => error)).toEqual([undefined, undefined, undefined]);
    const bare = await cli(["run", "--extensions-dir", tempDir()], { input: events.join("\n") });
    expect(results(bare.stdout).map(({ error }) => error?.code)).toEqual([
      "EVENT_INVALID",
      "EVENT_INVALID",
      undefined,
    ]);
  });

  test("says where it looked when there is nothing", async () => {
    const base = tempDir();
    const { code, stderr } = await cli(["run", "--base-dir", base]);
    expect(code).toBe(0);
    expect(stderr).toMatch(new RegExp(`^No extensions found in: ${base}/plugins, .*/\\.synaps/plugins\n$`));
  });
});

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
