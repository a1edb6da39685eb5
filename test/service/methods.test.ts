import type { Outcome } from "@synaps/host";
import type { JsonObject } from "@synaps/sdk/protocol";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { OutcomeNotice } from "@synaps/service";
import { answeringExtension, post, startedService } from "../helpers/service.js";
import { tempDir } from "../helpers/temp.js";

/** A service with the extension that answers as an event asks. */
async function answering(): Promise<Awaited<ReturnType<typeof startedService>>> {
  const base = tempDir();
  answeringExtension(join(base, "plugins"), "answers");
  return startedService({ baseDir: base });
}

const call = (answers: JsonObject): { tool_name: string; tool_input: JsonObject } => ({
  tool_name: "bash",
  tool_input: { command: "ls", ...answers },
});
const around = { before: "before_tool_call", after: "after_tool_call" };

describe("a program that asks the service", () => {
  it("gets outcomes with votes, over JSON-RPC and over HTTP alike", async () => {
    const { service, client } = await answering();
    const event = {
      kind: "before_tool_call",
      ...call({ before_tool_call: { action: "block", reason: "not this" } }),
    };
    const over = [
      await (await client()).emit(event),
      (await post({ socket: service.places.socket }, "/v1/emit", { event })).json<Outcome>(),
    ];
    for (const outcome of over)
      expect(outcome).toMatchObject({
        action: "block",
        reason: "not this",
        by: "answers",
        votes: [{ extension: "answers", status: "voted" }],
      });
  });

  it("runs an operation in two steps as if it were in the host's process", async () => {
    const service = await (await answering()).client();
    const seen: unknown[] = [];
    const run = (input: unknown): string => {
      seen.push((input as { command: string }).command);
      return "secret";
    };
    const changed = call({
      before_tool_call: {
        action: "modify",
        input: { command: "ls -l", after_tool_call: { action: "replace", output: "[taken out]" } },
      },
    });
    expect(await service.intercept(around, changed, run)).toMatchObject({
      ran: true,
      output: "[taken out]",
      isError: false,
    });
    const blocked = call({ before_tool_call: { action: "block", reason: "no" } });
    expect(await service.intercept(around, blocked, run)).toMatchObject({ ran: false, reason: "no" });
    const failing = await service.intercept(around, call({}), () => {
      throw new Error("out of paper");
    });
    expect(failing).toMatchObject({
      ran: true,
      isError: true,
      output: expect.stringContaining("out of paper") as unknown,
    });
    expect(seen).toEqual(["ls -l"]);
  });

  it("is asked for the user's word and never given one: only its own yes lets a call run", async () => {
    const service = await (await answering()).client();
    const wants = call({ before_tool_call: { action: "confirm", message: "Really?" } });
    const asked: string[] = [];
    const with_ = async (answer: unknown): Promise<boolean> =>
      (
        await service.intercept(around, wants, () => "ran", {
          ask: ({ message, extension }) => {
            asked.push(`${extension}: ${message}`);
            return answer as boolean;
          },
        })
      ).ran;
    expect([await with_(true), await with_(false), await with_("yes")]).toEqual([true, false, false]);
    expect(asked).toEqual(Array(3).fill("answers: Really?"));
    expect((await service.intercept(around, wants, () => "ran")).ran).toBe(false);
  });

  it("cannot use a ticket twice, or make one up", async () => {
    const { service } = await answering();
    const at = { socket: service.places.socket };
    const { ticket, run } = (
      await post(at, "/v1/intercept/before", { kinds: around, event: call({}) })
    ).json<{ ticket: string; run: boolean }>();
    expect(run).toBe(true);
    expect((await post(at, "/v1/intercept/confirm", { ticket, agreed: true })).status).toBe(400);
    const end = (await post(at, "/v1/intercept/after", { ticket, output: "done" })).json<object>();
    expect(end).toMatchObject({ done: true, result: { ran: true, output: "done" } });
    for (const one of [ticket, "made-up"]) {
      const again = await post(at, "/v1/intercept/after", { ticket: one, output: "done" });
      expect(again).toMatchObject({ status: 400, text: expect.stringContaining("Nobody waits") as unknown });
    }
  });

  it("gives an operation up when its program is gone", async () => {
    const { service, client } = await answering();
    const program = await client();
    let begun!: () => void;
    const running = new Promise<void>((resolve) => (begun = resolve));
    void program.intercept(around, call({}), () => {
      begun();
      return new Promise<string>(() => {});
    });
    await running;
    expect(service.status().operations).toBe(1);
    program.close();
    await expect.poll(() => service.status().operations).toBe(0);
  });

  it("calls tools and hears of outcomes, without inputs in them", async () => {
    const { client } = await answering();
    const service = await client();
    expect((await service.tools()).map(({ name }) => name)).toEqual(["answers:say"]);
    expect(await service.callTool("answers:say", { word: "hello" })).toMatchObject({
      status: "ok",
      content: "said hello",
    });
    const notices: OutcomeNotice[] = [];
    const stop = await service.follow((notice) => void notices.push(notice), { session_id: "s-1" });
    const event = {
      kind: "before_tool_call",
      ...call({ before_tool_call: { action: "modify", input: { token: "hunter2" } } }),
    };
    await service.emit({ ...event, session_id: "s-1" }, { agent: "me" });
    await service.emit({ ...event, session_id: "s-2" });
    stop();
    expect(notices).toMatchObject([
      { agent: "me", session_id: "s-1", kind: "before_tool_call", action: "modify" },
    ]);
    expect(JSON.stringify(notices)).not.toContain("hunter2");
  });

  it("is told what is wrong with a request, and the next one is answered", async () => {
    const { service } = await answering();
    const at = { socket: service.places.socket };
    const wrong: [string, unknown, number, string][] = [
      ["/v1/nothing", {}, 400, "There is no method 'nothing'"],
      ["/v1/constructor", {}, 400, "There is no method 'constructor'"],
      ["/elsewhere", {}, 404, "Paths begin with /v1/"],
      ["/v1/emit", "{", 400, "not JSON"],
      ["/v1/emit", [], 400, "an object"],
      ["/v1/emit", { event: { kind: "before_tool_cal", tool_name: "x" } }, 400, "before_tool_cal"],
      ["/v1/tools/call", { name: "nobody:has" }, 404, "nobody:has"],
      ["/v1/hooks/emacs", "{}", 400, "There is no agent 'emacs'"],
      ["/v1/status", { x: "y".repeat(33 * 1024 * 1024) }, 400, "larger than"],
    ];
    for (const [path, body, status, words] of wrong)
      expect(await post(at, path, body), path).toMatchObject({
        status,
        text: expect.stringContaining(words) as unknown,
      });
    expect((await post(at, "/v1/status", {})).status).toBe(200);
  });
});
