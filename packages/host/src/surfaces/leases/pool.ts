import type { Extension } from "../../supervision/extension.js";
import type { HostLimits } from "../../options.js";
import type { LoadedExtension } from "../../loading/manifest/loaded.js";
import { configDigest } from "./drift.js";
import { Lease } from "./lease.js";
import { leaseFailure, type LeaseFailure } from "./result.js";

interface Place {
  readonly session: string;
  readonly extension: string;
  /** The process, or the reason for having none; one promise for everybody who asks meanwhile. */
  readonly taken: Promise<Lease | LeaseFailure>;
  readonly over: AbortController;
  /** Digest of the configuration that the process has, or is about to get. */
  config: string;
  lease: Lease | undefined;
}

/** Time that a process of an outdated configuration has for the calls that it has taken. */
const OUTDATED_MS = 120_000;

/** The processes of all sessions, within a capacity. Each process is started once, however many callers ask for it. */
export class LeasePool {
  readonly #limits: Pick<HostLimits, "leaseCapacity">;
  readonly #places = new Map<string, Place>();
  /** Processes that are being ended: a stop has to wait for them. */
  readonly #ending = new Set<Promise<void>>();
  #stopped = false;

  constructor(limits: Pick<HostLimits, "leaseCapacity">) {
    this.#limits = limits;
  }

  /**
   * The session's process of an extension, with this configuration: a process with another one ends after its calls, and a
   * new one takes its place. `check` returns what to start, or a reason against it. Rejects as a start does.
   */
  take(
    session: string,
    extension: Extension,
    config: string,
    check: () => Promise<LeaseFailure | LoadedExtension>,
  ): Promise<Lease | LeaseFailure> {
    if (this.#stopped) return Promise.resolve(leaseFailure("stopped"));
    const key = keyOf(session, extension.id);
    const there = this.#places.get(key);
    if (there?.config === config) return there.taken;
    if (there) {
      this.#places.delete(key);
      void this.#end(there, OUTDATED_MS);
    }
    if (this.#places.size >= this.#limits.leaseCapacity) return Promise.resolve(leaseFailure("capacity"));
    const over = new AbortController();
    const taken = this.#start(key, extension, check, over.signal);
    this.#places.set(key, { session, extension: extension.id, taken, over, config, lease: undefined });
    return taken;
  }

  list(): { session: string; extension: string; pid: number | undefined }[] {
    return [...this.#places.values()].flatMap(({ session, extension, lease }) =>
      lease ? [{ session, extension, pid: lease.pid }] : [],
    );
  }

  end(session: string, extension: string): Promise<void> {
    return this.#endAll((place) => place.session === session && place.extension === extension);
  }

  endSession(session: string): Promise<void> {
    return this.#endAll((place) => place.session === session);
  }

  endExtension(extension: string): Promise<void> {
    return this.#endAll((place) => place.extension === extension);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#endAll(() => true);
    await Promise.all(this.#ending);
  }

  async #start(
    key: string,
    extension: Extension,
    check: () => Promise<LeaseFailure | LoadedExtension>,
    signal: AbortSignal,
  ): Promise<Lease | LeaseFailure> {
    // Wait until the place is taken, so that the next caller finds it.
    await Promise.resolve();
    let lease: Lease | undefined;
    try {
      const checked = await check();
      if ("ok" in checked) return checked;
      if (signal.aborted) return leaseFailure("stopped");
      const own = this.#places.get(key);
      if (own?.over.signal === signal) own.config = configDigest(checked);
      lease = await Lease.start(extension, checked, signal, () => this.#leave(key, signal));
      return lease;
    } catch (error) {
      if (signal.aborted) return leaseFailure("stopped");
      throw error;
    } finally {
      const place = this.#places.get(key);
      if (place?.over.signal === signal) {
        if (lease) place.lease = lease;
        else this.#places.delete(key);
      }
    }
  }

  /** A lease that ended by itself frees its place, unless the place belongs to another lease by now. */
  #leave(key: string, signal: AbortSignal): void {
    if (this.#places.get(key)?.over.signal === signal) this.#places.delete(key);
  }

  async #endAll(matches: (place: Place) => boolean): Promise<void> {
    const endings = [...this.#places]
      .filter(([, place]) => matches(place))
      .map(([key, place]) => {
        this.#places.delete(key);
        return this.#end(place);
      });
    await Promise.all(endings);
  }

  #end({ over, taken }: Place, drainMs = 0): Promise<void> {
    // A start that somebody waits for goes on when there is time.
    if (drainMs === 0) over.abort();
    const ending = taken
      .then((lease) => ("ok" in lease ? undefined : lease.end(drainMs)))
      // The caller of the lease got the error of a start that failed, and such a start leaves no process.
      .catch(() => {})
      .finally(() => this.#ending.delete(ending));
    this.#ending.add(ending);
    return ending;
  }
}

function keyOf(session: string, extension: string): string {
  return JSON.stringify([session, extension]);
}
