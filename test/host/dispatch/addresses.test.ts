import { createHost } from "@synaps/host";
import { gatewayCatalog, proxyCatalog } from "@synaps/sdk/catalogs";
import { addressRange, parseManifest } from "@synaps/sdk/manifest";
import { describe, expect, it, onTestFinished } from "vitest";
import { addressTest } from "../../../packages/host/src/dispatch/addresses.js";
import { problemsOf, section } from "../../helpers/manifests.js";
import { numbers } from "../../helpers/random.js";
import { verifies } from "../../requirements/verifies.js";

const within = (wanted: string | readonly string[], address: string): boolean | undefined =>
  addressTest([wanted].flat())?.(address);

async function gateway() {
  const host = createHost({ folders: [], catalogs: [gatewayCatalog, proxyCatalog] });
  onTestFinished(() => host.stop());
  await host.start();
  return host;
}

/** Who is asked about connections from these addresses. */
async function asked(peer_ip: string | string[], addresses: readonly string[]): Promise<string[]> {
  const host = await gateway();
  const seen: string[] = [];
  host.subscribe("gateway.connection", ({ data }) => void seen.push(String(data.peer_ip)), {
    filter: { where: { peer_ip } },
  });
  for (const one of addresses)
    await host.emit({ kind: "gateway.connection", data: { peer_addr: `${one}:1`, peer_ip: one } });
  return seen;
}

describe("defect 14: a range of addresses", () => {
  it.each([
    ["192.168.1.0/24", "192.168.1.0", true],
    ["192.168.1.0/24", "192.168.1.255", true],
    ["192.168.1.0/24", "192.168.2.0", false],
    ["192.168.1.77/24", "192.168.1.9", true],
    ["0.0.0.0/0", "255.255.255.255", true],
    ["0.0.0.0/0", "::1", false],
    ["10.0.0.0/8", "::ffff:10.1.2.3", true],
    ["10.0.0.0/8", "::FFFF:0A01:0203", true],
    ["10.0.0.0/8", "::10.1.2.3", false],
    ["::ffff:10.0.0.0/104", "10.1.2.3", true],
    ["::ffff:10.0.0.0/104", "11.1.2.3", false],
    ["::ffff:10.0.0.1", "10.0.0.1", true],
    ["10.0.0.1", "::ffff:a00:1", true],
    ["10.0.0.1", "10.0.0.10", false],
    ["fd00::/8", "fdff::1", true],
    ["fd00::/8", "fe00::1", false],
    ["fd00::/9", "fd80::1", false],
    ["2001:db8::1", "2001:0DB8:0:0:0:0:0:1", true],
    ["::/0", "10.0.0.1", true],
    ["fe80::/10", "fe80::1%eth0", true],
    ["10.0.0.0/8", "10.0.0.1:5000", true],
    ["fd00::/8", "[fd00::1]:5000", true],
    ["10.0.0.0/8", "localhost", false],
    ["10.0.0.0/8", "", false],
    ["10.0.0.0/8", "10.0.0", false],
    ["10.0.0.0/8", "/run/gateway.sock", false],
  ])("%s and %s: %s", (range, address, isWithin) => {
    expect(within(range, address)).toBe(isWithin);
  });

  it(verifies("FLD-037") + "lets pass exactly the addresses that share its bits, written in any form", () => {
    const below = numbers(1);
    const draw = (): { bits: bigint; width: number; text: string } => {
      if (below(2) === 0) {
        const octets = [10, below(2), below(3), below(256)];
        const bits = octets.reduce((all, one) => all * 256n + BigInt(one), 0n) + 0xffff_0000_0000n;
        return { bits, width: 32, text: octets.join(".") };
      }
      const isMapped = below(4) === 0;
      const groups = isMapped
        ? [0, 0, 0, 0, 0, 0xffff, 0x0a00 + below(2), below(0x300)]
        : [0xfd00, below(2), below(3), 0, 0, 0, 0, below(0x10000)];
      const bits = groups.reduce((all, one) => all * 0x10000n + BigInt(one), 0n);
      return { bits, width: 128, text: groups.map((one) => one.toString(16)).join(":") };
    };
    const wrong: string[] = [];
    const counts = { within: 0, outside: 0 };
    for (let n = 0; n < 5_000; n += 1) {
      const [range, address] = [draw(), draw()];
      const prefix = below(range.width + 1);
      const rest = BigInt(range.width - prefix);
      const isWithin = range.bits >> rest === address.bits >> rest;
      counts[isWithin ? "within" : "outside"] += 1;
      if (within(`${range.text}/${prefix}`, address.text) !== isWithin)
        wrong.push(`${range.text}/${prefix} and ${address.text}`);
    }
    expect(wrong).toEqual([]);
    expect(Math.min(counts.within, counts.outside)).toBeGreaterThan(500);
  });

  it("in a filter lets in who stands in it, and not only the text that it is", async () => {
    const peers = ["192.168.1.7", "192.168.2.7", "::ffff:192.168.1.8", "fd00::1", "fe80::1"];
    expect(await asked("192.168.1.0/24", peers)).toEqual(["192.168.1.7", "::ffff:192.168.1.8"]);
    expect(await asked(["fd00::/8", "192.168.2.7"], peers)).toEqual(["192.168.2.7", "fd00::1"]);
    expect(await asked("192.168.?.7", peers)).toEqual(["192.168.1.7", "192.168.2.7"]);
    expect(await asked(["192.168.1.*", "fe80::/10"], ["10.0.0.1", ...peers])).toEqual([
      "192.168.1.7",
      "fe80::1",
    ]);
  });

  it("looks past the port of an address that has one", async () => {
    const host = await gateway();
    const seen: unknown[] = [];
    const where = { client_addr: ["10.0.0.0/8", "127.0.0.?"] };
    host.subscribe("proxy.open", ({ data }) => void seen.push(data.client_addr), { filter: { where } });
    for (const client_addr of ["10.0.0.9:5000", "127.0.0.1:22", "11.0.0.9:5000", "unknown"]) {
      const data = { protocol: "http", client_addr };
      await (
        await host.emit({ kind: "proxy.open", session_id: "1", data })
      ).settled;
    }
    expect(seen).toEqual(["10.0.0.9:5000", "127.0.0.1:22"]);
  });
});

