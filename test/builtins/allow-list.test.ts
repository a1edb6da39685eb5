import { allowList, type AllowListOptions } from "@synaps/builtins";
import { gatewayCatalog, proxyCatalog } from "@synaps/sdk/catalogs";
import { describe, expect, it } from "vitest";
import { authorFolder, manifestFor } from "../helpers/author-program.js";
import { startedWith } from "../helpers/catalog-host.js";
import { FakeClock } from "../helpers/fake-clock.js";
import { startedHost } from "../helpers/hosts.js";
import { verifies } from "../requirements/verifies.js";

const CONNECTION = "gateway.connection";
const connection = (peer_ip: string, peer_addr = `${peer_ip}:5000`) =>
  ({ kind: CONNECTION, data: { peer_ip, peer_addr } }) as const;

describe(verifies("BUILTIN-007") + "an allow-list", () => {
  it("lets in addresses and ranges in any notation, and nobody else", async () => {
    const { host } = await startedWith(gatewayCatalog);
    const addresses = ["127.0.0.1", "192.168.1.0/24", "fd00::/8", "::1"];
    const list = allowList({ kinds: [CONNECTION], addresses, clock: new FakeClock() });
    await host.use(list);
    const actions: Record<string, string> = {};
    const come = [
      "127.0.0.1",
      "::ffff:127.0.0.1",
      "192.168.1.254",
      "fdff::1",
      "::1",
      "192.168.2.1",
      "fe80::1",
      "10.0.0.9",
    ];
    for (const address of come) actions[address] = (await host.emit(connection(address))).action;
    expect(actions).toEqual({
      "127.0.0.1": "continue",
      "::ffff:127.0.0.1": "continue",
      "192.168.1.254": "continue",
      "fdff::1": "continue",
      "::1": "continue",
      "192.168.2.1": "block",
      "fe80::1": "block",
      "10.0.0.9": "block",
    });
    expect(await host.emit(connection("10.0.0.9"))).toMatchObject({
      by: "allow_list",
      reason: "The allow-list 'allow_list' does not have 10.0.0.9",
    });
    expect(list.counts()).toMatchObject({ allowed: 5, refused: 4, withoutAddress: 0 });
  });

  it("refuses what is no address, says so, and does not repeat it", async () => {
    const { host } = await startedWith(gatewayCatalog);
    const list = allowList({ kinds: [CONNECTION], addresses: ["0.0.0.0/0", "::/0"], at: "/data/peer_ip" });
    await host.use(list);
    for (const peer_ip of ["localhost", "", "/run/gateway.sock", "10.0.0.300", "\u001b[31m10.0.0.1"])
      expect(await host.emit(connection(peer_ip, "10.0.0.1:1"))).toMatchObject({
        action: "block",
        reason: "The allow-list 'allow_list' found no address: '/data/peer_ip' of the event holds none",
      });
    expect(list.counts()).toMatchObject({ refused: 5, withoutAddress: 5 });
  });

  it("finds the peer where an event of a kind names it, and refuses an event that names none", async () => {
    const { host } = await startedHost([], { catalogs: [gatewayCatalog] });
    const kinds = ["gateway.auth_success", "gateway.startup"] as const;
    await host.use(allowList({ kinds, addresses: ["10.0.0.9"] }));
    const login = (peer_addr: string) => ({
      kind: "gateway.auth_success",
      data: { peer_addr, method: "totp" },
    });
    expect((await host.emit(login("10.0.0.9:41000"))).action).toBe("continue");
    expect((await host.emit(login("10.0.0.8:41000"))).action).toBe("block");
    const start = { kind: "gateway.startup", data: { gateway_url: "ws://10.0.0.9", tls_enabled: true } };
    expect(await host.emit(start)).toMatchObject({
      action: "block",
      reason: "The allow-list 'allow_list' found no address: the address of the peer of the event holds none",
    });
  });

  it("decides before a real extension, which then is asked about nobody else", async () => {
    const folder = authorFolder({
      ".synaps-plugin/plugin.json": manifestFor([CONNECTION], { permissions: ["gateway.events"] }),
      "main.mjs": `
        import { defineExtension, serve } from "@synaps/sdk";
        import { gatewayCatalog } from "@synaps/sdk/catalogs";
        serve(defineExtension({ catalogs: [gatewayCatalog], hooks: { "gateway.connection": () => undefined } }));`,
    });
    const { host } = await startedHost([folder], { catalogs: [gatewayCatalog] });
    await host.use(allowList({ kinds: [CONNECTION], addresses: ["10.0.0.0/8"] }));
    const statuses = async (address: string) =>
      (await host.emit(connection(address))).votes.map(({ status }) => status);
    expect(await statuses("10.1.2.3")).toEqual(["voted", "voted"]);
    expect(await statuses("11.1.2.3")).toEqual(["voted", "not_reached"]);
  });

  it("raises a security event for who was refused", async () => {
    const { host } = await startedWith(gatewayCatalog);
    const told: unknown[] = [];
    host.subscribe("gateway.security_event", ({ data }) => void told.push(data));
    const raise = allowList({
      kinds: [CONNECTION],
      addresses: ["127.0.0.1"],
      raise: (event) => host.emit(event),
    });
    await host.use(raise);
    await host.emit(connection("127.0.0.1"));
    await host.emit(connection("10.0.0.9"));
    expect(told).toMatchObject([
      {
        event_type: "allow_list",
        action: "block",
        severity: "high",
        peer_addr: "10.0.0.9:5000",
        not_raised: 0,
      },
    ]);
  });

  it("of 10,000 addresses looks no longer than one of 10: as many comparisons as there are lengths of prefixes", () => {
    const many = Array.from({ length: 10_000 }, (_, n) => `10.${n >> 8}.${n & 255}.1`);
    const look = (addresses: string[]): number => {
      const list = allowList({ kinds: [CONNECTION], addresses });
      const started = performance.now();
      for (let n = 0; n < 5_000; n += 1) list.answer(connection("192.168.1.1"));
      return performance.now() - started;
    };
    look(many);
    const ratios = Array.from({ length: 9 }, () => look(many) / look(many.slice(0, 10)));
    // A list that is looked through from its beginning takes a hundred times as long.
    expect(ratios.sort((a, b) => a - b)[4]).toBeLessThan(5);
  });
});

