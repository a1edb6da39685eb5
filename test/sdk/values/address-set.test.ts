import { AddressSet } from "@synaps/sdk/values";
import { BlockList } from "node:net";
import { expect, it } from "vitest";
import { numbers } from "../../helpers/random.js";

type Below = (limit: number) => number;

/** Few different bits, so that ranges and addresses meet. */
function drawAddress(below: Below): string {
  const byte = (): number => [0, 1, 10, 127, 128, 255][below(6)] ?? 0;
  const group = (): string => ["0", "1", "fd00", "ffff", "8000"][below(5)] ?? "0";
  const quad = [byte(), byte(), byte(), byte()].join(".");
  const groups = Array.from({ length: 8 }, group);
  const forms = [
    quad,
    quad,
    `::ffff:${quad}`,
    groups.join(":"),
    `${groups.slice(0, 3).join(":")}::${group()}`,
    "::",
    "::1",
  ];
  return forms[below(forms.length)] ?? quad;
}

it("finds what Node's own list finds, for addresses and ranges of both families", () => {
  const found = new Set<boolean>();
  for (let seed = 1; seed <= 400; seed += 1) {
    const below = numbers(seed);
    const list = new BlockList();
    const texts = Array.from({ length: 1 + below(6) }, () => {
      const address = drawAddress(below);
      const family = address.includes(":") ? "ipv6" : "ipv4";
      const prefix = below(family === "ipv4" ? 33 : 129);
      list.addSubnet(address, prefix, family);
      return `${address}/${prefix}`;
    });
    const set = AddressSet.of(texts);
    if (!(set instanceof AddressSet)) throw new Error(set.why);
    for (let n = 0; n < 40; n += 1) {
      const address = drawAddress(below);
      const isListed = list.check(address, address.includes(":") ? "ipv6" : "ipv4");
      expect({ texts, address, has: set.has(address) }).toEqual({ texts, address, has: isListed });
      found.add(isListed);
    }
  }
  expect(found).toEqual(new Set([true, false]));
});

it("takes an address with its port and in any notation, and says of other texts that they are none", () => {
  const set = AddressSet.of(["10.0.0.9", "fd00::1"]) as AddressSet;
  for (const text of ["10.0.0.9:80", "::ffff:a00:9", "[::ffff:10.0.0.9]:80", "FD00:0::0:1", "[fd00::1]:1"])
    expect(set.has(text), text).toBe(true);
  expect(set.has("10.0.0.8")).toBe(false);
  for (const text of ["", "localhost", "10.0.0", "10.0.0.9.1", "/run/socket", "010.0.0.9"])
    expect(set.has(text), text).toBeUndefined();
});

it("names the first text that is neither an address nor a range", () => {
  expect(AddressSet.of(["10.0.0.1", "10.0.0.0/33", "x"])).toEqual({
    at: 1,
    why: "'/33' is not a number of bits from 0 to 32",
  });
});
