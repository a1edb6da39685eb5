import { isIP } from "node:net";

/** All IP addresses whose first `prefix` bits are those of `address`; one alone if these are all of its bits. */
export interface AddressRange {
  readonly address: string;
  readonly family: "ipv4" | "ipv6";
  readonly prefix: number;
}

const BITS = { ipv4: 32, ipv6: 128 } as const;
const PREFIX = /^(?:0|[1-9]\d{0,2})$/;
/** `10.0.0.9:5000` and `[fd00::1]:5000`, as programs write an address with its port. */
const WITH_PORT = /^(?:([\d.]+)|\[([^\]]*)\])(?::\d{1,5})?$/;
const MAX_SHOWN = 64;

/**
 * Reads what a filter says of IP addresses: one address, or a range in CIDR notation such as `192.168.1.0/24`. Bits after the
 * prefix count for nothing. Returns what is wrong with any other text, as the part of a sentence: names of hosts, ports,
 * zones of IPv6, netmasks, shortened IPv4 addresses. Pure, never throws.
 */
export function addressRange(text: string): AddressRange | string {
  const slash = text.indexOf("/");
  const address = slash === -1 ? text : text.slice(0, slash);
  const shown = `'${address.slice(0, MAX_SHOWN)}'`;
  if (address.includes("%")) return `${shown} has a zone, which only the machine itself knows`;
  const family = familyOf(address);
  if (family === undefined)
    return addressIn(address) === undefined
      ? `${shown} is no IP address`
      : `${shown} has a port, and addresses are compared without one`;
  if (slash === -1) return { address, family, prefix: BITS[family] };
  const length = text.slice(slash + 1);
  const prefix = PREFIX.test(length) ? Number(length) : undefined;
  if (prefix !== undefined && prefix <= BITS[family]) return { address, family, prefix };
  const most = `a number of bits from 0 to ${BITS[family]}`;
  return `'/${length.slice(0, MAX_SHOWN)}' is not ${most}`;
}

/** The IP address in a text of an event, without port, brackets and zone. Undefined if there is none. Never throws. */
export function addressIn(text: string): AddressRange | undefined {
  const [, v4, v6] = WITH_PORT.exec(text) ?? [];
  const [address = ""] = (v4 ?? v6 ?? text).split("%");
  const family = familyOf(address);
  return family === undefined ? undefined : { address, family, prefix: BITS[family] };
}

function familyOf(address: string): AddressRange["family"] | undefined {
  const version = isIP(address);
  return version === 0 ? undefined : version === 4 ? "ipv4" : "ipv6";
}
