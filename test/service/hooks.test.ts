import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { OutcomeNotice, ServiceStatus } from "@synaps/service";
import { answeringExtension, post, startedService, type HttpAnswer } from "../helpers/service.js";
import { tempDir } from "../helpers/temp.js";

const BLOCK = { before_tool_call: { action: "block", reason: "not this" } };

function payload(more: object = {}): object {
  return {
    session_id: "s-1",
    transcript_path: "/nowhere",
    cwd: tempDir(),
    hook_event_name: "PreToolUse",
    tool_name: "Bash",
    tool_input: { command: "ls" },
    tool_use_id: "call-1",
    ...more,
  };
}

/** A service whose extension answers as an event asks, and the way of an agent's hook script to it. */
async function hooked(more: object = {}): Promise<
  Awaited<ReturnType<typeof startedService>> & {
    base: string;
    hook: (
      agent: string,
      query: string,
      body: unknown,
      headers?: Record<string, string>,
    ) => Promise<HttpAnswer>;
    status: () => Promise<ServiceStatus>;
  }
> {
  const base = tempDir();
  answeringExtension(join(base, "plugins"), "answers", undefined, more);
  const made = await startedService({ baseDir: base });
  const at = { socket: made.service.places.socket };
  return {
    ...made,
    hook: (agent, query, body, headers) => post(at, `/v1/hooks/${agent}?${query}`, body, headers),
    status: async () => (await post(at, "/v1/status", {})).json<ServiceStatus>(),
  };
}

describe("the hook of an agent", () => {
  it("is answered in the agent's dialect, as standard output or as a shell script takes it apart", async () => {
    const { hook } = await hooked();
    const refused = payload({ tool_input: { command: "ls", ...BLOCK } });
    expect((await hook("claude-code", "event=PreToolUse", refused)).json()).toEqual({
      decision: "block",
      reason: "not this",
    });
    expect((await hook("codex", "event=PreToolUse&form=sh", refused)).text).toBe(
      '0 0\n{"decision":"block","reason":"not this"}',
    );
    expect((await hook("claude-code", "event=PreToolUse&form=sh", payload({ tool_use_id: "2" }))).text).toBe(
      "0 0\n",
    );
  });

  it("is known by the name that its command has, when the payload has none", async () => {
    const { hook } = await hooked();
    const nameless = { ...payload({ tool_input: { command: "ls", ...BLOCK } }), hook_event_name: undefined };
    expect((await hook("codex", "event=PreToolUse", nameless)).json()).toMatchObject({ decision: "block" });
  });

  it("that is called twice for one event asks the extensions once, and gives the same answer", async () => {
    const { hook, status, client } = await hooked();
    const notices: OutcomeNotice[] = [];
    await (await client()).follow((notice) => void notices.push(notice));
    const refused = payload({ tool_input: { command: "ls", ...BLOCK } });
    const answers = await Promise.all(
      [1, 2].map(() => hook("claude-code", "event=PreToolUse&form=sh", refused)),
    );
    answers.push(await hook("claude-code", "event=PreToolUse&form=sh", refused));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect((await status()).repeats).toBe(2);
    await hook("claude-code", "event=PreToolUse&form=sh", payload({ tool_use_id: "another" }));
    await expect.poll(() => notices.length).toBe(2);
  });

  it("with a payload of 20 MB, of unknown members and of unknown events is answered as any other", async () => {
    // The extension takes its part of the event only.
    const { hook } = await hooked({
      hooks: [{ hook: "before_tool_call", fields: ["/tool_input/before_tool_call"] }],
    });
    const large = payload({ tool_input: { command: `echo ${"x".repeat(20 * 1024 * 1024)}`, ...BLOCK } });
    expect((await hook("claude-code", "event=PreToolUse", large)).json()).toMatchObject({
      decision: "block",
    });
    const strange = payload({ hook_event_name: "TeaTime", sugar: { lumps: [1, 2] } });
    expect(await hook("claude-code", "event=TeaTime&form=sh", strange)).toMatchObject({
      status: 200,
      text: "0 0\n",
    });
  });

  it("that brings no event fails as a broken hook does, or closed where the user chose so and a refusal means something", async () => {
    const { hook, status, log } = await hooked();
    const first = async (agent: string, query: string, body: unknown): Promise<string> =>
      (await hook(agent, `${query}&form=sh`, body)).text.split("\n", 1)[0] ?? "";
    const wrong = [
      "{",
      "[]",
      '"x"',
      JSON.stringify({ hook_event_name: 5 }),
      `{"hook_event_name":"PreToolUse","tool_name":{}}`,
    ];
    for (const body of wrong) {
      expect(await first("claude-code", "event=PreToolUse", body), body).toBe("1 1");
      expect(await first("claude-code", "event=PreToolUse&closed=1", body), body).toBe("2 1");
      expect(await first("claude-code", "event=Stop&closed=1", body), body).toBe("1 1");
    }
    expect((await hook("claude-code", "event=PreToolUse", "{")).status).toBe(400);
    expect((await status()).agents["claude-code"]).toMatchObject({ events: 0, failed: 16 });
    expect(log.filter(({ level }) => level === "warn")).toHaveLength(16);
  });

  it("is judged in the project in which its session began, wherever a command has gone since", async () => {
    const { hook, base, status } = await hooked();
    const project = join(tempDir(), "mine");
    mkdirSync(join(project, ".synaps", "plugins"), { recursive: true });
    const elsewhere = tempDir();
    const raise = (session_id: string, cwd: string, headers?: Record<string, string>): Promise<HttpAnswer> =>
      hook(
        "claude-code",
        "event=PreToolUse",
        payload({ session_id, cwd, tool_use_id: `${session_id}${cwd}` }),
        headers,
      );
    const folders = async (): Promise<(string | null)[]> =>
      (await status()).projects.map(({ folder }) => folder);
    await raise("a", project);
    await raise("a", elsewhere);
    expect(await folders()).toEqual([project]);
    await raise("b", elsewhere, { "x-synaps-project": project });
    expect(await folders()).toEqual([project]);
    await raise("c", elsewhere);
    expect(await folders()).toEqual([project, null]);
    expect(base).not.toBe(project);
  });
});
