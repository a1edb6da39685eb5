import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Host, Outcome } from "@synaps/host";
import { gatewayCatalog, messagingCatalog, synapsCatalog } from "@synaps/sdk/catalogs";
import { describe, expect, onTestFinished, test } from "vitest";
import { startedHost } from "../../helpers/hosts.js";
import { EXTENSIONS } from "../../helpers/paths.js";
import { tempDir } from "../../helpers/temp.js";
import { until } from "../../helpers/wait.js";

const SECRET = "T0KEN-in-the-path";
const FLOOD = 3_000;
/** Logins at the same time: few enough for a busy machine to answer them all in time. */
const BATCH = 200;

interface Report {
  event: string;
  data: Record<string, unknown>;
}

/** A web address that keeps what it is told; it answers nobody while `hold` says so. */
async function webhook(hold: () => boolean): Promise<{ url: string; reports: Report[]; release(): void }> {
  const reports: Report[] = [];
  const held: ServerResponse[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      reports.push(JSON.parse(Buffer.concat(chunks).toString()) as Report);
      if (hold()) held.push(response);
      else response.end();
    });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/${SECRET}`;
  return { url, reports, release: () => held.splice(0).forEach((response) => response.end()) };
}

function configure(baseDir: string, id: string, values: Record<string, string | number>): void {
  const folder = join(baseDir, "plugins", id);
  mkdirSync(folder, { recursive: true });
  const lines = Object.entries(values).map(([key, value]) => `${key} = ${value}\n`);
  writeFileSync(join(folder, "config"), lines.join(""));
}

function gateway(folders: readonly string[], baseDir: string) {
  return startedHost(
    folders.map((id) => join(EXTENSIONS, id)),
    { baseDir, catalogs: [synapsCatalog, gatewayCatalog, messagingCatalog] } as never,
  );
}

const emit = (host: Host, event: object): Promise<Outcome> => host.emit(event as never) as Promise<Outcome>;
const connect = (host: Host, peer_ip: string): Promise<Outcome> =>
  emit(host, { kind: "gateway.connection", data: { peer_addr: `${peer_ip}:5000`, peer_ip } });
const fail = (host: Host, attempts: number, peer = "127.0.0.1:5000"): Promise<Outcome> =>
  emit(host, {
    kind: "gateway.auth_failure",
    data: { peer_addr: peer, method: "totp", attempts, locked_out: false },
  });

describe("the guards of a gateway in one host", () => {
  test("refuse, count and report, and a web address that hangs under a flood of logins slows nobody", async () => {
    let isHeld = false;
    const { url, reports, release } = await webhook(() => isHeld);
    const baseDir = tempDir();
    configure(baseDir, "ip-allowlist", { addresses: "127.0.0.0/8" });
    configure(baseDir, "rate-limiter", { kinds: "gateway.connection", limit: 5, refill: 0.001 });
    configure(baseDir, "login-auditor", { path: join(baseDir, "logins", "l.jsonl"), failures: 3 });
    configure(baseDir, "notifier", { webhook_url: url, failures: 1000, repeat_seconds: 0, max_waiting: 20 });
    const { host, log, trace } = await gateway(
      ["ip-allowlist", "rate-limiter", "login-auditor", "notifier"],
      baseDir,
    );
    const reported = (event: string): Report | undefined => reports.find((report) => report.event === event);

    expect((await connect(host, "127.0.0.9")).action).toBe("continue");
    expect(await connect(host, "10.0.0.9")).toMatchObject({
      action: "block",
      by: "ip-allowlist",
      reason: "the address 10.0.0.9 is not on the allow-list",
    });
    const crowd = await Promise.all(Array.from({ length: 8 }, () => connect(host, "127.0.0.1")));
    expect(crowd.filter(({ action }) => action === "continue")).toHaveLength(5);
    expect(crowd.find(({ action }) => action === "block")).toMatchObject({
      by: "rate-limiter",
      reason: expect.stringMatching(/Try again in 1000 s$/) as string,
      annotations: { rate_limit: { value: { limit: 5, remaining: 0 } } },
    });

    for (let attempts = 1; attempts <= 3; attempts += 1) await fail(host, attempts);
    await until("a suspicious login is reported", () => reported("login.suspicious") !== undefined);
    expect(reported("login.suspicious")?.data).toMatchObject({ by: "peer", name: "127.0.0.1", failures: 3 });
    host.events.publish("cost.alert", { budget: "day", limit: "5.00", spent: "5.12", session_id: "s" });
    await until("an alert is reported", () => reported("cost.alert") !== undefined);

    configure(baseDir, "ip-allowlist", { addresses: "127.0.0.1 127.0.0.O" });
    await until("a typo is reported", () => reported("allowlist.refused") !== undefined);
    expect(reported("allowlist.refused")?.data["problem"]).toContain("'127.0.0.O' is no IP address");
    expect((await connect(host, "127.0.0.77")).action).toBe("continue");

    isHeld = true;
    const flood: Outcome[] = [];
    for (let batch = 0; batch < FLOOD / BATCH; batch += 1) {
      const peers = Array.from({ length: BATCH }, (_, n) => `127.0.${batch}.${n}:1`);
      flood.push(...(await Promise.all(peers.map((peer) => fail(host, 1000, peer)))));
    }
    expect(flood.filter(({ action }) => action !== "continue")).toEqual([]);
    const abstained = flood.flatMap(({ votes }) => votes.filter(({ status }) => status !== "voted"));
    expect(abstained).toEqual([]);
    const stats = (await host.tools.call("notifier:stats", {})) as { content: string };
    const counts = JSON.parse(stats.content) as Record<string, number>;
    expect(counts["offered"]).toBe(
      ["delivered", "given_up", "dropped", "waiting"].reduce((sum, name) => sum + (counts[name] ?? 0), 0),
    );
    expect(counts["dropped"]).toBeGreaterThanOrEqual(FLOOD - 20 - 10);
    isHeld = false;
    release();
    await host.stop();
    const said = [...log.map((line) => JSON.stringify(line)), ...trace].join("\n");
    expect(said).toContain("messages wait, and further ones are dropped and counted");
    expect(said).not.toContain(SECRET);
  });

  test("without a list that can be read nobody comes in, and each vote says why", async () => {
    const baseDir = tempDir();
    configure(baseDir, "ip-allowlist", { file: join(baseDir, "list.txt") });
    writeFileSync(join(baseDir, "list.txt"), "127.0.0.1\n192.168.1.0/240\n");
    const { host } = await gateway(["ip-allowlist"], baseDir);
    const outcome = await connect(host, "127.0.0.1");
    expect([outcome.action, outcome.votes[0]]).toMatchObject([
      "block",
      {
        closed: true,
        detail: expect.stringContaining(
          `line 2 of '${join(baseDir, "list.txt")}', '192.168.1.0/240': '/240' is not a number of bits from 0 to 32`,
        ) as string,
      },
    ]);
  });
});
