import { messagingCatalog, proxyCatalog } from "@synaps/sdk/catalogs";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { startedHost } from "../../helpers/hosts.js";
import { repo } from "../../helpers/paths.js";
import { tempDir, writeExtension } from "../../helpers/temp.js";
import { until } from "../../helpers/wait.js";
import { verifies } from "../../requirements/verifies.js";

const KIT = JSON.stringify(repo("test/fixtures/fixture-kit.mjs"));
const MAIN = `
import { appendFileSync } from "node:fs";
import { serve } from ${KIT};
serve({
  initialize: () => ({ protocol_version: 3, capabilities: {}, features: [] }),
  hook: (event) => {
    appendFileSync(new URL("./events.jsonl", import.meta.url), JSON.stringify(event) + "\\n");
    return event.data?.payload_len > 10 ? { action: "block", reason: "too large" } : { action: "continue" };
  },
});
`;

const hostOf = async (extensions: Record<string, { hook: object; permissions: string[] }>) => {
  const folder = tempDir();
  for (const [id, { hook, permissions }] of Object.entries(extensions)) {
    const extension = {
      protocol_version: 3,
      runtime: "process",
      command: "node",
      args: ["main.mjs"],
      permissions,
      hooks: [hook],
    };
    writeExtension(folder, id, extension, { "main.mjs": MAIN, "events.jsonl": "" });
  }
  const { host } = await startedHost([folder], { catalogs: [proxyCatalog, messagingCatalog] });
  const got = (id: string): unknown[] =>
    readFileSync(join(folder, id, "events.jsonl"), "utf8")
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as unknown);
  return { host, got };
};

it(
  verifies("FLD-035") + ": a tap of one protocol and direction gets those packets, without their bytes",
  async () => {
    const permissions = ["proxy.content"];
    const fields = ["/session_id", "/data/direction"];
    const tap = (where: object) => ({ hook: { hook: "proxy.packet", where, fields }, permissions });
    const { host, got } = await hostOf({
      http: tap({ protocol: "http", direction: "inbound" }),
      other: tap({ protocol: "ftp*" }),
    });
    const bytes = Buffer.alloc(64 * 1024, 1).toString("base64");
    const packet = (protocol: string, direction: string, n: number) =>
      host.emit({
        kind: "proxy.packet",
        session_id: String(2n ** 64n - BigInt(n)),
        data: { protocol, client_addr: "127.0.0.1:9", direction, bytes },
      } as never);
    for (const protocol of ["http", "ssh"])
      for (const direction of ["inbound", "outbound"]) await packet(protocol, direction, 1);
    await packet("ftps", "outbound", 2);
    await host.settled();
    await until("both were told", () => got("http").length === 1 && got("other").length === 1);
    expect([got("http"), got("other")]).toEqual([
      [{ kind: "proxy.packet", session_id: "18446744073709551615", data: { direction: "inbound" } }],
      [{ kind: "proxy.packet", session_id: "18446744073709551614", data: { direction: "outbound" } }],
    ]);
    await expect(packet("http", "sideways", 1)).rejects.toMatchObject({ code: "EVENT_INVALID" });
  },
);

it(
  verifies("FLD-036") + ": a gate of messages that takes their size alone never learns who talks to whom",
  async () => {
    const { host, got } = await hostOf({
      sizes: {
        hook: { hook: "messaging.message_enqueue", fields: ["/data/payload_len"] },
        permissions: ["messaging.metadata", "messaging.gate"],
      },
    });
    const recipient_key = Buffer.alloc(32, 1).toString("base64");
    const message = (payload_len: number) =>
      host.emit({
        kind: "messaging.message_enqueue",
        data: {
          sender_identity: null,
          recipient_key,
          channel_id: "",
          payload_len,
          seq: "18446744073709551615",
        },
      } as never);
    expect([(await message(5)).action, (await message(50)).action]).toEqual(["continue", "block"]);
    expect(got("sizes")).toEqual([
      { kind: "messaging.message_enqueue", data: { payload_len: 5 } },
      { kind: "messaging.message_enqueue", data: { payload_len: 50 } },
    ]);
  },
);
