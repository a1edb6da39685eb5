import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createHarness, type Harness } from "@synaps/sdk/testing";
import { expect, onTestFinished } from "vitest";
import { createNotifier } from "../../src/extension.js";
import type { NotifierClock } from "../../src/outbox.js";

/** A part of the address that may not be seen anywhere. */
export const SECRET = "T0KEN-in-the-path";

export interface Received {
  readonly id: string;
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: {
    readonly event: string;
    readonly severity: string;
    readonly session_id: string | null;
    readonly repeated: number;
    readonly dropped_before: number;
    readonly data: Record<string, unknown>;
    readonly text: string;
    readonly content: string;
  };
}

export type Behaviour = (response: ServerResponse, request: IncomingMessage) => void;

export const BEHAVIOURS = {
  ok: (response) => response.end("ok"),
  error: (response) => response.writeHead(500).end(),
  busy: (response) => response.writeHead(429, { "retry-after": "0" }).end(),
  reset: (response) => response.socket?.resetAndDestroy(),
  hang: () => {},
  elsewhere: (response) => response.writeHead(302, { location: "/elsewhere" }).end(),
  unwanted: (response) => response.writeHead(400).end(),
  endless: (response) => {
    response.writeHead(200);
    const more = (): void => {
      if (!response.destroyed && response.write("x".repeat(65_536))) setImmediate(more);
    };
    response.on("drain", more);
    more();
  },
} as const satisfies Record<string, Behaviour>;

/** A web address on this machine that does with each message what the test says. */
export async function receiver(behave: (received: Received) => Behaviour): Promise<{
  url: string;
  received: Received[];
}> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("error", () => {});
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const one = {
        id: String(request.headers["idempotency-key"]),
        path: request.url ?? "",
        authorization: request.headers.authorization,
        body: JSON.parse(Buffer.concat(chunks).toString()) as Received["body"],
      };
      received.push(one);
      behave(one)(response, request);
    });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/${SECRET}`, received };
}

/** Longest time that a test waits for counts. */
const PATIENCE_MS = 20_000;
/** Time for one try, unlike any wait between two. */
const TIMEOUT_MS = 9_999;

/**
 * A clock on which every wait is over at once, and the time for a try when the test says so. `asked` has how long the waits would
 * have been.
 */
export function hastyClock(): NotifierClock & { asked: number[]; timeOut(): void } {
  const asked: number[] = [];
  const tries = new Set<() => void>();
  return {
    asked,
    timeOut: () => tries.forEach((run) => run()),
    wallMs: () => Date.UTC(2026, 0, 1),
    after(ms, run) {
      if (ms === TIMEOUT_MS) {
        tries.add(run);
        return { cancel: () => tries.delete(run) };
      }
      asked.push(ms);
      const soon = setImmediate(run);
      return { cancel: () => clearImmediate(soon) };
    },
  };
}

export interface Stats {
  seen: number;
  repeated: number;
  summaries: number;
  offered: number;
  delivered: number;
  retried: number;
  given_up: number;
  dropped: number;
  waiting: number;
}

export const statsOf = async (harness: Pick<Harness, "callTool">): Promise<Stats> =>
  (await harness.callTool("stats", {})) as never;

/** Resolves when the counts are as the condition wants them. */
export async function until(
  harness: Pick<Harness, "callTool">,
  holds: (now: Stats) => boolean,
): Promise<Stats> {
  const end = performance.now() + PATIENCE_MS;
  for (;;) {
    const now = await statsOf(harness);
    if (holds(now)) return now;
    if (performance.now() > end) throw new Error(`it never came true: ${JSON.stringify(now)}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** A notifier in this process. Nothing that it logs may hold the secret. */
export async function notifier(
  url: string,
  config: Record<string, string | number | boolean> = {},
  clock: NotifierClock = hastyClock(),
): Promise<Harness> {
  const harness = await createHarness(
    createNotifier(clock, () => 0.5),
    {
      config: { webhook_url: url, repeat_seconds: 0, timeout_seconds: TIMEOUT_MS / 1_000, ...config },
      answers: { "config.subscribe": () => ({ ok: true }) },
    },
  );
  onTestFinished(async () => {
    await harness.stop();
    expect(harness.logs.join("\n")).not.toContain(SECRET);
  });
  return harness as Harness;
}
