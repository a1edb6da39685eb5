import { Fifo } from "../fifo.js";
import type { Request } from "../request.js";
import { Heaviest } from "./heaviest.js";
import { Missed } from "./missed.js";
import { Room, type StreamLimits } from "./room.js";
import { Session } from "./session.js";

/** The end of an item's search for a place. `dropped` may be the item itself, and others that made room. */
export type StreamOffer =
  { type: "placed" } | { type: "blocked" } | { type: "dropped"; dropped: readonly Request[] };

/**
 * The stream items that wait for one handler: first in, first out within each session, sessions in turn. At most one
 * item of a session is out at a time, so that the next one follows only when it has ended. Bounded by number and by
 * text, for each session and in all; a session without items is forgotten.
 */
export class SessionQueues {
  readonly #limits: StreamLimits;
  readonly #sessions = new Map<string | null, Session>();
  /** Sessions that have an item to hand out now. */
  #row = new Fifo<Session>();
  /** Sessions whose blocked items wait for room in all, not in the session. */
  readonly #wanting = new Fifo<Session>();
  readonly #missed = new Missed();
  readonly #heaviest = new Heaviest();
  readonly #room: Room;
  #out = 0;

  constructor(limits: StreamLimits) {
    this.#limits = limits;
    this.#room = new Room(limits);
  }

  /** Items that wait, those without a place included. */
  get length(): number {
    return this.#room.waiting + this.#room.blocked;
  }

  /** Sessions that have an item to hand out now. */
  get ready(): number {
    return this.#row.length;
  }

  /** Items that were handed out and have not ended. */
  get out(): number {
    return this.#out;
  }

  /** Sessions that are kept. */
  get sessions(): number {
    return this.#sessions.size;
  }

  /** Asks for a place; a full queue follows the item's overflow policy. `disconnect` is up to the caller. */
  offer(request: Request, nowMs: number): StreamOffer {
    const session = this.#sessionOf(request);
    if (session.blocked.length === 0 && this.#room.fits(session, request)) {
      this.#push(session, request);
      return PLACED;
    }
    const offer =
      request.overflow === "block" ? this.#block(session, request, nowMs) : this.#makeRoom(session, request);
    this.#forgetEmpty(session);
    return offer;
  }

  /** Gives places to blocked items, as far as there is room. Returns them. */
  admit(): readonly Request[] {
    if (this.#room.blocked === 0) return NONE;
    const admitted: Request[] = [];
    for (let left = this.#wanting.length; left > 0; left -= 1) {
      const session = this.#wanting.shift() as Session;
      session.wantsRoom = false;
      if (!this.#admitFrom(session, admitted)) break;
    }
    return admitted;
  }

  /** Puts items before all others of their sessions. For items that had their place already: no bound. */
  prepend(requests: readonly Request[]): void {
    const bySession = new Map<Session, Request[]>();
    for (const request of requests) {
      const session = this.#sessionOf(request);
      const own = bySession.get(session);
      if (own) own.push(request);
      else bySession.set(session, [request]);
    }
    for (const [session, own] of bySession) {
      session.prepend(own);
      for (const { size } of own) this.#room.count(1, size);
      this.#heaviest.grown(session);
      this.#line(session);
    }
  }

  /** Hands out the next item of the next session. `ended` must be called for it. */
  shift(): Request | undefined {
    const session = this.#row.shift();
    if (!session) return undefined;
    session.inRow = false;
    const request = session.shift() as Request;
    this.#room.count(-1, request.size);
    session.out = request;
    this.#out += 1;
    request.dropped += this.#missed.take(session.key);
    this.#wantRoom(session);
    return request;
  }

  /** The item has ended, handed out or not. `seen`: the handler had the item, and did not crash over it. */
  ended(request: Request, seen: boolean): void {
    if (!seen) this.#missed.add(keyOf(request), request.dropped + 1);
    this.release(request);
  }

  /** The item is not out any more, if it was: the next one of its session may follow. */
  release(request: Request): void {
    const session = this.#sessions.get(keyOf(request));
    if (session?.out !== request) return;
    session.out = undefined;
    this.#out -= 1;
    this.#line(session);
    this.#forgetEmpty(session);
  }

  /** Takes over from the queues of a handler that another one follows: its sessions learn what the earlier one missed. */
  inherit(earlier: SessionQueues): void {
    this.#missed.addAll(earlier.#missed);
  }

  /** Takes out all that `select` picks; `blocked` are those that had no place yet. */
  take(select: (request: Request) => boolean): { queued: Request[]; blocked: Request[] } {
    const queued: Request[] = [];
    const blocked: Request[] = [];
    for (const session of this.#sessions.values()) {
      for (const request of session.take(select)) queued.push(request);
      for (const request of session.blocked.take(select)) blocked.push(request);
      this.#forgetEmpty(session);
      this.#wantRoom(session);
    }
    for (const { size } of queued) this.#room.count(-1, size);
    for (const { size } of blocked) this.#room.countBlocked(-1, size);
    this.#lineAgain();
    return { queued, blocked };
  }

  all(): Request[] {
    return [...this.#sessions.values()].flatMap(({ waiting }) => waiting.all());
  }

  allBlocked(): readonly Request[] {
    if (this.#room.blocked === 0) return NONE;
    return [...this.#sessions.values()].flatMap(({ blocked }) => blocked.all());
  }

  #sessionOf(request: Request): Session {
    const key = keyOf(request);
    let session = this.#sessions.get(key);
    if (!session) this.#sessions.set(key, (session = new Session(key)));
    return session;
  }

  #forgetEmpty(session: Session): void {
    if (session.isEmpty) this.#sessions.delete(session.key);
  }

  #push(session: Session, request: Request): void {
    session.push(request);
    this.#room.count(1, request.size);
    this.#heaviest.grown(session);
    this.#line(session);
  }

  /** Puts the session in the row if it has an item to hand out. */
  #line(session: Session): void {
    if (session.inRow || session.out !== undefined || session.waiting.length === 0) return;
    session.inRow = true;
    this.#row.push(session);
  }

  /** The row without the sessions that have nothing left. */
  #lineAgain(): void {
    const row = this.#row.all();
    this.#row = new Fifo();
    for (const session of row) {
      session.inRow = false;
      this.#line(session);
    }
  }

