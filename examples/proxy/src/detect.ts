import type { Socket } from "node:net";

export type Protocol = "http" | "tls" | "ssh" | "tcp";

/** First bytes of each protocol, as latin1. HTTP/2 without TLS begins with `PRI `. */
const BEGINNINGS: readonly (readonly [string, Protocol])[] = [
  ...["GET ", "HEAD ", "POST ", "PUT ", "DELETE ", "CONNECT ", "OPTIONS ", "TRACE ", "PATCH ", "PRI "].map(
    (method) => [method, "http"] as const,
  ),
  ["\x16\x03", "tls"],
  ["SSH-", "ssh"],
];

/** The protocol of a stream by its first bytes; undefined while too few of them are there to tell. */
export function detect(head: string): Protocol | undefined {
  const found = BEGINNINGS.find(([beginning]) => head.startsWith(beginning));
  if (found) return found[1];
  return BEGINNINGS.some(([beginning]) => beginning.startsWith(head)) ? undefined : "tcp";
}

/**
 * Reads until the protocol is clear. A client that ends, or that says too little within `waitMs` (for instance because its
 * server speaks first), is `tcp`. Resolves with the bytes read so far; the socket is paused then.
 */
export function firstBytes(client: Socket, waitMs: number): Promise<{ protocol: Protocol; head: Buffer }> {
  return new Promise((resolve) => {
    let head = Buffer.alloc(0);
    const settle = (protocol: Protocol): void => {
      clearTimeout(timer);
      client.pause().off("data", look).off("end", isTcp).off("close", isTcp);
      resolve({ protocol, head });
    };
    const look = (chunk: Buffer): void => {
      head = Buffer.concat([head, chunk]);
      const protocol = detect(head.toString("latin1", 0, 16));
      if (protocol) settle(protocol);
    };
    const isTcp = (): void => settle("tcp");
    const timer = setTimeout(isTcp, waitMs);
    client.on("data", look).once("end", isTcp).once("close", isTcp);
  });
}
