import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { queryAudit, verifyAudit, type FoundLine } from "@synaps/audit";
import type { AuditOptions } from "@synaps/host";
import { gatewayCatalog } from "@synaps/sdk/catalogs";
import { describe, expect, it } from "vitest";
import { linkOf, NO_HASH } from "../../../../packages/audit/src/line.js";
import { hostOfCatalog } from "../../../helpers/catalog-host.js";
import { tempDir } from "../../../helpers/temp.js";
import { newLog } from "../../../audit/kit.js";

async function started(audit: AuditOptions | true) {
  const baseDir = tempDir();
  const made = hostOfCatalog(gatewayCatalog, { baseDir, audit });
  await made.host.start();
  return { ...made, folder: made.host.snapshot().audit?.folder ?? "", baseDir };
}
type Started = Awaited<ReturnType<typeof started>>;

/** A day of a gateway: something of everything that it raises. */
async function day(host: Started["host"]): Promise<void> {
  const peer = { peer_addr: "192.168.1.100:54321", method: "totp" };
  await host.emit({
    kind: "gateway.connection",
    data: { peer_addr: peer.peer_addr, peer_ip: "192.168.1.100" },
  });
  await host.emit({ kind: "gateway.auth_success", data: peer });
  await host.emit({ kind: "gateway.auth_failure", data: { ...peer, attempts: 3, locked_out: true } });
  for (const tool_name of [
    "read_file",
    "execute_command",
    "secrets_get",
    "secrets_store",
    "gateway",
    "web_fetch",
  ])
    await host.intercept(
      { before: "gateway.before_tool_call" },
      { tool_name, data: { tool_id: `call of ${tool_name}` } },
      () => "done",
    );
  await host.emit({
    kind: "gateway.security_event",
    data: { event_type: "prompt_injection", action: "block", reason: "it says to ignore the rules" },
  });
  await host.emit({ kind: "gateway.config_reload", data: { changes: "ssrf.enabled: false -> true" } });
}

async function linesOf({ host, folder }: Started): Promise<FoundLine[]> {
  await host.stop();
  const lines: FoundLine[] = [];
  await queryAudit(folder, {}, (line) => lines.push(line));
  return lines.filter(({ event }) => event !== "operation" && !event.startsWith("audit_"));
}

/** The lines as they stand in the file, without those about the ends of operations. */
const textOf = (folder: string): string[] =>
  readFileSync(join(folder, readdirSync(folder)[0] ?? ""), "utf8")
    .trimEnd()
    .split("\n")
    .filter((line) => !/ operation |"operation"/.test(line));