describe("a text that is no range", () => {
  const WRONG: readonly (readonly [text: string, why: string])[] = [
    ["1.2.3/24", "'1.2.3' is no IP address"],
    ["10.0.0.0/33", "'/33' is not a number of bits from 0 to 32"],
    ["fd00::/129", "'/129' is not a number of bits from 0 to 128"],
    ["10.0.0.0/", "'/' is not a number of bits"],
    ["10.0.0.0/08", "'/08' is not a number of bits"],
    ["10.0.0.0/-1", "'/-1' is not a number of bits"],
    ["10.0.0.0/255.0.0.0", "'/255.0.0.0' is not a number of bits"],
    ["10.0.0.0/8/8", "'/8/8' is not a number of bits"],
    ["fe80::1%eth0", "'fe80::1%eth0' has a zone"],
    ["fe80::1%eth0/64", "'fe80::1%eth0' has a zone"],
    ["10.0.0.1:80", "'10.0.0.1:80' has a port"],
    ["[fd00::1]:80", "'[fd00::1]:80' has a port"],
    ["010.0.0.1", "'010.0.0.1' is no IP address"],
    [" 10.0.0.1", "' 10.0.0.1' is no IP address"],
    ["fd00:::1", "'fd00:::1' is no IP address"],
    ["localhost", "'localhost' is no IP address"],
    ["", "'' is no IP address"],
    ["/8", "'' is no IP address"],
    ["9".repeat(10_000), `'${"9".repeat(64)}' is no IP address`],
  ];

  it.each(WRONG)("says why: %.40s", (text, why) => {
    expect(addressRange(text)).toContain(why);
    expect(addressTest(["10.0.0.1", text])).toBeUndefined();
  });

  it.each(WRONG)(verifies("FLD-038") + "is refused everywhere, no. %#", async (text, why) => {
    const hooks = [{ hook: "gateway.connection", where: { peer_ip: ["10.0.0.1", text] } }];
    const extension = section({ protocol_version: 3, hooks, permissions: ["gateway.events"] });
    const manifest = JSON.stringify({ name: "sample", extension });
    const [problem] = problemsOf(parseManifest(manifest, { id: "sample", catalogs: [gatewayCatalog] }));
    expect(problem).toMatchObject({ severity: "error", pointer: "/extension/hooks/0/where/peer_ip/1" });
    const host = await gateway();
    let told = "";
    try {
      host.subscribe("gateway.connection", () => undefined, { filter: { where: { peer_ip: text } } });
    } catch (error) {
      told = (error as Error).message;
    }
    for (const message of [problem?.message, told]) {
      expect(message).toContain("the attribute 'peer_ip' is an IP address or a range of them: ");
      expect(message).toContain(why);
    }
    const events = [{ kind: "gateway.connection", filter: { where: { peer_ip: text } } }] as const;
    await expect(host.use({ id: "list", events, on: () => undefined })).rejects.toThrow(why);
  });

  it("is no number either", () => {
    const hooks = [{ hook: "gateway.connection", where: { peer_ip: 10 } }];
    const extension = section({ protocol_version: 3, hooks, permissions: ["gateway.events"] });
    const parsed = parseManifest(JSON.stringify({ name: "sample", extension }), {
      id: "sample",
      catalogs: [gatewayCatalog],
    });
    expect(problemsOf(parsed)[0]?.message).toContain("a range of them, and no number");
  });
});
