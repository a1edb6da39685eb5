/** Connections that are followed at a time. Beyond, the one that began first gets its line at once, as one without an end. */
export const MOST_SESSIONS = 10_000;

export interface Way {
  bytes: number;
  chunks: number;
}

/** One connection, as far as it was seen. */
export interface Session {
  readonly id: string;
  readonly protocol: string;
  readonly client: string;
  /** Undefined when its beginning was not seen. */
  readonly openedMs: number | undefined;
  readonly inbound: Way;
  readonly outbound: Way;
  /** Events of the connection that never came. */
  dropped: number;
}

export interface Client {
  protocol: string;
  client_addr: string;
}

/** Counts by connection, bounded. */
export class Sessions {
  readonly #open = new Map<string, Session>();
  readonly #onForgotten: (session: Session) => void;

  /** `onForgotten` gets each connection that has to make room for another one. */
  constructor(onForgotten: (session: Session) => void) {
    this.#onForgotten = onForgotten;
  }

  get size(): number {
    return this.#open.size;
  }

  /** The connection of an event; made if it is new. `openedMs`: only with the event of its beginning. */
  of(id: string, { protocol, client_addr }: Client, dropped = 0, openedMs?: number): Session {
    let session = this.#open.get(id);
    // A proxy that was started anew counts from the beginning: this is another connection, and the end of the first was lost.
    if (session && openedMs !== undefined) {
      this.end(session);
      this.#onForgotten(session);
      session = undefined;
    }
    if (!session) {
      const way = (): Way => ({ bytes: 0, chunks: 0 });
      session = { id, protocol, client: client_addr, openedMs, inbound: way(), outbound: way(), dropped: 0 };
      this.#open.set(id, session);
      this.#makeRoom();
    }
    session.dropped += dropped;
    return session;
  }

  /** The connection has ended: it is not followed any more. */
  end(session: Session): void {
    this.#open.delete(session.id);
  }

  /** Takes out all that are followed. */
  takeAll(): Session[] {
    const all = [...this.#open.values()];
    this.#open.clear();
    return all;
  }

  #makeRoom(): void {
    if (this.#open.size <= MOST_SESSIONS) return;
    const [first] = this.#open.values();
    if (!first) return;
    this.#open.delete(first.id);
    this.#onForgotten(first);
  }
}
