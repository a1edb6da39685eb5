import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { queryAudit, verifyAudit, type FoundLine } from "@synaps/audit";
import { createHost, nullLogger, type AuditOptions } from "@synaps/host";
import { gatewayCatalog } from "@synaps/sdk/catalogs";
import { synapsCatalog } from "@synaps/sdk/protocol";
import { describe, expect, it } from "vitest";
import { verifies } from "../../../requirements/verifies.js";
import { tempDir } from "../../../helpers/temp.js";
import { testHost } from "../../../helpers/hosts.js";

const CALL = { tool_name: "bash", tool_input: { command: "ls", password: "hunter2" }, session_id: "s-1" };
const KINDS = { before: "before_tool_call", after: "after_tool_call" } as const;

/** A host whose audit goes to a folder of its own. */
function audited(audit: AuditOptions = {}, folder = join(tempDir(), "audit")) {
  const made = testHost({
    folders: [],
    audit: { folder, ...audit },
    catalogs: [synapsCatalog, gatewayCatalog],
  });
  return { ...made, folder };
}

async function linesIn(folder: string): Promise<FoundLine[]> {
  const lines: FoundLine[] = [];
  await queryAudit(folder, {}, (line) => lines.push(line));
  return lines.filter(({ event }) => !event.startsWith("audit_"));
}

describe("the audit of a host", () => {
  it(
    verifies("AUDIT-001") + "says what was asked and decided, by whom, if it ran, and how it ended",
    async () => {
      const { host, folder } = audited({ chain: true });
      await host.start();
      host.subscribe("before_tool_call", ({ tool_name }) =>
        tool_name === "rm" ? { action: "block", reason: "token=abcdefgh12345678 is not yours" } : undefined,
      );
      await host.intercept(KINDS, CALL, () => "four");
      await host.intercept(KINDS, { ...CALL, tool_name: "rm" }, () => "never");
      await host.intercept(KINDS, { ...CALL, tool_name: "fail" }, () => {
        throw new Error("it failed");
      });
      await host.stop();
      const lines = await linesIn(folder);
      expect(
        lines.map(({ event, metadata }) => [event, metadata["tool_name"], metadata["decision"]]),
      ).toEqual([
        ["before_tool_call", "bash", "continue"],
        ["after_tool_call", "bash", "continue"],
        ["operation", "bash", undefined],
        ["before_tool_call", "rm", "block"],
        ["operation", "rm", undefined],
        ["before_tool_call", "fail", "continue"],
        ["after_tool_call", "fail", "continue"],
        ["operation", "fail", undefined],
      ]);
      expect(lines[3]?.metadata).toMatchObject({
        session_id: "s-1",
        decided_by: "program",
        decision_reason: "token=[masked] is not yours",
        votes: [{ extension: "program", said: "block" }],
      });
      expect(lines[2]?.metadata).toMatchObject({
        kind: "before_tool_call",
        ran: true,
        is_error: false,
        output_bytes: 4,
      });
      expect(lines[4]?.metadata).toMatchObject({ ran: false, answered: false, stopped_by: "program" });
      expect(lines[7]?.metadata).toMatchObject({ ran: true, is_error: true });
      expect(lines[0]?.metadata["event_id"]).toBe(lines[2]?.metadata["event_id"]);
      expect(JSON.stringify(lines)).not.toMatch(/hunter2|abcdefgh|"four"|it failed/);
      expect((await verifyAudit(folder)).runs).toEqual([
        expect.objectContaining({ end: "stopped", fault: null }),
      ]);
    },
  );

  it("records events that nobody subscribed to, and events of the gateway under its own names", async () => {
    const { host, folder } = audited({ format: "text" });
    await host.start();
    await host.emit({
      kind: "gateway.auth_success",
      data: { peer_addr: "192.168.1.100:54321", method: "totp" },
    });
    await host.emit({
      kind: "gateway.security_event",
      data: {
        event_type: "prompt_injection",
        action: "block",
        reason: "found",
        peer_addr: "192.168.1.200:12345",
      },
    });
    await host.stop();
    const [auth, security] = await linesIn(folder);
    expect(auth).toMatchObject({
      event: "AuthSuccess",
      metadata: { peer_addr: "192.168.1.100:54321", method: "totp", decision: "continue" },
    });
    expect(security).toMatchObject({
      event: "SecurityEvent",
      metadata: { event_type: "prompt_injection", action: "block", peer_addr: "192.168.1.200:12345" },
    });
  });

  it("with 'security' records what the gateway's own audit does", async () => {
    const { host, folder } = audited({ events: "security" });
    await host.start();
    const call = (tool_name: string) =>
      host.emit({ kind: "gateway.before_tool_call", tool_name, data: { tool_id: `call of ${tool_name}` } });
    for (const tool of ["read_file", "execute_command", "secrets_get", "gateway"]) await call(tool);
    await host.emit({ kind: "gateway.connection", data: { peer_addr: "::1", peer_ip: "::1" } });
    await host.emit({ kind: "gateway.config_reload", data: { changes: "ssrf.enabled: false -> true" } });
    await host.stop();
    expect(
      (await linesIn(folder)).map(({ event, metadata }) => [
        event,
        metadata["tool_name"] ?? metadata["changes"],
      ]),
    ).toEqual([
      ["BeforeToolCall", "execute_command"],
      ["BeforeToolCall", "secrets_get"],
      ["BeforeToolCall", "gateway"],
      ["ConfigReload", "ssrf.enabled: false -> true"],
    ]);
  });

  it("labels the lines of an event and of its operation with the trace fields, short, masked and few", async () => {
    const { host, folder } = audited();
    await host.start();
    const traceFields = { agent: "codex", seq: 7, note: "token=abcdefgh12345678", api_key: "hunter2" };
    await host.emit({ kind: "before_tool_call", ...CALL }, { traceFields });
    await host.intercept(KINDS, CALL, () => "four", { traceFields: { agent: "gemini" } });
    const many = Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`n${n}`, "x".repeat(9_000)]));
    await host.emit({ kind: "before_tool_call", ...CALL }, { traceFields: many });
    await host.emit({ kind: "before_tool_call", ...CALL }, { traceFields: {} });
    await host.stop();
    const labels = (await linesIn(folder)).map(({ metadata }) => metadata["labels"]);
    const gemini = { agent: "gemini" };
    const masked = { agent: "codex", seq: 7, note: "token=[masked]", api_key: "[masked]" };
    expect(labels.slice(0, 4)).toEqual([masked, gemini, gemini, gemini]);
    expect(labels[4]).toMatchObject({ n15: `${"x".repeat(200)}…(9000 chars)`, "(more)": "+24 keys" });
    expect(labels[4]).not.toHaveProperty("n16");
    expect(labels[5]).toBeUndefined();
  });

  it("records inputs only when asked to, masked, with a digest that needs the key", async () => {
    for (const [key, digest] of [
      ["k", expect.stringMatching(/^[0-9a-f]{64}$/)],
      [undefined, undefined],
    ] as const) {
      const { host, folder } = audited({ content: "summary", ...(key === undefined ? {} : { key }) });
      await host.start();
      await host.emit({ kind: "before_tool_call", ...CALL });
      await host.stop();
      const [line] = await linesIn(folder);
      expect(line?.metadata["input"]).toEqual({ command: "ls", password: "[masked]" });
      expect(line?.metadata["input_hmac"]).toEqual(digest);
    }
  });

  it("shows its state in the snapshot, and is absent without an audit", async () => {
    const { host, folder } = audited();
    await host.start();
    await host.emit({ kind: "before_tool_call", ...CALL });
    expect(host.snapshot().audit).toMatchObject({
      folder,
      accepted: 1,
      lost: 0,
      failing: null,
      durability: "queue",
    });
    expect(Object.keys(testHost().host.snapshot())).not.toContain("audit");
  });

  it("stands in the base folder when it is simply switched on", () => {
    const baseDir = tempDir();
    const host = createHost({ baseDir, audit: true, logger: nullLogger });
    expect(host.snapshot().audit?.folder).toBe(join(baseDir, "extensions", "audit"));
  });

  it.each([
    [{ formatt: "json" }, "there is no 'formatt'; did you mean 'format'?"],
    [{ durability: "always" }, "'durability' must be queue or before_answer"],
    [{ maxFileBytes: 10 }, "'maxFileBytes' must be a number from 1024 to 9007199254740991"],
    [{ files: -1 }, "'files' must be a whole number of at least 0"],
    [{ key: "" }, "'key' must be a text that is not empty"],
    [{ events: "some" }, "'events' must be 'all', 'security' or a list of kinds"],
    [7, "'audit' must be true, false or options"],
  ])("refuses %j", (audit, message) => {
    expect(() => createHost({ audit: audit as never })).toThrow(message);
  });
});

