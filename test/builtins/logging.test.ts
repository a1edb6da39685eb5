import { logging, type LineFields, type LoggingOptions, type LogLevel } from "@synaps/builtins";
import { gatewayCatalog, messagingCatalog, synapsCatalog } from "@synaps/sdk/catalogs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { startedWith } from "../helpers/catalog-host.js";
import { startedHost } from "../helpers/hosts.js";
import { FIXTURES } from "../helpers/paths.js";
import { verifies } from "../requirements/verifies.js";

const BEFORE = "before_tool_call";

interface Line {
  level: LogLevel;
  message: string;
  fields: LineFields;
}

function collected() {
  const lines: Line[] = [];
  const note =
    (level: LogLevel) =>
    (message: string, fields: LineFields = {}): void =>
      void lines.push({ level, message, fields });
  return {
    lines,
    logger: { debug: note("debug"), info: note("info"), warn: note("warn"), error: note("error") },
  };
}

const secret = `ghp_${"a1B2".repeat(8)}`;
const call = {
  kind: BEFORE,
  tool_name: "bash",
  session_id: "s-1",
  correlation_id: "c-1",
  tool_input: { command: `curl -H 'x: ${secret}'`, password: "hunter2", count: 3 },
} as const;

describe(verifies("BUILTIN-008") + "log lines", () => {
  it("are one for each event, with who it was about and the names of what it carries, and no value", async () => {
    const { host } = await startedWith(synapsCatalog);
    const { lines, logger } = collected();
    await host.use(logging({ kinds: [BEFORE, "before_message"], logger }));
    await host.emit(call);
    await host.emit({ kind: "before_message", message: `my key is ${secret}` });
    expect(lines).toEqual([
      {
        level: "info",
        message: "[hooks] before_tool_call",
        fields: {
          hook: "logging",
          event: expect.stringMatching(/^[\da-f-]{36}$/),
          tool: "bash",
          session: "s-1",
          correlation: "c-1",
          tool_input: "command, password, count",
        },
      },
      {
        level: "info",
        message: "[hooks] before_message",
        fields: { hook: "logging", event: expect.any(String), message: `${10 + secret.length} characters` },
      },
    ]);
    expect(JSON.stringify(lines)).not.toMatch(/ghp_|hunter2|curl/);
  });

  it("have data only when asked for, masked, and cut with a marker", async () => {
    const { host } = await startedWith(synapsCatalog);
    const { lines, logger } = collected();
    await host.use(logging({ kinds: [BEFORE], logger, includeData: true }));
    await host.use(logging({ id: "short", kinds: [BEFORE], logger, includeData: true, maxDataBytes: 40 }));
    await host.emit(call);
    expect(lines.map(({ fields }) => fields["tool_input"])).toEqual([
      `{"command":"curl -H 'x: [masked:github]'","password":"[masked]","count":3}`,
      `{"command":"curl -H 'x: [masked:github]'... (truncated)`,
    ]);
    await host.emit({ ...call, tool_input: { text: "ü".repeat(10_000) } });
    const [, , long] = lines;
    expect(Buffer.byteLength(String(long?.fields["tool_input"]))).toBeLessThanOrEqual(
      1_024 + "... (truncated)".length,
    );
    expect(long?.fields["tool_input"]).toMatch(/ü\.\.\. \(truncated\)$/);
  });

  it("with outcomes say what a real extension answered, who decided, and how long it took", async () => {
    const { host } = await startedHost([join(FIXTURES, "echoes-votes")]);
    const { lines, logger } = collected();
    const stop = await logging({ kinds: [BEFORE], logger }).follow(host);
    for (const answer of [{ action: "continue" }, { action: "block", reason: secret }])
      await host.emit({ ...call, tool_input: { answer } });
    expect(lines).toMatchObject([
      {
        level: "info",
        message: "[hooks] before_tool_call: continue",
        fields: { tool: "bash", session: "s-1" },
      },
      {
        level: "warn",
        message: "[hooks] before_tool_call: block",
        fields: { tool: "bash", by: "echoes-votes" },
      },
    ]);
    expect(lines.every(({ fields }) => typeof fields["duration_ms"] === "number")).toBe(true);
    expect(JSON.stringify(lines)).not.toContain("ghp_");
    await stop();
    await host.emit(call);
    expect([lines.length, host.hooks.count()]).toEqual([2, 0]);
  });

  it("at the level debug are those of the seeds: who is asked about whom, and what each hook returned", async () => {
    const { host } = await startedWith(gatewayCatalog);
    const { lines, logger } = collected();
    await logging({ kinds: ["gateway.connection"], logger, level: "debug" }).follow(host);
    await host.use({ id: "guard", events: ["gateway.connection"], on: () => undefined });
    await host.use({
      id: "broken",
      events: ["gateway.connection"],
      on: () => {
        throw new Error("no");
      },
    });
    const data = { peer_addr: "10.0.0.9:5000", peer_ip: "10.0.0.9" };
    await host.emit({ kind: "gateway.connection", data });
    expect(lines.map(({ level, message }) => [level, message])).toEqual([
      ["debug", "[hooks] Invoking gateway.connection hook for 10.0.0.9"],
      ["debug", "[hooks] Hook 'guard' returned Continue"],
      ["debug", "[hooks] Hook 'broken' gave no answer: error"],
      ["warn", "[hooks] gateway.connection: continue"],
    ]);
    expect(new Set(lines.map(({ fields }) => fields["event"])).size).toBe(1);
  });

  it("are warnings for failed logins and threats, errors for guards that cannot answer, and others are information", async () => {
    const { host } = await startedHost([], { catalogs: [synapsCatalog, gatewayCatalog, messagingCatalog] });
    const { lines, logger } = collected();
    const kinds = ["messaging.auth", "gateway.auth_failure", "gateway.auth_success", BEFORE] as const;
    await logging({ kinds, logger }).follow(host);
    const login = (success: boolean) => ({
      kind: "messaging.auth",
      data: { username: "ann", success, failure_reason: success ? "" : "wrong password" },
    });
    const by = { peer_addr: "10.0.0.9:1", method: "totp" };
    for (const event of [login(true), login(false)]) await (await host.emit(event)).settled;
    await host.emit({ kind: "gateway.auth_success", data: by });
    await host.emit({ kind: "gateway.auth_failure", data: { ...by, attempts: 3, locked_out: true } });
    const fails = (): never => {
      throw new Error("no");
    };
    host.subscribe(BEFORE, fails, { closed: true });
    await host.emit(call);
    expect(lines.map(({ level, message }) => [level, message])).toEqual([
      ["info", "[hooks] messaging.auth: continue"],
      ["warn", "[hooks] messaging.auth: continue"],
      ["info", "[hooks] gateway.auth_success: continue"],
      ["warn", "[hooks] gateway.auth_failure: continue"],
      ["error", "[hooks] before_tool_call: block"],
    ]);
  });

  it("have the beginning of a key and no more", async () => {
    const { host } = await startedWith(messagingCatalog);
    const { lines, logger } = collected();
    await host.use(logging({ kinds: ["messaging.message_enqueue"], logger }));
    const key = (byte: number): string => Buffer.alloc(32, byte).toString("base64");
    await host.emit({
      kind: "messaging.message_enqueue",
      data: { sender_identity: null, recipient_key: key(7), channel_id: "", payload_len: 5, seq: "1" },
    });
    expect(lines.map(({ fields }) => fields["data"])).toEqual([
      `sender_identity, recipient_key=${key(7).slice(0, 8)}…, channel_id, payload_len, seq`,
    ]);
  });

  it("stay one line, whatever an event is called", async () => {
    const { host } = await startedWith(synapsCatalog);
    const { lines, logger } = collected();
    await host.use(logging({ kinds: [BEFORE], logger, level: "debug" }));
    const names = Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`n${n}\nforged`, n]));
    await host.emit({
      ...call,
      tool_name: `x\n[hooks] forged\u001b[2J${"y".repeat(500)}`,
      tool_input: names,
    });
    expect(
      JSON.stringify(lines.map(({ message, fields }) => [message, ...Object.values(fields)])),
    ).not.toMatch(/\\n|\\u001b/);
    expect(lines[1]?.fields["tool"]).toMatch(/^x \[hooks\] forged.*…$/);
    expect(lines[1]?.fields["tool_input"]).toMatch(/n31 forged and 18 more$/);
  });

  it("that a logger throws or rejects for cost no event, and are counted", async () => {
    const { host } = await startedWith(synapsCatalog);
    const throws = (): never => {
      throw new Error("the disk is full");
    };
    const rejects = (() => Promise.reject(new Error("the disk is full"))) as unknown as () => void;
    for (const [id, line] of [
      ["throws", throws],
      ["rejects", rejects],
    ] as const) {
      const log = logging({
        id,
        kinds: [BEFORE],
        logger: { debug: line, info: line, warn: line, error: line },
      });
      await host.use(log);
      expect((await host.emit(call)).votes.map(({ status }) => status)).not.toContain("abstained");
      await expect.poll(() => log.counts().failed).toBe(1);
    }
  });

  it("are written again with an outcome that the hook was never asked about", async () => {
    const { host } = await startedWith(synapsCatalog);
    const { lines, logger } = collected();
    const first = { id: "first", metadata: { priority: "highest" }, events: [BEFORE] } as const;
    await host.use({ ...first, on: () => ({ action: "block", reason: "no" }) });
    const log = logging({ kinds: [BEFORE], logger });
    await log.follow(host);
    await host.emit(call);
    expect(lines).toMatchObject([
      { level: "warn", message: "[hooks] before_tool_call: block", fields: { by: "first" } },
    ]);
  });

  it.each<[string, object, RegExp]>([
    ["no logger", { logger: undefined }, /'logger' is missing/],
    [
      "a logger without a level",
      { logger: { info() {} } },
      /'logger': it must be an object with the methods debug, info/,
    ],
    ["an unknown level", { level: "verbose" }, /'level': it must be one of 'debug'/],
    ["no room for data", { maxDataBytes: 0 }, /'maxDataBytes': it must be a whole number from 16/],
    ["no switch", { includeData: "yes" }, /'includeData': it must be true or false/],
  ])("refuse %s", (_, wrong, message) => {
    const right = { kinds: [BEFORE], logger: collected().logger };
    expect(() => logging({ ...right, ...wrong } as LoggingOptions)).toThrow(message);
  });
});