describe("the audit log of a gateway", () => {
  it("has its logins, threats and reloads", async () => {
    const made = await started({ events: "security" });
    await day(made.host);
    const events = (await linesOf(made)).map(({ event }) => event);
    expect(events.filter((event) => event !== "BeforeToolCall")).toEqual([
      "AuthSuccess",
      "AuthFailure",
      "SecurityEvent",
      "ConfigReload",
    ]);
  });

  it("has calls of tools whose use matters, and of no others", async () => {
    const made = await started({ events: "security" });
    await day(made.host);
    const calls = (await linesOf(made)).filter(({ event }) => event === "BeforeToolCall");
    expect(calls.map(({ metadata }) => metadata["tool_name"])).toEqual([
      "execute_command",
      "secrets_get",
      "secrets_store",
      "gateway",
    ]);
  });

  it("has the time, the event and its facts in each line", async () => {
    const made = await started({ events: "security", format: "text" });
    await day(made.host);
    const lines = await linesOf(made);
    expect(lines).toHaveLength(8);
    const texts = textOf(made.folder).slice(1, -1);
    const facts = [
      ['AuthSuccess peer_addr="192.168.1.100:54321" method="totp" '],
      ['AuthFailure peer_addr="192.168.1.100:54321" method="totp" attempts=3 locked_out=true '],
      ...["execute_command", "secrets_get", "secrets_store", "gateway"].map((tool) => [
        `BeforeToolCall tool_id="call of ${tool}" `,
        `tool_name="${tool}" `,
      ]),
      ['SecurityEvent event_type="prompt_injection" action="block" reason="it says to ignore the rules" '],
      ['ConfigReload changes="ssrf.enabled: false -> true" '],
    ];
    for (const [n, parts] of facts.entries()) {
      expect(texts[n]).toMatch(/^\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}\] \w+ .* decision="continue" /);
      for (const part of parts) expect(texts[n]).toContain(part);
    }
  });

  it("can be JSON, one object with time, event and metadata in each line", async () => {
    const made = await started({ events: "security" });
    await day(made.host);
    await made.host.stop();
    const objects = textOf(made.folder).map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(objects).toHaveLength(10);
    expect(objects[1]).toEqual({
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      event: "AuthSuccess",
      metadata: expect.objectContaining({ peer_addr: "192.168.1.100:54321", method: "totp" }),
      seq: 1,
    });
  });

  it("lies in the user's folder unless another is given, and the folder is made", async () => {
    const usual = await started(true);
    expect(usual.folder).toBe(join(usual.baseDir, "extensions", "audit"));
    const own = join(tempDir(), "logs", "of", "rustyclaw");
    const chosen = await started({ folder: own });
    for (const { host, folder } of [usual, chosen]) {
      await host.emit({ kind: "gateway.config_reload", data: { changes: "none" } });
      await host.stop();
      expect(statSync(folder).isDirectory()).toBe(true);
      expect(textOf(folder)).toHaveLength(3);
    }
    expect(chosen.folder).toBe(own);
  });

  it("shows every change to whoever has its key, also one by somebody who makes all hashes anew", async () => {
    const key = "kept on another machine";
    const made = await started({ chain: true, key });
    await day(made.host);
    await made.host.stop();
    const { folder } = made;
    expect((await verifyAudit(folder, { key })).runs).toMatchObject([{ end: "stopped", fault: null }]);
    let before = NO_HASH;
    const file = join(folder, readdirSync(folder)[0] ?? "");
    const lines = readFileSync(file, "utf8").trimEnd().split("\n");
    const forged = lines.map((line, n) => {
      const changed = line.replace("192.168.1.100", n === 2 ? "10.0.0.1" : "192.168.1.100");
      const body = changed.replace(/,"hash":"[0-9a-f]{64}"\}$/, "");
      before = linkOf(before, body, n < 2 ? key : undefined);
      return n < 2 ? line : `${body},"hash":"${before}"}`;
    });
    writeFileSync(file, `${forged.join("\n")}\n`);
    expect((await verifyAudit(folder, { key })).runs[0]?.fault).toMatchObject({ kind: "changed", line: 3 });
  });

  it("and the metrics have what a hook refused, and no hook can keep an event from them", async () => {
    const { host, folder } = await started({ durability: "before_answer" });
    for (const id of ["strict", "behind"])
      await host.use({
        id,
        events: ["gateway.connection"],
        on: () => (id === "strict" ? { action: "abort", reason: "IP blocked" } : undefined),
      });
    const outcome = await host.emit({
      kind: "gateway.connection",
      data: { peer_addr: "10.0.0.1:1", peer_ip: "10.0.0.1" },
    });
    expect(outcome.action).toBe("block");
    // Both had it before the program had its answer.
    expect(host.metrics().kinds).toMatchObject([{ kind: "gateway.connection", outcomes: { block: 1 } }]);
    expect(host.snapshot().audit).toMatchObject({ written: 1 });
    const lines: FoundLine[] = [];
    await queryAudit(folder, { event: "Connection" }, (line) => lines.push(line));
    expect(lines.map(({ metadata }) => [metadata["decision"], metadata["decided_by"]])).toEqual([
      ["block", "strict"],
    ]);
  });

  it("begins a new file after 50 MiB", async () => {
    const { writer, folder } = newLog();
    const large = { text: "x".repeat(1024 * 1024) };
    for (let n = 0; n < 51; n += 1) {
      void writer.record("SecurityEvent", large);
      await writer.open();
    }
    await writer.close();
    const sizes = readdirSync(folder)
      .sort()
      .map((file) => Math.round(statSync(join(folder, file)).size / 1024 / 1024));
    expect(sizes).toEqual([49, 2]);
  });

  it("lets 1,024 lines wait for the disk, and tells once that it drops further ones", async () => {
    const { writer, notes, folder } = newLog();
    for (let n = 0; n < 1_100; n += 1) void writer.record("SecurityEvent", { n });
    expect(writer.status).toMatchObject({ waiting: 1_024, lost: 76 });
    expect(notes).toEqual([expect.stringMatching(/ has no room: 1024 events wait for the disk/)]);
    await writer.close();
    const gaps: FoundLine[] = [];
    await queryAudit(folder, { event: "audit_gap" }, (line) => gaps.push(line));
    expect(gaps.map(({ seq, metadata }) => [seq, metadata["lost"]])).toEqual([[1_025, 76]]);
  });

  it("has a line for an event that cannot be made one, which says why", async () => {
    const { writer, folder } = newLog();
    void writer.record("SecurityEvent", { count: 1n } as never);
    await writer.close();
    const lines: FoundLine[] = [];
    await queryAudit(folder, { event: "SecurityEvent" }, (line) => lines.push(line));
    expect(lines.map(({ metadata }) => metadata)).toEqual([
      { unwritable: expect.stringContaining("BigInt") },
    ]);
  });
});
