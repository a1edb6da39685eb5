import { readdirSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { queryAudit } from "@synaps/audit";
import { proxyCatalog } from "@synaps/sdk/catalogs";
import { createHarness, eventsOf } from "@synaps/sdk/testing";
import { expect, onTestFinished, test } from "vitest";
import { createTrafficLogger } from "../src/extension.js";
import { MOST_SESSIONS } from "../src/sessions.js";
import { CONFIG, readSettings } from "../src/settings.js";

const events = eventsOf(proxyCatalog);
const client = (n: number) => ({ protocol: "http", client_addr: `127.0.0.1:${n}` });

/** A logger with a clock that the test turns. */
async function logger(config: Record<string, string | number> = {}) {
  const time = { ms: 0 };
  const clock = { wallMs: () => 1_700_000_000_000 + time.ms, now: () => time.ms };
  const harness = await createHarness(createTrafficLogger(clock), { config });
  const open = (session_id: string, n = 5_000) =>
    harness.send(events["proxy.open"]({ session_id, data: client(n) }));
  const close = (session_id: string, n = 5_000) =>
    harness.send(events["proxy.close"]({ session_id, data: client(n) }));
  const packet = (session_id: string, direction: "inbound" | "outbound", bytes: Buffer, dropped?: number) =>
    harness.send({
      ...events["proxy.packet"]({
        session_id,
        data: { ...client(5_000), direction, bytes: bytes.toString("base64") },
      }),
      ...(dropped === undefined
        ? {}
        : { meta: { event_id: "e", sent_at: "", attempt: 1, deadline_ms: 1, dropped } }),
    } as never);
  return { harness, time, open, close, packet };
}

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "traffic-"));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

async function linesIn(path: string): Promise<{ event: string; metadata: Record<string, never> }[]> {
  const found: { event: string; metadata: Record<string, never> }[] = [];
  await queryAudit(path, {}, (line) => void found.push(line as never));
  return found.filter(({ event }) => !event.startsWith("audit_"));
}

test("a line for each connection, with what it carried and what was dropped of it", async () => {
  const { harness, time, open, close, packet } = await logger();
  await open("1");
  await packet("1", "inbound", Buffer.from("GET /secret"));
  time.ms = 1_234;
  await packet("1", "outbound", Buffer.alloc(65_536), 3);
  await close("1");
  // Its beginning was dropped.
  await packet("2", "outbound", Buffer.alloc(0));
  await close("2");
  harness.drop({ kind: "proxy.packet", session: "1", dropped: 4 });
  await harness.stop();
  expect(harness.logs).toEqual([
    "session session=1 protocol=http client=127.0.0.1:5000 bytes_in=11 bytes_out=65536 chunks_in=1 chunks_out=1 ms=1234 dropped=3",
    "session session=2 protocol=http client=127.0.0.1:5000 bytes_in=0 bytes_out=0 chunks_in=0 chunks_out=1",
    "dropped dropped=4 total=4",
  ]);
});

test("detail = chunk: a line for each chunk, and so much of its content as was asked for", async () => {
  const { harness, open, close, packet } = await logger({ detail: "chunk", content_bytes: 8 });
  await open("1");
  await packet("1", "inbound", Buffer.from("GET /\r\n\0and more"));
  await close("1");
  expect(harness.logs.slice(0, 2)).toEqual([
    "open session=1 protocol=http client=127.0.0.1:5000",
    'chunk session=1 protocol=http client=127.0.0.1:5000 direction=inbound bytes=16 content="GET /..."',
  ]);
  const quiet = await logger({ detail: "chunk" });
  await quiet.packet("1", "inbound", Buffer.from("GET /"));
  expect(quiet.harness.logs.join()).not.toMatch(/GET|content/);
});

test("promise: 1,000 connections with 20,000 chunks, every byte counted once, in files of bounded size", async () => {
  const path = folder();
  const { harness, open, close, packet } = await logger({ folder: path, max_bytes: 20_000, max_files: 0 });
  const sent = new Map<string, [number, number]>();
  for (let n = 0; n < 1_000; n += 1) await open(String(n));
  for (let n = 0; n < 20_000; n += 1) {
    const id = String((n * 7) % 1_000);
    const bytes = (n * 31) % 97;
    const way = sent.get(id) ?? [0, 0];
    way[n % 2] = (way[n % 2] ?? 0) + bytes;
    sent.set(id, way);
    await packet(id, n % 2 === 0 ? "inbound" : "outbound", Buffer.alloc(bytes));
  }
  for (let n = 0; n < 1_000; n += 1) await close(String(n));
  await harness.stop();
  const lines = await linesIn(path);
  expect(lines).toHaveLength(1_000);
  for (const { metadata } of lines)
    expect([metadata["bytes_in"], metadata["bytes_out"]]).toEqual(sent.get(metadata["session"] ?? ""));
  expect(
    lines.reduce(
      (sum, { metadata }) => sum + Number(metadata["chunks_in"]) + Number(metadata["chunks_out"]),
      0,
    ),
  ).toBe(20_000);
  const sizes = readdirSync(path).map((name) => statSync(join(path, name)).size);
  expect(sizes.length).toBeGreaterThan(5);
  // The line that ends a full file comes on top.
  expect(Math.max(...sizes)).toBeLessThanOrEqual(20_000 + 200);
});

test("promise: 10,000 connections are followed; one more, an id that begins again and a stop leave a line for each", async () => {
  const path = folder();
  const { harness, open } = await logger({ folder: path });
  for (let n = 0; n < MOST_SESSIONS + 1; n += 1) await open(String(n), n);
  await open("7", 1);
  await harness.stop();
  const lines = await linesIn(path);
  expect(lines.map(({ metadata }) => metadata["session"]).slice(0, 3)).toEqual(["0", "7", "1"]);
  expect(lines).toHaveLength(MOST_SESSIONS + 2);
  expect(lines.every(({ metadata }) => metadata["ended"] === false)).toBe(true);
});

const DEFAULTS = {
  detail: "session",
  folder: "",
  max_bytes: 52_428_800,
  max_files: 10,
  content_bytes: 0,
} as const;

test("settings: the defaults, and a folder that starts at the extension's own", () => {
  expect(Object.fromEntries(Object.entries(CONFIG).map(([key, field]) => [key, field.default]))).toEqual(
    DEFAULTS,
  );
  expect(readSettings({ ...DEFAULTS, folder: "logs" }, "/srv/traffic")).toMatchObject({
    folder: "/srv/traffic/logs",
    chunks: false,
  });
});

test.each([
  [{ detail: "all" }, "config key 'detail' must be"],
  [{ max_bytes: 1_023 }, "config key 'max_bytes' must be"],
  [{ max_files: 1.5 }, "config key 'max_files' must be a whole number, not 1.5"],
  [{ detail: "chunk", content_bytes: 1_025 }, "config key 'content_bytes' must be"],
  [{ content_bytes: 5 }, "config key 'content_bytes' must be 0 with detail = session, not 5"],
  [{ folder: "a\0b" }, "config key 'folder' must be the path of a folder, or empty"],
])("refuses to start with %j", async (config, message) => {
  await expect(createHarness(createTrafficLogger(), { config })).rejects.toThrow(message);
});
