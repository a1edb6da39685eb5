import { gatewayCatalog, messagingCatalog, proxyCatalog } from "@synaps/sdk/catalogs";
import { createHost, type HostError } from "@synaps/host";
import { describe, expect, it, onTestFinished } from "vitest";
import { verifies } from "../../requirements/verifies.js";

const catalogs = [gatewayCatalog, messagingCatalog, proxyCatalog] as const;
const key = (byte: number): string => Buffer.alloc(32, byte).toString("base64");
const message = {
  sender_identity: key(2),
  recipient_key: key(1),
  channel_id: "",
  payload_len: 5_000,
  seq: "18446744073709551615",
};
const peer = { peer_addr: "10.0.0.9:5000", peer_ip: "10.0.0.9" };

async function started() {
  const host = createHost({ folders: [], catalogs });
  onTestFinished(() => host.stop());
  await host.start();
  return host;
}

const code = (error: HostError): string => error.code;

describe(verifies("CATALOG-007") + "messaging", () => {
  it("refuses a message with the reason of the first who objects", async () => {
    const host = await started();
    host.subscribe("messaging.message_enqueue", ({ data }) =>
      data.payload_len > 4_096
        ? { action: "reject", reason: `payload too large: ${data.payload_len} > 4096 bytes` }
        : undefined,
    );
    const outcome = await host.emit({ kind: "messaging.message_enqueue", data: message });
    expect(outcome).toMatchObject({ action: "block", reason: "payload too large: 5000 > 4096 bytes" });
    const small = { ...message, payload_len: 1 };
    expect((await host.emit({ kind: "messaging.message_enqueue", data: small })).action).toBe("continue");
  });

  it("hands on a sealed sender as null, and a number of 64 bits with all digits", async () => {
    const host = await started();
    const seen: unknown[] = [];
    host.subscribe("messaging.message_enqueue", ({ data }) => void seen.push(data.sender_identity, data.seq));
    await host.emit({ kind: "messaging.message_enqueue", data: { ...message, sender_identity: null } });
    expect(seen).toEqual([null, "18446744073709551615"]);
  });

  it("has no place for the content of a message", async () => {
    const host = await started();
    const leaky = { ...message, payload: "c2VjcmV0" };
    await expect(host.emit({ kind: "messaging.message_enqueue", data: leaky as never })).rejects.toSatisfy(
      (error: HostError) => code(error) === "EVENT_INVALID" && error.message.includes("'/data/payload'"),
    );
  });

  it("delivers a batch once, as a list", async () => {
    const host = await started();
    const seen: number[] = [];
    host.subscribe("messaging.batch_enqueue", ({ data }) => void seen.push(data.length));
    const outcome = await host.emit({ kind: "messaging.batch_enqueue", data: [message, message, message] });
    await outcome.settled;
    expect(seen).toEqual([3]);
  });

  it("lets nobody but the gate before storage refuse anything", async () => {
    const host = await started();
    host.subscribe("messaging.auth", () => ({ action: "block", reason: "no" }) as never);
    const data = { username: "ada", success: false, failure_reason: "wrong password" };
    const { votes } = await (await host.emit({ kind: "messaging.auth", data })).settled;
    expect(votes).toMatchObject([{ status: "voted", ignored: "'block' is not allowed for messaging.auth" }]);
  });
});

describe("gateway", () => {
  it("stops a connection, a login and a call of a tool", async () => {
    const host = await started();
    const stop = () => ({ action: "abort", reason: "closed" }) as const;
    for (const kind of ["gateway.connection", "gateway.auth_success", "gateway.before_tool_call"] as const)
      host.subscribe(kind, stop);
    const outcomes = [
      await host.emit({ kind: "gateway.connection", data: peer }),
      await host.emit({ kind: "gateway.auth_success", data: { peer_addr: "x", method: "totp" } }),
      await host.emit({ kind: "gateway.before_tool_call", tool_name: "secrets_get", data: { tool_id: "1" } }),
    ];
    expect(outcomes.map(({ action }) => action)).toEqual(["block", "block", "block"]);
  });

  it("hands changed facts to later hooks and to the program, and goes on", async () => {
    const host = await started();
    const seen: unknown[] = [];
    host.subscribe("gateway.connection", ({ data }) => ({
      action: "modify_context",
      data: { ...data, trusted: true },
    }));
    host.subscribe("gateway.connection", ({ data }) => void seen.push(data));
    const outcome = await host.emit({ kind: "gateway.connection", data: peer });
    expect(seen).toEqual([{ ...peer, trusted: true }]);
    expect(outcome).toMatchObject({ action: "modify", input: { ...peer, trusted: true } });
  });

  it("has no place for the arguments of a tool", async () => {
    const host = await started();
    const event = {
      kind: "gateway.before_tool_call",
      tool_name: "x",
      tool_input: {},
      data: { tool_id: "1" },
    };
    await expect(host.emit(event as never)).rejects.toSatisfy(
      (error: HostError) => code(error) === "EVENT_INVALID" && error.message.includes("'/tool_input'"),
    );
  });

  it("waits at shutdown until all have been told", async () => {
    const host = await started();
    let flushed = false;
    host.subscribe("gateway.shutdown", async () => {
      await new Promise((resolve) => setImmediate(resolve));
      flushed = true;
    });
    await host.emit({ kind: "gateway.shutdown" });
    expect(flushed).toBe(true);
  });
});

describe("proxy", () => {
  it("hands each chunk on once, with its direction, to those who want the protocol", async () => {
    const host = await started();
    const seen: string[] = [];
    host.subscribe(
      "proxy.packet",
      ({ data }) => void seen.push(`${data.direction} ${Buffer.from(data.bytes, "base64").toString()}`),
      { filter: { where: { protocol: "http" } } },
    );
    const send = (protocol: string, direction: "inbound" | "outbound", text: string) =>
      host.emit({
        kind: "proxy.packet",
        session_id: "7",
        data: { protocol, client_addr: "::1:1", direction, bytes: Buffer.from(text).toString("base64") },
      });
    const all = [
      await send("http", "inbound", "GET"),
      await send("ftp", "inbound", "USER"),
      await send("http", "outbound", "200"),
    ];
    await Promise.all(all.map(({ settled }) => settled));
    expect(seen).toEqual(["inbound GET", "outbound 200"]);
  });
});
