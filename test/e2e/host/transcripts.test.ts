import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Host } from "@synaps/host";
import { expect, it } from "vitest";
import { startedHost } from "../../helpers/hosts.js";
import { repo } from "../../helpers/paths.js";
import { until } from "../../helpers/wait.js";
import { tempDir } from "../../helpers/temp.js";
import { verifies } from "../../requirements/verifies.js";
import { variant } from "./support/fixture.js";

const USAGE = {
  provider: "anthropic",
  model: null,
  session_id: "s-1",
  message_id: "m-1",
  turn_id: "t-1",
  usage: { input_tokens: 3, output_tokens: 4, cache_read_input_tokens: 0, cache_creation_input_tokens: 0 },
  source: { event: "message_end" },
  occurred_at: "2026-01-01T00:00:00Z",
};

/** One session with an event of each kind, in the order in which a program raises them. */
async function session(host: Host): Promise<void> {
  const session_id = "s-1";
  const bash = {
    tool_name: "bash",
    tool_runtime_name: "shell:bash",
    tool_input: { command: "ls", n: 1.5 },
    session_id,
  };
  const compaction = { old_session_id: "s-0", new_session_id: session_id, message_count: 2, source: "auto" };
  const transcript = [{ role: "user", content: "héllo 🦊" }];
  for (const event of [
    { kind: "on_session_start", session_id },
    { kind: "before_message", message: "héllo 🦊\n\u2028", session_id },
    { kind: "before_tool_call", ...bash },
    {
      kind: "after_tool_call",
      ...bash,
      tool_output: "a\tb\n",
      is_error: false,
      tool_call_id: "c-1",
      correlation_id: "r-1",
    },
    {
      kind: "on_message_complete",
      message: "done",
      session_id,
      data: { content_block_count: 1, has_tool_use: true },
    },
    { kind: "on_usage", session_id, data: USAGE },
    { kind: "on_compaction", message: "summary", session_id, data: compaction },
    { kind: "on_session_end", session_id, transcript },
  ]) {
    const outcome = await host.emit(event);
    // The next event only when this one was answered: the order on the wire is then the order of raising.
    await outcome.settled;
  }
}

/** Every byte that one extension received in that session. */
async function transcript(fixture: string, rest: readonly string[] = []): Promise<string> {
  const folder = tempDir();
  const file = join(tempDir(), "received");
  const root = variant(folder, fixture, { args: [file, ...rest] });
  const { host } = await startedHost([folder], { limits: { shutdownMs: 10_000 } });
  await session(host);
  await host.stop();
  return pinned(file, root);
}

/** The bytes in a file, with the parts that differ from run to run named. */
function pinned(file: string, root: string): string {
  const received = readFileSync(file, "utf8");
  expectFrames(received);
  return received
    .replace(/Content-Length: \d+/g, "Content-Length: <length>")
    .replaceAll(root, "<root>")
    .replace(/"event_id":"[0-9a-f-]{36}"/g, '"event_id":"<uuid>"')
    .replace(/"sent_at":\d{13}/g, '"sent_at":<ms>')
    .replace(/"deadline_ms":\d+/g, '"deadline_ms":<ms>');
}

/** The lengths are taken out of the pins, so they are checked here: the stream is frames and nothing between them. */
function expectFrames(received: string): void {
  let rest = Buffer.from(received);
  while (rest.length > 0) {
    const head = /^Content-Length: (\d+)\r\n\r\n/.exec(rest.toString("latin1", 0, 60));
    if (!head) throw new Error(`no header at: ${rest.toString("utf8", 0, 80)}`);
    const end = head[0].length + Number(head[1]);
    JSON.parse(rest.toString("utf8", head[0].length, end));
    rest = rest.subarray(end);
  }
}

function messages(text: string): Record<string, unknown>[] {
  return text
    .split(/Content-Length: <length>\r\n\r\n/)
    .slice(1)
    .map((body) => JSON.parse(body.replaceAll("<ms>", "0")) as Record<string, unknown>);
}

const pin = (name: string): string => repo(`test/pins/transcripts/${name}`);

