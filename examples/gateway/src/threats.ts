import { lookup } from "node:dns/promises";
import { BlockList, isIP } from "node:net";

const INJECTIONS: readonly { reason: string; pattern: RegExp }[] = [
  {
    reason: "asks to ignore earlier instructions",
    pattern: /\b(?:ignore|forget|disregard) (?:all |any )?(?:previous|earlier|prior) (?:instructions|rules)/i,
  },
  {
    reason: "asks for the system prompt",
    pattern: /\b(?:reveal|print|repeat) (?:your |the )?system prompt/i,
  },
];

/** The first part of a text that looks as if it were to take over the model. */
export function injectionIn(text: string): { reason: string; found: string } | undefined {
  for (const { reason, pattern } of INJECTIONS) {
    const found = pattern.exec(text)?.[0];
    if (found !== undefined) return { reason, found };
  }
  return undefined;
}

const METADATA = new BlockList();
METADATA.addAddress("169.254.169.254");
METADATA.addAddress("fd00:ec2::254", "ipv6");

const PRIVATE = new BlockList();
for (const [address, prefix] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.168.0.0", 16],
] as const)
  PRIVATE.addSubnet(address, prefix);
for (const [address, prefix] of [
  ["::", 127],
  ["fc00::", 7],
  ["fe80::", 10],
] as const)
  PRIVATE.addSubnet(address, prefix, "ipv6");

/** An address to connect to, and why it is none for a tool. */
export interface Target {
  address: string;
  reason?: "cloud_metadata" | "private_ip";
}

/** Looks a host up once, so that what was checked is what is connected to. Rejects if there is no such host. */
export async function targetOf(hostname: string): Promise<Target> {
  const name = hostname.replace(/^\[|\]$/g, "");
  const address = isIP(name) ? name : (await lookup(name)).address;
  const family = isIP(address) === 6 ? "ipv6" : "ipv4";
  if (METADATA.check(address, family)) return { address, reason: "cloud_metadata" };
  return PRIVATE.check(address, family) ? { address, reason: "private_ip" } : { address };
}