  #block(session: Session, request: Request, nowMs: number): StreamOffer {
    if (!this.#room.mayBlock(session, request)) return { type: "dropped", dropped: [request] };
    request.dueMs = nowMs + this.#limits.overflowBlockMs;
    session.blocked.push(request);
    this.#room.countBlocked(1, request.size);
    this.#wantRoom(session);
    return { type: "blocked" };
  }

  /** Drops items of the session, and in all items of the one that has most, until the request fits or has to go itself. */
  #makeRoom(session: Session, request: Request): StreamOffer {
    const dropped: Request[] = [];
    const isFair = session.blocked.length === 0 && request.overflow !== "disconnect";
    while (isFair && !this.#room.fits(session, request)) {
      const victim = this.#victimOf(session, request);
      if (!victim) break;
      this.#room.count(-1, victim.size);
      dropped.push(victim);
    }
    if (isFair && this.#room.fits(session, request)) this.#push(session, request);
    else dropped.push(request);
    return { type: "dropped", dropped };
  }

  #victimOf(session: Session, request: Request): Request | undefined {
    // A session that fills the room of all pays with its newest, so that the others keep theirs.
    const heaviest = this.#room.fitsSession(session, request)
      ? this.#heaviest.find(this.#sessions.values())
      : undefined;
    if (heaviest && heaviest !== session && heaviest.size > session.size + request.size) {
      const victim = heaviest.takeNewest();
      if (heaviest.waiting.length === 0 && heaviest.inRow) this.#lineAgain();
      this.#forgetEmpty(heaviest);
      if (victim) return victim;
    }
    const victim = request.overflow === "drop_oldest" ? session.takeOldest() : undefined;
    if (session.waiting.length === 0 && session.inRow) this.#lineAgain();
    return victim;
  }

  /** Sees to it that blocked items of the session are looked at when the next ones are admitted. */
  #wantRoom(session: Session): void {
    if (session.wantsRoom || session.blocked.length === 0) return;
    session.wantsRoom = true;
    this.#wanting.push(session);
  }

  /** Returns false if there is no room left in all: the session then comes again when there is. */
  #admitFrom(session: Session, admitted: Request[]): boolean {
    for (let next = session.blocked.peek(); next; next = session.blocked.peek()) {
      if (!this.#room.fitsSession(session, next)) return true;
      if (!this.#room.fitsAll(next)) {
        this.#wantRoom(session);
        return false;
      }
      session.blocked.shift();
      this.#room.countBlocked(-1, next.size);
      next.dueMs = Number.POSITIVE_INFINITY;
      this.#push(session, next);
      admitted.push(next);
    }
    return true;
  }
}

const PLACED: StreamOffer = Object.freeze({ type: "placed" });
const NONE: readonly Request[] = Object.freeze([]);

function keyOf({ event }: Request): string | null {
  return event?.sessionId ?? null;
}
