import { createHash, timingSafeEqual } from "node:crypto";

/** Addresses that are remembered, at most; the one that failed first is forgotten first. */
const MAX_PEERS = 10_000;

export interface Attempt {
  attempts: number;
  locked_out: boolean;
}

/** Failed logins by address. After too many an address is locked out for a while, whatever token it sends. */
export class Logins {
  readonly #failed = new Map<string, Attempt & { until: number }>();
  readonly #now: () => number;

  /** `now` is a clock in milliseconds. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Returns undefined for the right token from an address that is not locked out, else the failures so far. */
  attempt(
    ip: string,
    { token, expected, max }: { token: unknown; expected: string; max: number },
    lockoutMs: number,
  ): Attempt | undefined {
    const before = this.#of(ip);
    if (!before.locked_out && typeof token === "string" && isSame(token, expected)) return undefined;
    const attempts = before.attempts + 1;
    // The longest wait counts from the failure that began it: a flood does not lock its address out for ever.
    const until = before.locked_out ? before.until : this.#now() + lockoutMs;
    const now = { attempts, locked_out: before.locked_out || attempts >= max, until };
    this.#remember(ip, now);
    return { attempts: now.attempts, locked_out: now.locked_out };
  }

  isLockedOut(ip: string): boolean {
    return this.#of(ip).locked_out;
  }

  lockOut(ip: string, lockoutMs: number): void {
    const before = this.#of(ip);
    if (!before.locked_out)
      this.#remember(ip, { ...before, locked_out: true, until: this.#now() + lockoutMs });
  }

  forget(ip: string): void {
    this.#failed.delete(ip);
  }

  #of(ip: string): Attempt & { until: number } {
    const known = this.#failed.get(ip);
    if (known && known.until > this.#now()) return known;
    this.#failed.delete(ip);
    return { attempts: 0, locked_out: false, until: 0 };
  }

  #remember(ip: string, attempt: Attempt & { until: number }): void {
    const [oldest] = this.#failed.keys();
    if (oldest !== undefined && this.#failed.size >= MAX_PEERS && !this.#failed.has(ip))
      this.#failed.delete(oldest);
    this.#failed.set(ip, attempt);
  }
}

/** Takes as long for a wrong token as for the right one. */
function isSame(token: string, expected: string): boolean {
  const [a, b] = [token, expected].map((text) => createHash("sha256").update(text).digest());
  return a !== undefined && b !== undefined && timingSafeEqual(a, b);
}
