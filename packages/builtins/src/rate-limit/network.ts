import { addressBits, addressIn, isIpv4 } from "@synaps/sdk/values";

/** Longest text that can be an address with its port and zone, in characters. */
const MAX_LENGTH = 80;

/**
 * The name under which an address counts, without port and zone: IPv4 addresses as they are, also in IPv6 form, and of IPv6
 * addresses the first 64 bits, because one subscriber usually has all addresses of a /64. Undefined for a text that is no
 * address.
 */
export function networkOf(text: string): string | undefined {
  if (text.length > MAX_LENGTH || !/^[[\d:]|^[a-f]/i.test(text)) return undefined;
  const found = addressIn(text);
  if (found === undefined) return undefined;
  const bits = addressBits(found);
  const [high, low, , last] = bits;
  return isIpv4(bits) ? `ipv4 ${last}` : `ipv6 ${high} ${low}`;
}
