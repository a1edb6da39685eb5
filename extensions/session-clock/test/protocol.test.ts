import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { event, frame } from "../../audit-log/test/support/frame-client.js";
import { FOLDER, hasPython, startClock } from "./support.js";

const hook = (id: number): string =>
  frame({
    jsonrpc: "2.0",
    id,
    method: "hook.handle",
    params: event("on_session_end", { message: "grün 😀" }),
  });

describe.skipIf(!hasPython)("the protocol (needs python3)", { timeout: 40_000 }, () => {
  test("handshake, an unknown hook, an unknown method and shutdown", async () => {
    const client = startClock();
    expect((await client.initialize(1, {})).result).toEqual({ protocol_version: 1, capabilities: {} });
    expect((await client.hook("on_usage")).result).toEqual({ action: "continue" });
    expect((await client.call("info.get")).error).toEqual({
      code: -32601,
      message: "method not found: info.get",
    });
    const { result, error } = await client.call("shutdown");
    expect([result, error]).toEqual([null, undefined]);
    expect(await client.exited).toEqual({ code: 0, signal: null });
    expect(client.stderr).toBe("");
    // The host hashes the folder to notice changed code.
    expect(readdirSync(FOLDER)).not.toContain("__pycache__");
  });

  test("a hook before initialize is an error", async () => {
    const { error } = await startClock().hook("before_message");
    expect(error).toEqual({ code: -32600, message: "initialize must come first" });
  });

  test("the end of the input ends the process", async () => {
    const client = startClock();
    await client.initialize(1, {});
    client.child.stdin.end();
    expect(await client.exited).toEqual({ code: 0, signal: null });
  });

  test("an input that ends inside a frame is told on stderr", async () => {
    const client = startClock();
    client.child.stdin.end("Content-Length: 10\r\n\r\n{");
    expect(await client.exited).toEqual({ code: 1, signal: null });
    expect(client.stderr).toBe("giving up: the input ended inside a body\n");
  });

  test("frames may be split anywhere and may come together", async () => {
    const client = startClock();
    await client.initialize(1, {});
    const bytes = Buffer.from(hook(101) + hook(102) + hook(103));
    for (const byte of bytes.subarray(0, -300)) client.raw(Buffer.from([byte]));
    client.raw(bytes.subarray(-300));
    await client.until(() => client.answers.length === 4, "three more answers");
    expect(client.answers.map(({ id }) => id)).toEqual([1, 101, 102, 103]);
  });

  test("bare line feeds, any case, unknown headers and stray blocks are accepted", async () => {
    const client = startClock();
    await client.initialize(1, {});
    const body = JSON.stringify({ jsonrpc: "2.0", id: 7, method: "nothing" });
    client.raw(`\n\nStray: 1\r\n\r\nX-Other: 2\ncontent-LENGTH:${body.length}\nMore: 3\n\n${body}`);
    await client.until(() => client.answers.length === 2, "the answer");
    expect(client.answers[1]).toMatchObject({ id: 7, error: { code: -32601 } });
    await client.until(() => client.stderr !== "", "a word on stderr");
    expect(client.stderr).toBe("skipped a header block without Content-Length\n");
  });

  test("a body that is no JSON or no request does not end the conversation", async () => {
    const client = startClock();
    client.raw("Content-Length: 3\r\n\r\n{{{");
    client.raw(frame([]));
    client.raw(frame({ jsonrpc: "2.0", method: "some/notification" }));
    client.raw(frame({ jsonrpc: "2.0", id: 99, result: null }));
    await client.initialize(1, {});
    expect(client.answers.map(({ id, error }) => [id, error?.code])).toEqual([
      [null, -32700],
      [null, -32600],
      [1, undefined],
    ]);
  });

  test.each([
    [
      { refresh_minutes: "often" },
      "config key 'refresh_minutes' must be a number of minutes, 0 or more; 15 counts",
    ],
    [
      { refresh_minutes: "-1" },
      "config key 'refresh_minutes' must be a number of minutes, 0 or more; 15 counts",
    ],
    [{ git: "maybe" }, "config key 'git' must be true or false; true counts"],
    [{ project_root: 7 }, "config key 'project_root' must be a text"],
    [
      { timezone: "Mars/Base" },
      `config key 'timezone': this system knows no time zone "Mars/Base"; the system's zone counts`,
    ],
    [
      { timezone: "../../etc/passwd" },
      `config key 'timezone': this system knows no time zone "../../etc/passwd"; the system's zone counts`,
    ],
  ])("%j keeps the default and says so", async (config, mistake) => {
    const client = startClock();
    expect((await client.initialize(1, config)).error).toBeUndefined();
    await client.until(() => client.stderr !== "", "a word on stderr");
    expect(client.stderr).toBe(`MISTAKE IN THE CONFIGURATION: ${mistake}\n`);
    const { result } = await client.hook("on_session_start", { session_id: "s", data: { agent: "codex" } });
    expect((result as { content: string }).content).toContain(
      `\nThe configuration of session-clock has a mistake: ${mistake}.`,
    );
    expect((await client.hook("before_message", { session_id: "s" })).result).toEqual({ action: "continue" });
  });
});
