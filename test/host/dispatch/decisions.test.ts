import { join } from "node:path";
import { queryAudit, type FoundLine } from "@synaps/audit";
import type { EventInput } from "@synaps/host";
import { gatewayCatalog } from "@synaps/sdk/catalogs";
import { synapsCatalog, type JsonObject } from "@synaps/sdk/protocol";
import { describe, expect, it } from "vitest";
import { testHost } from "../../helpers/hosts.js";
import { tempDir } from "../../helpers/temp.js";
import { verifies } from "../../requirements/verifies.js";

const CALL = {
  tool_name: "bash",
  tool_input: { command: "ls" },
  session_id: "s-1",
  tool_call_id: "c-1",
  correlation_id: "r-1",
};
const KINDS = { before: "before_tool_call", after: "after_tool_call" } as const;

/** A started host that is told of its decisions. */
async function told(options: Parameters<typeof testHost>[0] = {}) {
  const made = testHost({ folders: [], ...options });
  const events: JsonObject[] = [];
  made.host.subscribe("on_decision", (event) => void events.push(event as unknown as JsonObject), {
    id: "told",
  });
  await made.host.start();
  return { ...made, events, data: () => events.map(({ data }) => data as JsonObject) };
}

describe("on_decision", () => {
  it(verifies("AUDIT-013") + "says who decided what, and how the operation ended", async () => {
    const { host, events, data } = await told();
    host.subscribe(
      "before_tool_call",
      ({ tool_name }) =>
        tool_name === "rm" ? { action: "block", reason: "token=abcdefgh12345678 is not yours" } : undefined,
      { id: "guard" },
    );
    await host.intercept(KINDS, CALL, () => "four", { traceFields: { agent: "codex" } });
    await host.intercept(KINDS, { ...CALL, tool_name: "rm" }, () => "never");
    await host.intercept(KINDS, CALL, () => {
      throw new Error("it failed");
    });
    await host.settled();
    expect(data().map(({ stage, kind, tool_name, decision }) => [stage, kind, tool_name, decision])).toEqual([
      ["decided", "before_tool_call", "bash", "continue"],
      ["decided", "after_tool_call", "bash", "continue"],
      ["ended", "before_tool_call", "bash", undefined],
      ["decided", "before_tool_call", "rm", "block"],
      ["ended", "before_tool_call", "rm", undefined],
      ["decided", "before_tool_call", "bash", "continue"],
      ["decided", "after_tool_call", "bash", "continue"],
      ["ended", "before_tool_call", "bash", undefined],
    ]);
    expect(data()[3]).toEqual({
      stage: "decided",
      kind: "before_tool_call",
      event_id: expect.any(String),
      session_id: "s-1",
      tool_name: "rm",
      tool_call_id: "c-1",
      correlation_id: "r-1",
      decision: "block",
      decided_by: "guard",
      decision_reason: "token=[masked] is not yours",
      votes: [
        { extension: "guard", subscription: "before_tool_call#1", said: "block", ms: expect.any(Number) },
      ],
      duration_ms: expect.any(Number),
    });
    expect(data()[2]).toMatchObject({
      ran: true,
      is_error: false,
      output_bytes: 4,
      labels: { agent: "codex" },
      event_id: data()[0]?.["event_id"],
    });
    expect(data()[4]).toMatchObject({ ran: false, answered: false, stopped_by: "guard" });
    expect(data()[7]).toMatchObject({ ran: true, is_error: true });
    expect(events[0]).toMatchObject({
      kind: "on_decision",
      tool_name: "bash",
      session_id: "s-1",
      tool_input: null,
    });
    expect(JSON.stringify(events)).not.toMatch(/"ls"|four|it failed|abcdefgh/);
  });

  it("says the same as the audit", async () => {
    const folder = join(tempDir(), "audit");
    const { host, data } = await told({ audit: { folder, content: "none" } });
    host.subscribe("before_tool_call", () => ({ action: "modify", input: { command: "pwd" } }), {
      phase: "rewrite",
    });
    host.subscribe("before_tool_call", () => undefined, { id: "last", phase: "veto" });
    await host.intercept(KINDS, CALL, () => "done");
    await host.stop();
    const lines: FoundLine[] = [];
    await queryAudit(folder, {}, (line) => lines.push(line));
    const written = lines.filter(({ event }) => !event.startsWith("audit_"));
    expect(written.map(({ metadata }) => metadata)).toEqual(
      data().map(({ stage, kind, ...facts }) => (stage === "ended" ? { kind, ...facts } : facts)),
    );
  });

  it("joins an event with those who saw it rewritten", async () => {
    const { host, data } = await told();
    const seen: string[] = [];
    host.subscribe("before_tool_call", () => ({ action: "modify", input: { command: "pwd" } }), {
      phase: "rewrite",
    });
    host.subscribe("before_tool_call", (_, { eventId }) => void seen.push(eventId), {
      id: "last",
      phase: "veto",
    });
    await host.intercept(KINDS, CALL, () => "done");
    expect(data()[0]).toMatchObject({ decision: "modify", decided_by: "program", final_event_id: seen[0] });
    expect(data()[0]?.["event_id"]).not.toBe(seen[0]);
    const plain = await told();
    await plain.host.intercept(KINDS, CALL, () => "done");
    expect(plain.data()[0]).not.toHaveProperty("final_event_id");
  });

  it("tells of abstentions, of confirms that nobody answers, of answers and of what was given up", async () => {
    const { host, data } = await told();
    host.subscribe("before_tool_call", () => Promise.reject(new Error("no")), { id: "broken" });
    host.subscribe("before_tool_call", () => ({ action: "confirm", message: "sure?" }), { id: "asks" });
    await host.intercept(KINDS, CALL, () => "done", { confirm: "block" });
    expect(data()).toMatchObject([
      {
        decision: "confirm",
        decided_by: "asks",
        message: "sure?",
        votes: [{ extension: "broken", said: "abstained", reason: "error" }, { said: "confirm" }],
      },
      { stage: "ended", ran: false, stopped_by: "asks" },
    ]);
    const controller = new AbortController();
    const ends = host.intercept(KINDS, CALL, () => "done", {
      signal: controller.signal,
      confirm: () => new Promise(() => controller.abort(new Error("enough"))),
    });
    await expect(ends).rejects.toThrow("enough");
    expect(data().at(-1)).toMatchObject({
      stage: "ended",
      ran: false,
      answered: false,
      stop_reason: "enough",
    });
  });

  it("is raised for bare gates of which nobody is asked, and for nothing that decides nothing", async () => {
    const { host, data } = await told();
    await host.emit({ kind: "before_message", message: "hi" });
    await host.emit({ kind: "on_message_complete", message: "hi", data: {} });
    await host.emit({ kind: "on_session_end", session_id: "s", transcript: null });
    expect(data()).toMatchObject([{ kind: "before_message", decision: "continue", votes: [] }]);
  });

  it("is raised by the host alone", async () => {
    const { host, data } = await told();
    const forged: EventInput = { kind: "on_decision", data: { stage: "decided" } };
    const refused = {
      code: "EVENT_INVALID",
      message: expect.stringContaining("only the host raises 'on_decision'"),
    };
    await expect(host.emit(forged)).rejects.toMatchObject(refused);
    await expect(host.emit(forged, { chain: "first_decision" })).rejects.toMatchObject(refused);
    await expect(host.intercept({ before: "on_decision" }, { data: {} }, () => "x")).rejects.toMatchObject(
      refused,
    );
    await expect(
      host.intercept({ before: "before_tool_call", after: "on_decision" }, CALL, () => "x"),
    ).rejects.toMatchObject(refused);
    const { host: quiet } = testHost({ folders: [] });
    await quiet.start();
    await expect(quiet.emit(forged)).rejects.toMatchObject(refused);
    expect(data()).toEqual([]);
  });

  it("ends a loop of handlers that decide each time they hear of a decision, also after an await", async () => {
    const { host, log } = testHost({ folders: [] });
    let heard = 0;
    host.subscribe("on_decision", async () => {
      heard += 1;
      await Promise.resolve();
      await host.emit({ kind: "before_message", message: "again" });
    });
    await host.start();
    await host.emit({ kind: "before_message", message: "first" });
    await host.settled();
    expect(heard).toBe(8);
    expect(log.map(({ message }) => message)).toContain(
      "a decision was not told: it came through 8 handlers of 'on_decision'",
    );
    await host.emit({ kind: "before_message", message: "another" });
    await host.settled();
    expect(heard).toBe(16);
  });

  it(verifies("HOOK-024") + "decides nothing itself: an answer is ignored", async () => {
    const { host, data } = await told();
    host.subscribe("on_decision", () => ({ action: "block", reason: "too late" }), { id: "late" });
    const votes: unknown[] = [];
    host.on("outcome", ({ kind, votes: all }) => void (kind === "on_decision" && votes.push(...all)));
    expect(await host.emit({ kind: "before_tool_call", tool_name: "t" })).toMatchObject({
      action: "continue",
    });
    await host.settled();
    expect(votes).toMatchObject([
      { extension: "told", verdict: { action: "continue" } },
      { extension: "late", ignored: "'block' is not allowed for on_decision" },
    ]);
    expect(data()).toHaveLength(1);
  });

  it("leaves a host with catalogs of its own alone", async () => {
    const { host } = testHost({ folders: [], catalogs: [gatewayCatalog] });
    await host.start();
    expect(() => host.subscribe("on_decision", () => undefined)).toThrow("No catalog has the hook kind");
    expect(
      await host.emit({ kind: "gateway.startup", data: { gateway_url: "ws://a", tls_enabled: false } }),
    ).toMatchObject({
      action: "continue",
    });
  });

  it("tells a function of the program of kinds of other catalogs, without facts of theirs", async () => {
    const { host, data } = await told({ catalogs: [synapsCatalog, gatewayCatalog] });
    await host.emit({ kind: "gateway.startup", data: { gateway_url: "ws://a", tls_enabled: false } });
    expect(data()).toMatchObject([{ kind: "gateway.startup", decision: "continue" }]);
    expect(JSON.stringify(data())).not.toMatch(/ws:|tls/);
  });
});