describe(verifies("BUILTIN-005") + "options of an allow-list that make no sense", () => {
  it.each<[string, object, RegExp]>([
    [
      "a typo in an address",
      { addresses: ["::1", "10.0.0.300"] },
      /'addresses', at 1, which is '10.0.0.300': '10.0.0.300' is no IP address/,
    ],
    [
      "too long a prefix",
      { addresses: ["10.0.0.0/33"] },
      /'addresses', at 0, which is '10.0.0.0\/33': '\/33' is not a number/,
    ],
    ["a port", { addresses: ["10.0.0.1:80"] }, /'addresses', at 0.*has a port/],
    ["the name of a host", { addresses: ["localhost"] }, /'addresses', at 0.*is no IP address/],
    ["no text", { addresses: ["::1", 5] }, /'addresses', at 1: it must be a text/],
    ["nobody", { addresses: [] }, /to refuse everybody, write a hook that does/],
    ["no addresses", { addresses: undefined }, /'addresses' is missing/],
    ["a misspelt option", { adresses: [] }, /did you mean 'addresses'/],
    ["no pointer", { at: "peer_ip" }, /'at': it must be 'peer' or a JSON pointer/],
  ])("%s", (_, wrong, message) => {
    const right = { kinds: [CONNECTION], addresses: ["::1"] };
    const options = { ...right, ...wrong } as AllowListOptions;
    expect(() => allowList(options)).toThrow(TypeError);
    expect(() => allowList(options)).toThrow(message);
    expect(allowList(right).id).toBe("allow_list");
  });

  it("a kind that stops nothing is refused by the host, with the kind", async () => {
    const { host } = await startedWith(proxyCatalog);
    const list = allowList({ kinds: ["proxy.open"], addresses: ["::1"] });
    await expect(host.use(list as never)).rejects.toThrow(
      "'proxy.open' cannot fail closed: it stops nothing",
    );
  });
});
