import type { Host, HostOptions } from "@synaps/host";
import type { JsonValue } from "@synaps/sdk/protocol";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { startedHost } from "../../helpers/hosts.js";
import { repo } from "../../helpers/paths.js";
import { tempDir, writeExtension } from "../../helpers/temp.js";
import { until } from "../../helpers/wait.js";
import { verifies } from "../../requirements/verifies.js";

const KIT = JSON.stringify(repo("test/fixtures/fixture-kit.mjs"));

/** A process that writes down each event it gets and answers what `answer`, a function's text, makes of it. */
const MAIN = (answer: string, batches: boolean): string => `
import { appendFileSync } from "node:fs";
import { CONTINUE, serve } from ${KIT};
const answer = ${answer};
const take = (event) => {
  appendFileSync(new URL("./events.jsonl", import.meta.url), JSON.stringify(event) + "\\n");
  return answer(event) ?? CONTINUE;
};
serve({
  initialize: () => ({ protocol_version: 3, capabilities: {}, features: ["meta"${batches ? ', "hook.batch"' : ""}] }),
  hook: take,
  other: ({ events = [] }, _id, method) =>
    method === "hook.batch" ? { results: events.map(take) } : undefined,
});
`;

interface Part {
  hook?: object;
  answer?: string;
  batches?: boolean;
}

/** A host with one extension for each part, in the order of their names. */
async function hostOf(parts: Record<string, Part>, options: HostOptions = {}) {
  const folder = tempDir();
  for (const [id, { hook, answer = "() => undefined", batches = false }] of Object.entries(parts)) {
    const section = {
      protocol_version: 3,
      runtime: "process",
      command: "node",
      args: ["main.mjs"],
      permissions: ["tools.intercept", "tools.transform_output", "privacy.llm_content", "hooks.fail_closed"],
      hooks: [{ hook: "before_tool_call", ...hook }],
    };
    writeExtension(folder, id, section, { "main.mjs": MAIN(answer, batches), "events.jsonl": "" });
  }
  const { host } = await startedHost([folder], options);
  const got = (id: string): Record<string, unknown>[] =>
    readFileSync(join(folder, id, "events.jsonl"), "utf8")
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => {
        const { meta, ...event } = JSON.parse(line) as Record<string, unknown>;
        expect(meta).toHaveProperty("event_id");
        return event;
      });
  return { host, got };
}

const call = (input: JsonValue = { command: "ls", cwd: "/" }) =>
  ({ kind: "before_tool_call", tool_name: "bash", session_id: "s", tool_input: input }) as const;
const intercept = (host: Host, input: JsonValue) => {
  const { kind: before, ...event } = call(input);
  let ran: JsonValue | undefined;
  return host
    .intercept({ before }, event, (given) => {
      ran = given;
      return "done";
    })
    .then((result) => ({ result, ran }));
};

