import { isDeepStrictEqual } from "node:util";
import { Audit } from "./audit.js";
import type { AuditSettings } from "./audit-settings.js";

type Services = ConstructorParameters<typeof Audit>[1];

/** The audit that records now, if one does. One that another follows ends when what it records has ended. */
export class AuditSwitch {
  readonly #services: Services;
  #settings: AuditSettings | undefined;
  #now: Audit | undefined;
  #isOpen = false;
  /** Work that each audit still has to record. */
  readonly #open = new Map<Audit, Set<Promise<unknown>>>();
  readonly #ending = new Set<Promise<void>>();

  constructor(settings: AuditSettings | undefined, services: Services) {
    this.#services = services;
    this.change(settings);
  }

  get now(): Audit | undefined {
    return this.#now;
  }

  /** Opens the file of the audit, and from then on that of each one that follows. */
  open(): void {
    this.#isOpen = true;
    void this.#now?.open();
  }

  /** Lets an audit with other settings follow, or none. With the same settings nothing happens. */
  change(settings: AuditSettings | undefined): void {
    if (isDeepStrictEqual(settings, this.#settings)) return;
    const before = this.#now;
    this.#settings = settings;
    this.#now = settings && new Audit(settings, this.#services);
    if (this.#isOpen) void this.#now?.open();
    if (before) this.#end(before);
  }

  /** Records something that takes time with the audit that records now. There must be one. */
  during<T>(record: (audit: Audit) => Promise<T>): Promise<T> {
    const audit = this.#now;
    if (audit === undefined) throw new Error("nothing is recorded now");
    const open = this.#open.get(audit) ?? new Set();
    this.#open.set(audit, open);
    const recorded = record(audit);
    open.add(recorded);
    const done = (): void => void open.delete(recorded);
    recorded.then(done, done);
    return recorded;
  }

  /** Nothing more will happen. Resolves when all audits have ended, or the disk does not answer. */
  async close(): Promise<void> {
    await this.#now?.close();
    await Promise.all(this.#ending);
  }

  #end(audit: Audit): void {
    const ending = Promise.allSettled(this.#open.get(audit) ?? new Set<Promise<unknown>>())
      .then(() => audit.close())
      .then(() => {
        this.#open.delete(audit);
        this.#ending.delete(ending);
      });
    this.#ending.add(ending);
  }
}
