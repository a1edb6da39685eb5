import type { AddressRange } from "./address.js";

/** An IP address as four numbers of 32 bits. An IPv4 address is the one that IPv6 maps it to, `::ffff:a.b.c.d`. */
export type AddressBits = readonly [number, number, number, number];

const GROUPS = 8;
/** The third number of an IPv4 address; the two before it are 0. */
const MAPPED = 0xffff;

/** The numbers of an address that was read by `addressIn` or `addressRange`. */
export function addressBits({ address, family }: AddressRange): AddressBits {
  if (family === "ipv4") return [0, 0, MAPPED, quad(address)];
  const [head = "", tail] = address.split("::");
  const [before, after] = [groupsOf(head), tail === undefined ? [] : groupsOf(tail)];
  const zeros = Array.from({ length: GROUPS - before.length - after.length }, () => 0);
  const groups = [...before, ...zeros, ...after];
  const pair = (at: number): number => (groups[at] ?? 0) * 0x10000 + (groups[at + 1] ?? 0);
  return [pair(0), pair(2), pair(4), pair(6)];
}

/** True for the numbers of an IPv4 address. */
export function isIpv4([a, b, c]: AddressBits): boolean {
  return a === 0 && b === 0 && c === MAPPED;
}

function groupsOf(part: string): number[] {
  if (part === "") return [];
  return part.split(":").flatMap((group) => {
    if (!group.includes(".")) return [Number.parseInt(group, 16)];
    const number = quad(group);
    return [Math.floor(number / 0x10000), number % 0x10000];
  });
}

/** The number of four bytes with dots between them. */
function quad(address: string): number {
  let number = 0;
  for (const byte of address.split(".")) number = number * 256 + Number(byte);
  return number;
}
