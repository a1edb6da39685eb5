import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { queryAudit, verifyAudit } from "@synaps/audit";
import { gatewayCatalog, messagingCatalog } from "@synaps/sdk/catalogs";
import { createHarness, eventsOf, spawnHarness, type Harness } from "@synaps/sdk/testing";
import { expect, onTestFinished, test } from "vitest";
import { createLoginAuditor } from "../src/extension.js";

const gateway = eventsOf(gatewayCatalog);
const messaging = eventsOf(messagingCatalog);

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), "login-auditor-"));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

const login = (username: string, success: boolean) =>
  messaging["messaging.auth"]({
    data: { username, success, failure_reason: success ? "" : "wrong password" },
  });
const failure = (peer_addr: string, attempts = 1) =>
  gateway["gateway.auth_failure"]({
    data: { peer_addr, method: "totp", attempts, locked_out: attempts > 4 },
  });

/** An auditor in this process, on a clock that the test turns. */
async function auditor(config: Record<string, string | number> = {}) {
  const root = folder();
  const time = { nowMs: 0 };
  const clock = {
    wallMs: () => Date.UTC(2026, 0, 1) + time.nowMs,
    now: () => time.nowMs,
    after: () => ({ cancel: () => {} }),
  };
  const harness = (await createHarness(createLoginAuditor(clock), { root, config })) as Harness;
  onTestFinished(() => harness.stop());
  const send = async (...events: readonly object[]): Promise<void> => {
    for (const event of events) expect(await harness.send(event as never)).toEqual({ action: "continue" });
  };
  return { harness, send, time, root };
}

interface Line {
  event: string;
  metadata: Record<string, unknown>;
}

async function linesIn(path: string): Promise<Line[]> {
  const lines: Line[] = [];
  await queryAudit(path, {}, (line) => lines.push(line as unknown as Line));
  return lines.filter(({ event }) => !event.startsWith("audit_"));
}

test("every login is one line, whatever its names hold", async () => {
  const { harness, send, root } = await auditor({ log: "failures" });
  const hostile = 'eve\n{"event":"messaging.auth"}\u001b[2J\u202e';
  await send(
    gateway["gateway.auth_success"]({ data: { peer_addr: "[::ffff:10.0.0.9]:5000", method: "totp" } }),
    failure("10.0.0.9:5000", 5),
    login("ada", true),
    login(hostile, false),
    login(`password=hunter2hunter2`, false),
    login("x".repeat(10_000), false),
  );
  await harness.stop();
  expect((await linesIn(join(root, "data"))).map(({ event, metadata }) => [event, metadata])).toEqual([
    ["gateway.auth_success", { success: true, peer: "::ffff:10.0.0.9", method: "totp" }],
    [
      "gateway.auth_failure",
      { success: false, peer: "10.0.0.9", method: "totp", attempts: 5, locked_out: true },
    ],
    ["messaging.auth", { success: true, user: "ada" }],
    [
      "messaging.auth",
      { success: false, user: 'eve?{"event":"messaging.auth"}?[2J?', reason: "wrong password" },
    ],
    ["messaging.auth", { success: false, user: "password=[masked]", reason: "wrong password" }],
    ["messaging.auth", { success: false, user: `${"x".repeat(128)}…`, reason: "wrong password" }],
  ]);
  expect(harness.logs.slice(0, 2)).toEqual([
    'login failed: peer="10.0.0.9" method="totp" attempts=5 locked_out=true',
    'login failed: user="eve?{\\"event\\":\\"messaging.auth\\"}?[2J?" reason="wrong password"',
  ]);
  expect(harness.logs).toHaveLength(4);
});

test("n failures of a name or an address within the window raise an event, and a success tells of failures before it", async () => {
  const { harness, send, time, root } = await auditor({ failures: 3, window_seconds: 60 });
  await send(login("ada", false), login("ada", false));
  time.nowMs = 60_000;
  await send(login("ada", false), login("ada", false), login("ada", true));
  expect(harness.published).toEqual([]);
  await send(login("ada", false));
  // One subscriber's IPv6 addresses are one peer.
  await send(failure("[2001:db8::1]:1"), failure("[2001:db8::2]:2"), failure("[2001:db8::3]:3"));
  expect(harness.published.map(({ topic, data }) => [topic, data])).toEqual([
    [
      "login.suspicious",
      expect.objectContaining({ by: "user", name: "ada", failures: 3, window_seconds: 60, not_raised: 0 }),
    ],
    [
      "login.suspicious",
      expect.objectContaining({ by: "peer", name: "2001:db8::3", failures: 3, method: "totp" }),
    ],
  ]);
  await harness.stop();
  const lines = await linesIn(join(root, "data"));
  expect(lines.map(({ metadata }) => metadata["failures_before"])).toEqual([
    ...Array.from({ length: 4 }, () => undefined),
    2,
    ...Array.from({ length: 4 }, () => undefined),
  ]);
});

