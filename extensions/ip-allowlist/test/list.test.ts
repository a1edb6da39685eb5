import { BlockList, isIPv6 } from "node:net";
import { gatewayCatalog } from "@synaps/sdk/catalogs";
import { createHarness, eventsOf } from "@synaps/sdk/testing";
import { expect, test } from "vitest";
import { createAllowlist } from "../src/extension.js";

const events = eventsOf(gatewayCatalog);
const connection = (peer_ip: string): ReturnType<(typeof events)["gateway.connection"]> =>
  events["gateway.connection"]({ data: { peer_addr: `${peer_ip}:5000`, peer_ip } });

/** The n-th of 10,000 addresses that are listed, and a neighbour of it that is not: every other number is left out. */
function pair(n: number): { listed: string; other: string } {
  const even = (n * 2) % 256;
  const high = Math.floor(n / 128);
  if (n % 3 === 0) {
    const group = (n * 2).toString(16);
    return { listed: `2001:db8::${group}`, other: `2001:db8::${(n * 2 + 1).toString(16)}` };
  }
  return { listed: `10.7.${high}.${even}`, other: `10.7.${high}.${even + 1}` };
}

/** As the system writes an IPv4 address that came in over an IPv6 socket. */
const mapped = (address: string): string => (isIPv6(address) ? address : `::ffff:${address}`);

test("10,000 listed addresses come in and 10,000 others do not, as BlockList has it", async () => {
  const table = Array.from({ length: 10_000 }, (_, n) => pair(n));
  const oracle = new BlockList();
  for (const { listed } of table) oracle.addAddress(listed, isIPv6(listed) ? "ipv6" : "ipv4");
  const addresses = table.map(({ listed }) => listed).join(" ");
  // Longer than one line of a configuration file may be: hosts in the program can give it all the same.
  await using allowlist = await createHarness(createAllowlist(), { config: { addresses } });
  const wrong: string[] = [];
  for (const [n, { listed, other }] of table.entries())
    for (const [address, isIn] of [
      [listed, true],
      [other, false],
    ] as const) {
      const text = n % 2 === 0 ? address : mapped(address);
      const { action } = await allowlist.send(connection(text));
      // BlockList looks at its whole list each time: a seventh of the table shows that it agrees.
      const says = n % 7 === 0 ? oracle.check(text, isIPv6(text) ? "ipv6" : "ipv4") : isIn;
      if ((action === "continue") !== isIn || says !== isIn) wrong.push(`${text}: ${action}`);
    }
  expect(wrong).toEqual([]);
  expect(await allowlist.callTool("stats", {})).toEqual({
    let_in: 10_000,
    refused: 10_000,
    entries: 10_000,
    problem: null,
  });
});

const RANGES = "10.0.0.0/8, 192.168.1.7/24; 0.0.0.0/32 2001:db8:7::/48 fe80::/10";

test.each([
  ["10.255.255.255", "continue"],
  ["11.0.0.0", "block"],
  ["192.168.1.200", "continue"],
  ["192.168.2.1", "block"],
  ["::ffff:192.168.1.1", "continue"],
  ["::ffff:c0a8:201", "block"],
  ["[::ffff:a00:1]:5000", "continue"],
  ["2001:db8:7:ffff::1", "continue"],
  ["2001:db8:8::1", "block"],
  ["fe80::1%eth0", "continue"],
  ["0.0.0.1", "block"],
  ["", "block"],
  ["/run/gateway.sock", "block"],
  ["10.0.0", "block"],
  ["010.0.0.1", "block"],
  ["localhost", "block"],
])("with ranges, %s: %s", async (peer_ip, action) => {
  await using allowlist = await createHarness(createAllowlist(), { config: { addresses: RANGES } });
  const verdict = await allowlist.send(connection(peer_ip));
  expect(verdict.action).toBe(action);
});

test("a login is refused as a connection is", async () => {
  await using allowlist = await createHarness(createAllowlist(), { config: { addresses: "10.0.0.1" } });
  const login = (peer_addr: string): ReturnType<(typeof events)["gateway.auth_success"]> =>
    events["gateway.auth_success"]({ data: { peer_addr, method: "totp" } });
  expect(await allowlist.send(login("10.0.0.1:1"))).toEqual({ action: "continue" });
  expect(await allowlist.send(login("10.0.0.2:1"))).toEqual({
    action: "block",
    reason: "the address 10.0.0.2 is not on the allow-list",
  });
  expect(await allowlist.send(login("nobody\u001b[2J"))).toEqual({
    action: "block",
    reason: "the allow-list found no address in the event",
  });
});
