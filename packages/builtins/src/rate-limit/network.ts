import { isIPv6 } from "node:net";
import { addressIn } from "@synaps/sdk/manifest";

/** Longest text that can be an address with its port and zone. */
const MAX_LENGTH = 80;
const GROUPS = 8;
/** Groups of an IPv6 address that name a network: one subscriber usually has all 2^64 addresses of a /64. */
const NETWORK_GROUPS = 4;

/**
 * The name under which an address counts, without port and zone: IPv4 addresses as they are, also in IPv6 form, and of IPv6
 * addresses the first 64 bits. Undefined for a text that is no address.
 */
export function networkOf(text: string): string | undefined {
  if (text.length > MAX_LENGTH || !/^[[\d:]|^[a-f]/i.test(text)) return undefined;
  const found = addressIn(text);
  if (found === undefined || !isIPv6(found.address)) return found?.address;
  const groups = groupsOf(found.address);
  const [high = 0, low = 0] = groups.slice(6);
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff)
    return [high >> 8, high & 255, low >> 8, low & 255].join(".");
  const network = groups.slice(0, NETWORK_GROUPS).map((group) => group.toString(16));
  return `${network.join(":")}::/64`;
}

/** The eight numbers of a right IPv6 address. */
function groupsOf(address: string): number[] {
  const [head = "", tail] = address.split("::");
  const [before, after] = [numbersOf(head), tail === undefined ? [] : numbersOf(tail)];
  const zeros = Array.from({ length: GROUPS - before.length - after.length }, () => 0);
  return [...before, ...zeros, ...after];
}

function numbersOf(part: string): number[] {
  if (part === "") return [];
  return part.split(":").flatMap((group) => {
    if (!group.includes(".")) return [Number.parseInt(group, 16)];
    const [a = 0, b = 0, c = 0, d = 0] = group.split(".").map(Number);
    return [a * 256 + b, c * 256 + d];
  });
}