test("a flood of 20,000 names stays within its bounds, has each line written or counted, and raises 10 events a second", async () => {
  const { harness, send, time } = await auditor({ max_keys: 100, failures: 2 });
  const flood = (from: number) =>
    Promise.all(
      Array.from({ length: 1_000 }, (_, n) => harness.send(login(`name${from + n}`, false) as never)),
    );
  for (let from = 0; from < 20_000; from += 1_000) {
    await flood(from);
    await harness.callTool("stats", {});
  }
  expect(harness.published).toHaveLength(10);
  time.nowMs = 1_000;
  await send(login("name0", false));
  expect(harness.published.at(-1)?.data).toMatchObject({ by: "user", name: "name0", not_raised: 9_940 });
  const stats = (await harness.callTool("stats", {})) as Record<string, number>;
  expect(stats).toMatchObject({ failed: 20_001, users: 99, raised: 11, not_raised: 9_940 });
  const { written = 0, lost = 0, waiting = 0 } = stats;
  expect(written + lost + waiting).toBe(20_001);
});

test("what the host dropped is a line, and a folder that cannot be made costs no answer", async () => {
  const { harness, send, root } = await auditor();
  harness.drop({ kind: "messaging.auth", dropped: 7 });
  await send(login("ada", true));
  await harness.stop();
  expect(
    (await linesIn(join(root, "data"))).map(({ event, metadata }) => [event, metadata["dropped"]]),
  ).toEqual([
    ["logins_dropped", 7],
    ["messaging.auth", undefined],
  ]);
  const blocked = folder();
  writeFileSync(join(blocked, "data"), "in the way");
  await using other = await createHarness(createLoginAuditor(), { root: blocked });
  expect(await other.send(login("ada", true))).toEqual({ action: "continue" });
  expect(other.logs[0]).toMatch(/^the audit log in .* cannot be written: E/);
});

test.each([
  [{ path: "logins" }, "config key 'path' must be a file's path that ends with a name and an ending"],
  [{ failures: 1 }, "config key 'failures' must be"],
  [{ failures: 2.5 }, "config key 'failures' must be a whole number, not 2.5"],
  [{ log: "some" }, "config key 'log' must be"],
  [{ max_bytes: 10 }, "config key 'max_bytes' must be"],
])("refuses %j", async (config, message) => {
  await expect(createHarness(createLoginAuditor(), { config, root: folder() })).rejects.toThrow(message);
});

test("the built extension keeps all of 3,000 logins in files of bounded size, and no more files than it may", async () => {
  const path = join(folder(), "logins.jsonl");
  const config = { path, max_bytes: 20_000, max_files: 5, failures: 100, log: "none" };
  const cwd = join(dirname(fileURLToPath(import.meta.url)), "..");
  await using child = await spawnHarness({
    command: "node",
    args: ["dist/main.js"],
    cwd,
    config,
    catalogs: [gatewayCatalog, messagingCatalog],
  });
  for (let round = 0; round < 6; round += 1)
    await Promise.all(
      Array.from({ length: 500 }, (_, n) => child.send(login(`user${round}-${n}`, n % 2 === 0))),
    );
  const stats = (await child.callTool("stats", {})) as Record<string, number>;
  await child.stop();
  expect(stats).toMatchObject({ succeeded: 1_500, failed: 1_500, lost: 0 });
  const files = readdirSync(dirname(path)).filter((name) => name.endsWith(".jsonl"));
  expect(files.length).toBeLessThanOrEqual(6);
  for (const name of files) expect(statSync(join(dirname(path), name)).size).toBeLessThan(25_000);
  expect((await linesIn(dirname(path))).at(-1)?.metadata["user"]).toBe("user5-499");
  const { runs } = await verifyAudit(dirname(path));
  expect(runs.map(({ end }) => end)).toEqual(["stopped"]);
});
