import type { TypedHost } from "@synaps/host";
import type { proxyCatalog } from "@synaps/sdk/catalogs";
import type { Protocol } from "./detect.js";

export type ProxyHost = TypedHost<readonly [typeof proxyCatalog]>;
/** The answer to a full queue: the traffic waits, or chunks are dropped and counted. */
export type Overflow = "block" | "drop_newest" | "drop_oldest";
export type Direction = "inbound" | "outbound";

/** Chunks that may wait for room at a time: with 64 KiB each they fit the 64 MiB that a host keeps for them. */
const MOST_WAITING = 256;

/** Raises events in order. */
export type Raise = (raise: () => Promise<unknown>) => Promise<unknown>;

/** For `block`: at most so many chunks of a host wait for room, and the others for their turn. */
export function createTurns(): Raise {
  let busy = 0;
  const row: (() => void)[] = [];
  return (raise) =>
    new Promise((resolve) => {
      const go = (): void => {
        busy += 1;
        void raise().then((outcome) => {
          busy -= 1;
          row.shift()?.();
          resolve(outcome);
        });
      };
      if (busy < MOST_WAITING) go();
      else row.push(go);
    });
}

/** Shows one connection to the extensions. */
export interface Tap {
  open(): void;
  /** Under `block` a promise to wait for before more is read; else undefined. */
  packet(direction: Direction, chunk: Buffer): Promise<unknown> | undefined;
  close(): void;
}

export interface TapOptions {
  host: ProxyHost;
  overflow: Overflow;
  /** Shared by all connections that block. */
  turns: Raise;
  session_id: string;
  protocol: Protocol;
  client_addr: string;
  log(message: string): void;
}

export function createTap({ host, overflow, turns, session_id, log, ...client }: TapOptions): Tap {
  // A host that is being stopped refuses events. The connection goes on without them.
  const turn: Raise = overflow === "block" ? turns : (now) => now();
  const raise = (emit: () => Promise<unknown>): Promise<unknown> =>
    turn(() =>
      emit().catch((error: unknown) => log(`session ${session_id} was not shown: ${String(error)}`)),
    );
  return {
    open: () => void raise(() => host.emit({ kind: "proxy.open", session_id, data: client }, { overflow })),
    packet(direction, chunk) {
      if (host.handlerCount("proxy.packet") === 0) return undefined;
      const raised = raise(() => {
        const data = { ...client, direction, bytes: chunk.toString("base64") };
        return host.emit({ kind: "proxy.packet", session_id, data }, { overflow });
      });
      return overflow === "block" ? raised : undefined;
    },
    close: () => void raise(() => host.emit({ kind: "proxy.close", session_id, data: client }, { overflow })),
  };
}
