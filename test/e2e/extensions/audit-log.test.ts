import { createHmac } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { queryAudit, verifyAudit, type FoundLine } from "@synaps/audit";
import { expect, test } from "vitest";
import { startedHost } from "../../helpers/hosts.js";
import { EXTENSIONS } from "../../helpers/paths.js";
import { tempDir } from "../../helpers/temp.js";

const KEY = "only for this test";
const KINDS = { before: "before_tool_call", after: "after_tool_call" } as const;

/** A host with the real guard and the real log, which writes where the configuration says. */
async function watched(config: string) {
  const baseDir = tempDir();
  const folder = join(baseDir, "plugins", "audit-log");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "config"), config);
  const folders = ["audit-log", "shell-guard"].map((id) => join(EXTENSIONS, id));
  const env = { PATH: process.env["PATH"] ?? "", HOME: baseDir, AUDIT_LOG_KEY: KEY };
  return { ...(await startedHost(folders, { baseDir, env })), baseDir };
}

async function linesIn(folder: string): Promise<FoundLine[]> {
  const lines: FoundLine[] = [];
  await queryAudit(folder, {}, (line) => lines.push(line));
  return lines.filter(({ event }) => !event.startsWith("audit_"));
}

test("audit-log says what was run, who decided, and how it ended; the lines of a call join", async () => {
  const { host, baseDir, log } = await watched("path = ~/audit/a.jsonl\nchain = on\n");
  const rewrite = { action: "modify", input: { command: "ls -l" } } as const;
  host.subscribe("before_tool_call", ({ tool_input }) =>
    JSON.stringify(tool_input).includes('"ls"') ? rewrite : undefined,
  );
  const call = (command: string, n: number): object => ({
    tool_name: "bash",
    tool_input: { command },
    session_id: "s1",
    tool_call_id: `c${n}`,
  });
  await host.intercept(KINDS, call("ls", 1), () => "four");
  await host.intercept(KINDS, call("rm -rf /", 2), () => "never");
  await host.settled();
  await host.stop();
  const lines = await linesIn(join(baseDir, "audit"));
  const of = (id: string): FoundLine[] => lines.filter(({ metadata }) => metadata["tool_call_id"] === id);
  const named = ({ event, metadata }: FoundLine): string => String(metadata["stage"] ?? event);
  expect(of("c1").map(named).toSorted()).toEqual([
    "after_tool_call",
    "before_tool_call",
    "decided",
    "decided",
    "ended",
  ]);
  const [seen] = of("c1").filter(({ event }) => event === "before_tool_call");
  const [decided] = of("c1").filter(({ metadata }) => metadata["stage"] === "decided");
  expect(seen?.metadata).toMatchObject({
    command: "ls -l",
    command_hmac: createHmac("sha256", KEY).update("ls -l").digest("hex"),
    event_id: decided?.metadata["final_event_id"],
  });
  expect(decided?.metadata).toMatchObject({ decision: "modify", decided_by: "program" });
  expect(of("c2").map(named)).toEqual(expect.arrayContaining(["decided", "ended"]));
  expect(of("c2").find(({ metadata }) => metadata["stage"] === "decided")?.metadata).toMatchObject({
    decision: "block",
    decided_by: "shell-guard",
    votes: expect.arrayContaining([
      expect.objectContaining({ extension: "shell-guard", said: "block", subscription: expect.any(String) }),
    ]),
  });
  expect(of("c2").find(({ metadata }) => metadata["stage"] === "ended")?.metadata).toMatchObject({
    ran: false,
    stopped_by: "shell-guard",
  });
  const { runs } = await verifyAudit(join(baseDir, "audit"), { key: KEY });
  expect(runs).toEqual([expect.objectContaining({ fault: null, chained: true })]);
  expect(JSON.stringify([lines, log])).not.toContain(KEY);
});

test("audit-log says at the start that its path cannot be made, and a host goes on without it", async () => {
  const { host, log } = await watched("path = /dev/null/audit/a.jsonl\n");
  expect(log.map(({ message, fields }) => message + JSON.stringify(fields)).join("\n")).toMatch(
    /config key 'path': the log cannot be written to '\/dev\/null\/audit'/,
  );
  expect(await host.emit({ kind: "before_tool_call", tool_name: "bash" })).toMatchObject({
    action: "continue",
  });
});
