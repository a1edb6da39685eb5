import { proxyCatalog } from "@synaps/sdk/catalogs";
import { describe, expect, it } from "vitest";
import { startedWith, turn } from "../../../helpers/catalog-host.js";

const started = async () => startedWith(proxyCatalog);
type Started = Awaited<ReturnType<typeof started>>["host"];
type Way = "inbound" | "outbound";

const base64 = (bytes: string | Buffer): string => Buffer.from(bytes).toString("base64");
const HTTP = { protocol: "http", client_addr: "203.0.113.9:40100" };
const send = (host: Started, direction: Way, bytes: string | Buffer, session_id = "7") =>
  host.emit({ kind: "proxy.packet", session_id, data: { ...HTTP, direction, bytes: base64(bytes) } });

describe("a chunk of a connection", () => {
  it("comes with the client, the protocol, the session and its direction, whichever way it goes", async () => {
    const { host } = await started();
    const seen: unknown[] = [];
    host.subscribe("proxy.packet", ({ session_id, data }) => void seen.push({ session_id, ...data }));
    const largest = "18446744073709551615";
    for (const direction of ["inbound", "outbound"] as const)
      await (
        await send(host, direction, direction, largest)
      ).settled;
    const about = { session_id: largest, ...HTTP };
    expect(seen).toEqual([
      { ...about, direction: "inbound", bytes: base64("inbound") },
      { ...about, direction: "outbound", bytes: base64("outbound") },
    ]);
    for (const session of ["18446744073709551616", "7a", ""])
      await expect(send(host, "inbound", "x", session)).rejects.toMatchObject({ code: "EVENT_INVALID" });
    await expect(send(host, "sideways" as Way, "x")).rejects.toMatchObject({ code: "EVENT_INVALID" });
  });

  it("has the bytes as they passed, whatever they are", async () => {
    const { host } = await started();
    const seen: Buffer[] = [];
    host.subscribe("proxy.packet", ({ data }) => void seen.push(Buffer.from(data.bytes, "base64")));
    const all = Buffer.from(Array.from({ length: 256 }, (_, n) => n));
    for (const bytes of [all, Buffer.alloc(0), Buffer.from("\r\n\0")])
      await (
        await send(host, "inbound", bytes)
      ).settled;
    expect(seen).toEqual([all, Buffer.alloc(0), Buffer.from("\r\n\0")]);
  });

  it("can be logged with session, direction, size and client", async () => {
    const { host } = await started();
    const lines: string[] = [];
    await host.use({
      id: "logger",
      events: ["proxy.packet"],
      on: ({ session_id, data }) => {
        const { length } = Buffer.from(data.bytes, "base64");
        lines.push(`[${session_id}] ${data.direction} packet: ${length} bytes from ${data.client_addr}`);
      },
    });
    await (
      await send(host, "outbound", "x".repeat(1_500), "12")
    ).settled;
    expect(lines).toEqual(["[12] outbound packet: 1500 bytes from 203.0.113.9:40100"]);
  });

  it("goes to each hook of its protocol, in order and once", async () => {
    const { host } = await started();
    const seen: string[] = [];
    for (const id of ["a", "b"])
      await host.use({
        id,
        events: [
          {
            kind: "proxy.packet",
            filter: { where: { protocol: "http" } },
            handler: ({ data }) => void seen.push(`${id} ${Buffer.from(data.bytes, "base64").toString()}`),
          },
        ],
      });
    for (const text of ["1", "2", "3"]) await (await send(host, "inbound", text)).settled;
    expect(seen).toEqual(["a 1", "b 1", "a 2", "b 2", "a 3", "b 3"]);
  });
});

describe("traffic", () => {
  it("goes on while a hook looks at it", async () => {
    const { host } = await started();
    let looked = false;
    host.subscribe("proxy.packet", async () => {
      await turn();
      looked = true;
    });
    const { settled } = await send(host, "inbound", "x");
    expect(looked).toBe(false);
    await settled;
    expect(looked).toBe(true);
  });

  it("can neither be stopped nor changed by a hook, and the vote says so", async () => {
    const { host } = await started();
    for (const answer of [
      { action: "block", reason: "no" },
      { action: "modify", input: {} },
    ])
      host.subscribe("proxy.packet", (() => answer) as never);
    const outcome = await send(host, "inbound", "x");
    expect(outcome.action).toBe("continue");
    expect((await outcome.settled).votes).toMatchObject([
      { ignored: "'block' is not allowed for proxy.packet" },
      { ignored: "'modify' is not allowed for proxy.packet" },
    ]);
  });

  it("and other hooks are left alone by a hook that fails", async () => {
    const { host } = await started();
    const seen: string[] = [];
    host.subscribe("proxy.packet", () => {
      throw new Error("broken");
    });
    host.subscribe("proxy.packet", ({ data }) => void seen.push(data.direction));
    for (const direction of ["inbound", "outbound"] as const) {
      const { votes } = await (await send(host, direction, "x")).settled;
      expect(votes).toMatchObject([
        { status: "abstained", reason: "error", detail: "broken" },
        { status: "voted" },
      ]);
    }
    expect(seen).toEqual(["inbound", "outbound"]);
  });
});

describe("a hook of a proxy", () => {
  it("has a name of its own: a second one of this name is refused", async () => {
    const { host } = await started();
    const hook = { id: "logger", events: ["proxy.packet"] as const, on: () => {} };
    await host.use(hook);
    await expect(host.use(hook)).rejects.toMatchObject({
      code: "HOOK_REFUSED",
      message: "The hook 'logger' was refused: its id is taken",
    });
  });

  it("can be a function and nothing else", async () => {
    const { host } = await started();
    const seen: string[] = [];
    const stop = host.subscribe("proxy.packet", ({ data }) => void seen.push(data.direction));
    await (
      await send(host, "inbound", "x")
    ).settled;
    stop();
    await (
      await send(host, "outbound", "x")
    ).settled;
    expect(seen).toEqual(["inbound"]);
  });
});
