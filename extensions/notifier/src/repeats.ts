import type { NotifierClock } from "./outbox.js";
import type { Notification } from "./notification.js";

/** Subjects that are kept apart; all further ones count as one. */
const MAX_SUBJECTS = 1_000;
const OTHERS = "others";

interface Window {
  last: Notification;
  /** Events since the last message about the subject. */
  count: number;
  timer: { cancel(): void };
}

/**
 * Lets the first event about a subject through, and counts further ones: when the time is over, one message tells how many there
 * were. Bounded: a flood of subjects is one subject.
 */
export class Repeats {
  readonly #clock: NotifierClock;
  /** Told at the end of a time in which events were counted: the last of them, and the number of those before it. */
  readonly #tell: (last: Notification, before: number) => void;
  readonly #windows = new Map<string, Window>();

  constructor(clock: NotifierClock, tell: (last: Notification, before: number) => void) {
    this.#clock = clock;
    this.#tell = tell;
  }

  /** True for an event that is to be told now. */
  isNew(notification: Notification, withinMs: number): boolean {
    if (withinMs === 0) return true;
    const hasRoom = this.#windows.size < MAX_SUBJECTS || this.#windows.has(notification.subject);
    const subject = hasRoom ? notification.subject : OTHERS;
    const window = this.#windows.get(subject);
    if (window === undefined) {
      this.#windows.set(subject, {
        last: notification,
        count: 0,
        timer: this.#timer(subject, withinMs),
      });
      return true;
    }
    window.last = notification;
    window.count += 1;
    return false;
  }

  /** Tells now what was counted so far, and forgets all subjects. */
  end(): void {
    for (const { last, count, timer } of this.#windows.values()) {
      timer.cancel();
      if (count > 0) this.#tell(last, count - 1);
    }
    this.#windows.clear();
  }

  #timer(subject: string, withinMs: number): { cancel(): void } {
    return this.#clock.after(withinMs, () => {
      const window = this.#windows.get(subject);
      if (window === undefined || window.count === 0) {
        this.#windows.delete(subject);
        return;
      }
      this.#tell(window.last, window.count - 1);
      window.count = 0;
      window.timer = this.#timer(subject, withinMs);
    });
  }
}