describe("a hook with fields", () => {
  it(verifies("FLD-004") + ": gets those and nothing else; one without gets all", async () => {
    const { host, got } = await hostOf({
      some: { hook: { fields: ["/tool_name", "/tool_input/command"] } },
      whole: {},
    });
    await host.emit(call());
    expect(got("some")).toEqual([
      { kind: "before_tool_call", tool_name: "bash", tool_input: { command: "ls" } },
    ]);
    expect(Object.keys(got("whole")[0] ?? {})).toHaveLength(9);
  });

  it(verifies("FLD-005") + ": rewrites its own members, and the others stay", async () => {
    const { host } = await hostOf({
      some: {
        hook: { fields: ["/tool_input/command"] },
        answer: `({ tool_input }) => ({ action: "modify", input: { command: tool_input.command + " -l" } })`,
      },
    });
    const { ran, result } = await intercept(host, { command: "ls", cwd: "/" });
    expect(ran).toEqual({ command: "ls -l", cwd: "/" });
    expect(result.before.votes[0]).toMatchObject({
      status: "voted",
      verdict: { action: "modify", input: { command: "ls -l" } },
    });
  });

  it(verifies("FLD-006") + ": a member outside of its pointers is invalid", async () => {
    const { host } = await hostOf({
      away: {
        hook: { fields: ["/tool_name"] },
        answer: `() => ({ action: "modify", input: {} })`,
      },
      some: {
        hook: { fields: ["/tool_input/command"] },
        answer: `() => ({ action: "modify", input: { command: "x", cwd: "/tmp" } })`,
      },
    });
    const { ran, result } = await intercept(host, { command: "ls", cwd: "/" });
    expect(ran).toEqual({ command: "ls", cwd: "/" });
    expect(result.before.votes).toMatchObject([
      {
        status: "abstained",
        reason: "invalid",
        detail: "'modify' of '/tool_input', which is not among its fields",
      },
      {
        status: "abstained",
        reason: "invalid",
        detail: "'modify' of '/tool_input/cwd', which is not among its fields",
      },
    ]);
  });

  it("whose answer is invalid blocks if it is closed, whatever decides about the event", async () => {
    const { host } = await hostOf({
      guard: {
        hook: { fields: ["/tool_input/command"], on_failure: "closed" },
        answer: `() => ({ action: "modify", input: { cwd: "/tmp" } })`,
      },
    });
    for (const chain of ["first_decision", "rewrite_then_veto"] as const) {
      const outcome = await host.emit(call(), { chain });
      expect([outcome.action, outcome.votes[0]]).toMatchObject([
        "block",
        { reason: "invalid", closed: true },
      ]);
    }
  });

  it("decides with the whole field under first_decision too", async () => {
    const { host } = await hostOf({
      some: {
        hook: { fields: ["/tool_input/command"] },
        answer: `() => ({ action: "modify", input: { command: "pwd" } })`,
      },
    });
    expect(await host.emit(call(), { chain: "first_decision" })).toMatchObject({
      action: "modify",
      input: { command: "pwd", cwd: "/" },
    });
  });

  it(verifies("FLD-001") + ": that can name nothing is not loaded, with the pointer", async () => {
    const folder = tempDir();
    const extension = {
      protocol_version: 3,
      runtime: "process",
      command: "node",
      permissions: ["tools.intercept"],
      hooks: [{ hook: "before_tool_call", phase: "veto", fields: ["/tool_inputs/command"] }],
    };
    writeExtension(folder, "wrong", extension);
    const { host } = await startedHost([folder]);
    const [wrong] = host.snapshot().extensions;
    expect(wrong).toMatchObject({
      state: "invalid",
      diagnostics: [
        {
          pointer: "/extension/hooks/0/fields/0",
          message: "'/tool_inputs/command' names no member of an event",
          hint: "Did you mean '/tool_input/command'?",
        },
      ],
    });
  });

  it(
    verifies("FLD-007") + ": is asked again when its own part changed; a closed one when anything did",
    async () => {
      const fields = ["/tool_input/command"];
      const { host, got } = await hostOf({
        a_open: { hook: { fields } },
        b_closed: { hook: { fields, on_failure: "closed" } },
        c_rewriter: {
          hook: { phase: "rewrite" },
          answer: `({ tool_input }) => ({ action: "modify", input: { ...tool_input, ...tool_input.next } })`,
        },
      });
      await intercept(host, { command: "ls", next: { cwd: "/tmp" } });
      expect([got("a_open").length, got("b_closed").length]).toEqual([1, 2]);
      await intercept(host, { command: "ls", next: { command: "pwd" } });
      expect([got("a_open").length, got("b_closed").length]).toEqual([3, 4]);
      expect(got("a_open").at(-1)).toEqual({ kind: "before_tool_call", tool_input: { command: "pwd" } });
    },
  );

  it(verifies("FLD-008") + ": its filters look at the whole event", async () => {
    const { host, got } = await hostOf({
      some: { hook: { fields: ["/tool_name"], phase: "veto", match: { input_contains: "secret" } } },
    });
    await host.emit(call({ command: "ls" }));
    const { votes } = await host.emit(call({ command: "cat secret" }));
    expect(votes).toHaveLength(1);
    expect(got("some")).toEqual([{ kind: "before_tool_call", tool_name: "bash" }]);
  });

  it(
    verifies("FLD-009") + ": is kept from events that look the same to it as one that crashed it",
    async () => {
      const { host } = await hostOf(
        {
          some: {
            hook: { fields: ["/tool_input/command"], phase: "veto" },
            answer: `({ tool_input }) => (tool_input.command === "die" ? process.exit(1) : undefined)`,
          },
        },
        { limits: { poisonCrashes: 1 } },
      );
      const vote = async (command: string, cwd: string): Promise<unknown> => {
        const [first] = (await host.emit(call({ command, cwd }))).votes;
        return first?.status === "abstained" ? first.reason : first?.status;
      };
      expect(["crash", "poison"]).toContain(await vote("die", "/"));
      expect(await vote("die", "/somewhere/else")).toBe("poison");
      expect(await vote("live", "/")).toBe("voted");
    },
  );

  it(verifies("FLD-010") + ": gets its part of observed events in batches, with meta", async () => {
    const observed = (...fields: string[]): Part => ({
      hook: { hook: "on_message_complete", fields },
      batches: true,
    });
    const { host, got } = await hostOf({ texts: observed("/message"), sessions: observed("/session_id") });
    const data = { content_block_count: 1, has_tool_use: false };
    for (let n = 0; n < 20; n += 1)
      await host.emit({ kind: "on_message_complete", message: `m${n}`, session_id: `s${n}`, data });
    await until("all were seen", () => got("texts").length + got("sessions").length === 40);
    expect(got("texts").at(-1)).toEqual({ kind: "on_message_complete", message: "m19" });
    expect(got("sessions").at(-1)).toEqual({ kind: "on_message_complete", session_id: "s19" });
  });
});

it(
  verifies("FLD-011") + ": a large output that ten extensions look past is never written whole",
  async () => {
    const output = "x".repeat(1024 * 1024);
    const fields = ["/tool_name", "/session_id", "/tool_input/command"];
    const hook = { hook: "after_tool_call", fields, phase: "veto" };
    const parts = Array.from({ length: 10 }, (_, n): [string, Part] => [`e${n}`, { hook }]);
    const { host, got } = await hostOf(Object.fromEntries(parts));
    let written = 0;
    let whole = 0;
    const stringify = JSON.stringify;
    const counting = vi.spyOn(JSON, "stringify").mockImplementation((...args) => {
      const text = stringify(...(args as [unknown])) as string | undefined;
      written += text?.includes('"kind":"after_tool_call"') === true ? 1 : 0;
      whole += (text?.length ?? 0) >= output.length ? 1 : 0;
      return text as string;
    });
    const outcome = await host.emit({ ...call(), kind: "after_tool_call", tool_output: output });
    counting.mockRestore();
    expect(outcome.votes.map(({ status }) => status)).toEqual(parts.map(() => "voted"));
    expect({ written, whole }).toEqual({ written: 1, whole: 0 });
    expect(got("e9")).toEqual([
      { kind: "after_tool_call", tool_name: "bash", session_id: "s", tool_input: { command: "ls" } },
    ]);
  },
);