describe("an audit that cannot be written", () => {
  /** A folder that cannot be made. */
  const blocked = (): string => {
    const path = join(tempDir(), "audit");
    writeFileSync(path, "in the way");
    return path;
  };

  it.each([{}, { durability: "before_answer" } as const])(
    "costs no answer unless it is told to: %j",
    async (options) => {
      const { host, log } = audited(options, blocked());
      await host.start();
      const result = await host.intercept(KINDS, CALL, () => "four");
      expect(result).toMatchObject({ ran: true, output: "four" });
      expect(host.snapshot().audit).toMatchObject({
        failing: expect.stringMatching(/EEXIST|ENOTDIR/),
        written: 0,
      });
      expect(log.filter(({ message }) => message.includes("cannot be written"))).toHaveLength(1);
    },
  );

  it(
    verifies("AUDIT-003") + "that fails closed blocks, runs nothing, withholds outputs, and says so",
    async () => {
      const { host, log } = audited({ durability: "before_answer", onFailure: "closed" }, blocked());
      await host.start();
      let ran = false;
      const result = await host.intercept(KINDS, CALL, () => ((ran = true), "four"));
      expect(ran).toBe(false);
      expect(result).toMatchObject({
        ran: false,
        by: "(audit)",
        reason: expect.stringMatching(/^the audit could not be written: E/),
      });
      const after = await host.emit({ kind: "after_tool_call", ...CALL, tool_output: "secret" });
      expect(after).toMatchObject({
        action: "replace",
        by: "(audit)",
        output: expect.stringMatching(/^\[output withheld: /),
      });
      expect(log.filter(({ level }) => level === "error").map(({ message }) => message)).toEqual([
        "an answer was withheld because it could not be audited",
        "an answer was withheld because it could not be audited",
      ]);
    },
  );
});
