import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { tempDir, writeExtension } from "../../helpers/temp.js";
import { call, cli, results, writeActor } from "./command.js";

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
          status: "voted",
          verdict: { action: "block", reason: "no" },
          queueMs: expect.any(Number),
          runMs: expect.any(Number),
        },
      ],
      durationMs: expect.any(Number),
    });
    expect(String(line?.durationMs)).toMatch(/^\d+(\.\d{1,3})?$/);
    expect(Object.keys(line ?? {})).toEqual(["seq", "kind", "outcome", "votes", "durationMs"]);
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
      verdict: { action: "block" },
      ignored: "'block' is not allowed for after_tool_call",
    });
  });

  test("waits for observers", async () => {
    const folder = tempDir();
    writeActor(folder, "actor", { hooks: [{ hook: "on_compaction" }] });
    const data = { old_session_id: "a", new_session_id: "b", message_count: 1, source: "auto", delay: 30 };
    const input = `${JSON.stringify({ kind: "on_compaction", message: "sum", data })}\n`;
    const { stdout } = await cli(["run", "--extensions-dir", folder], { input });
    expect(results(stdout)[0]?.votes).toMatchObject([
      { extension: "actor", verdict: { action: "continue" } },
    ]);
  });

  test("names abstentions in the vote and in the end report; a crash changes no exit code", async () => {
    const folder = tempDir();
    writeActor(folder, "actor", { hooks: [{ hook: "before_tool_call", timeout_ms: 100 }] });
    const input = call({ until: join(folder, "never") }) + call({ answer: { action: "dance" } });
    const { code, stdout, stderr } = await cli(["run", "--extensions-dir", folder], { input });
    expect(code).toBe(0);
    const votes = results(stdout).map((line) => line.votes?.[0]);
    expect(votes[0]).toMatchObject({ status: "abstained", reason: "timeout" });
    expect(votes[1]).toMatchObject({ reason: "invalid", detail: "the action 'dance' does not exist" });
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

  test("says that an extension is quarantined since an earlier run, also when it is quiet", async () => {
    const [folder, base] = [tempDir(), tempDir()];
    writeActor(folder);
    const args = ["run", "--quiet", "--extensions-dir", folder, "--base-dir", base];
    const deadly = [1, 2, 3, 4, 5, 6].map((n) => call({ die: true, n }));
    await cli(args, { input: deadly.join("") });
    const next = await cli(args, { input: call() });
    expect(next.code).toBe(0);
    expect(next.stderr).toContain("Extension 'actor' crashed too often and is quarantined: ");
    expect(results(next.stdout)[0]?.votes).toMatchObject([{ status: "abstained", reason: "quarantined" }]);
  });

  test("asks all subscriptions in the default chain, and marks the rest not_reached under first_decision", async () => {
    const folder = tempDir();
    writeActor(folder, "a");
    writeActor(folder, "b");
    const input = call({ answer: { action: "block", reason: "x" } });
    const both = await cli(["run", "--extensions-dir", folder], { input });
    const first = await cli(["run", "--extensions-dir", folder, "--chain", "first_decision"], { input });
    expect(results(first.stdout)[0]?.votes).toMatchObject([
      { extension: "a", verdict: { action: "block" } },
      { extension: "b", status: "not_reached" },
    ]);
    expect(Object.keys(results(first.stdout)[0]?.votes?.[1] ?? {})).toEqual([
      "extension",
      "subscription",
      "status",
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
      "plugin.json:/extension/hooks/0/hook  error  unknown hook kind 'before_tol_call'\n  found: \"hook\": \"before_tol_call\"\n  hint: Did you mean 'before_tool_call'?",
    );
    expect(stderr).toMatch(
      /missing\/.synaps-plugin\/plugin\.json {2}error {2}Failed to spawn extension 'missing'.*\n {2}found: .*\n {2}hint: /,
    );
    expect(stderr).toContain("missing: 1 matched, 0 voted, 1 abstained: 1 failed\n");
    expect(results(stdout)[0]?.votes).toMatchObject([
      { extension: "missing", status: "abstained", reason: "failed" },
    ]);
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
    expect(stderr).toMatch(
      new RegExp(`^No extensions found in: ${base}/plugins, .*/\\.synaps/plugins\nTo begin, install `),
    );
  });
});