it.each([
  ["protocol-1", "WIRE-001", "python-v1"],
  ["protocol-2", "WIRE-002", "usage-v2"],
])("the bytes that a %s extension receives are pinned (%s)", async (name, _id, fixture) => {
  const received = await transcript(fixture);
  await expect(received).toMatchFileSnapshot(pin(`${name}.txt`));
  const all = messages(received);
  expect(all.map((message) => Object.keys(message).join())).toEqual(
    all.map(() => "jsonrpc,method,params,id"),
  );
  expect(all.map(({ id }) => id)).toEqual(all.map((_message, at) => at + 1));
  expect(new Set(all.map(({ method }) => method))).toEqual(
    new Set(["initialize", "hook.handle", "shutdown"]),
  );
  expect(all.at(-1)).toMatchObject({ method: "shutdown", params: null });
  const envelope =
    "kind,tool_name,tool_runtime_name,tool_input,tool_output,message,session_id,transcript,data";
  for (const { method, params } of all) {
    if (method === "hook.handle") expect(Object.keys(params as object).join()).toBe(envelope);
  }
});

it.each([1, 2])(
  verifies("WIRE-007") + "protocol %i gets a gate beside its running tool",
  async (protocol_version) => {
    const folder = tempDir();
    const file = join(tempDir(), "received");
    const root = variant(folder, "works-beside", { args: [file], extension: { protocol_version } });
    const { host } = await startedHost([folder], { limits: { shutdownMs: 10_000 } });
    const working = host.tools.call("works-beside:work", { n: 1 });
    await until("its tool works", () => readFileSync(file, "utf8").includes('"method":"tool.call"'));
    const outcome = await host.emit({
      kind: "before_tool_call",
      tool_name: "bash",
      tool_input: { command: "ls" },
    });
    // The tool ends only when the gate reached the process meanwhile.
    expect(await working).toMatchObject({ status: "ok", content: "worked" });
    expect(outcome.votes).toMatchObject([{ status: "voted" }]);
    await host.stop();
    const received = pinned(file, root);
    await expect(received).toMatchFileSnapshot(pin(`protocol-${protocol_version}-beside-tool.txt`));
    expect(messages(received).map(({ method, id }) => `${String(id)} ${String(method)}`)).toEqual([
      "1 initialize",
      "2 info.get",
      "3 tool.call",
      "4 hook.handle",
      "5 shutdown",
    ]);
  },
);

it(verifies("WIRE-003") + "protocol 1 never hears of on_usage, protocol 2 does", async () => {
  const kinds = (received: string): unknown[] =>
    messages(received).map(({ params }) => (params as { kind?: string } | null)?.kind);
  expect(kinds(await transcript("python-v1"))).not.toContain("on_usage");
  expect(kinds(await transcript("usage-v2"))).toContain("on_usage");
});

it(verifies("WIRE-004") + "protocol 3 gets meta beside the envelope when it negotiated it", async () => {
  await expect(await transcript("records-v3", ["meta"])).toMatchFileSnapshot(pin("protocol-3-meta.txt"));
});

it(verifies("WIRE-005") + "protocol 3 that negotiates nothing gets the plain envelope", async () => {
  const received = await transcript("records-v3", []);
  await expect(received).toMatchFileSnapshot(pin("protocol-3-plain.txt"));
  expect(received).not.toContain('"meta":');
  expect(messages(received)[0]).toMatchObject({
    params: { extension_protocol_version: 3, features: expect.any(Array) },
  });
});

it(
  verifies("WIRE-006") + "a deadline in meta is what is left of the hook's, and attempt counts from 1",
  async () => {
    const folder = tempDir();
    const file = join(tempDir(), "received");
    const hooks = [{ hook: "before_tool_call", timeout_ms: 4_000 }];
    variant(folder, "records-v3", { args: [file, "meta"], extension: { hooks } });
    const { host } = await startedHost([folder]);
    await host.emit({ kind: "before_tool_call", tool_name: "t" });
    await host.stop();
    const meta = /"meta":(\{[^}]*\})/.exec(readFileSync(file, "utf8"))?.[1] ?? "";
    const { deadline_ms, attempt } = JSON.parse(meta) as { deadline_ms: number; attempt: number };
    expect(attempt).toBe(1);
    expect(deadline_ms).toBeGreaterThan(1_000);
    expect(deadline_ms).toBeLessThanOrEqual(4_000);
  },
);
