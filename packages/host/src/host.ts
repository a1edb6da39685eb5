import { setMaxListeners } from "node:events";
import type { JsonValue } from "@synaps/sdk/protocol";
import { ControlServer, startControl } from "./control/server.js";
import { Deliveries } from "./delivery/deliveries.js";
import { Dispatcher } from "./dispatch/dispatcher.js";
import { followMembers } from "./dispatch/from-members.js";
import { programSubscription, type SubscribeOptions } from "./dispatch/from-program.js";
import type { InProcessHandler } from "./dispatch/in-process.js";
import type { Outcome } from "./dispatch/outcome.js";
import { SubscriptionRegistry } from "./dispatch/registry.js";
import type { EventInput } from "./delivery/event-input.js";
import type { LogEntry } from "./supervision/log-ring.js";
import { ExtensionRegistry } from "./supervision/extension-registry.js";
import { HostSurfaces } from "./surfaces/host-surfaces.js";
import { wrongOptions } from "./dispatch/wrong-options.js";
import type { EmitOptions, HostSnapshot, InterceptOptions } from "./host-types.js";
import { Inbound } from "./supervision/inbound.js";
import type { LoadListener, LoadResult } from "./supervision/load-report.js";
import { hostStopped } from "./supervision/failures.js";
import { Reloader, type ReloadOptions } from "./supervision/reload.js";
import {
  intercept,
  type InterceptKinds,
  type InterceptResult,
  type OperationResult,
} from "./dispatch/intercept.js";
import { Accounting } from "./observe/accounting.js";
import { Activity } from "./time/activity.js";
import { recorderOf } from "./observe/recorder-of.js";
import { ReplacementLog } from "./observe/replacement-log.js";
import type { HostOptions } from "./options.js";
import { closeSurfaces, createSurfaces, stopSurfaces, type Surfaces } from "./surfaces/surfaces.js";
import { settingsOf, type Settings } from "./settings.js";

/** Creates a host. Reads and starts nothing yet. Throws a HostError for wrong options. */
export function createHost(options: HostOptions = {}): Host {
  return new Host(settingsOf(options));
}

/** Supervises extensions and takes events to them. Its parts are wired here and nowhere else. */
export class Host extends HostSurfaces {
  readonly #settings: Settings;
  readonly #registry: SubscriptionRegistry;
  readonly #dispatcher: Dispatcher;
  readonly #accounting = new Accounting((extension) => this.#registry.ownedBy(extension));
  readonly #inbound: Inbound;
  readonly #activity = new Activity(() => this.#extensions.quiet());
  readonly #extensions: ExtensionRegistry;
  readonly #reloader: Reloader;
  readonly #replacements: ReplacementLog;
  readonly surfaces: Surfaces;
  readonly #control: ControlServer | undefined;
  #started: Promise<void> | undefined;
  #stopped: Promise<void> | undefined;
  readonly #stopping = new AbortController();
  /** Reading the folders: the part of a start that a stop has to wait for. */
  #loading: Promise<void> = Promise.resolve();

  constructor(settings: Settings) {
    super();
    // One listener for each prompt that is open.
    setMaxListeners(0, this.#stopping.signal);
    this.#settings = settings;
    this.#inbound = new Inbound(settings.logger);
    this.#replacements = new ReplacementLog(settings);
    const deliveries = new Deliveries(this.#activity);
    this.#extensions = new ExtensionRegistry(settings, {
      inbound: this.#inbound,
      activity: this.#activity,
      attach: (extension) => deliveries.attach(extension),
    });
    this.#reloader = new Reloader(settings, this.#extensions);
    this.#control = settings.control
      ? new ControlServer(this, { ...settings, nowMs: settings.clock.wallMs() })
      : undefined;
    this.#registry = new SubscriptionRegistry(settings.catalogs, (gone) => this.#accounting.forget(gone));
    // Register first, so that dispatch stops using an extension before other parts drop its state.
    this.#extensions.onMembers(
      followMembers(this.#registry, settings.catalogs, (extension) => deliveries.of(extension)),
    );
    this.#extensions.onMembers(deliveries.follow);
    const { clock, limits } = settings;
    const recorder = recorderOf(settings, this.#accounting, () => this.#replacements);
    this.#dispatcher = new Dispatcher(this.#registry, { clock, limits, recorder }, settings.chain);
    this.surfaces = createSurfaces({
      ...settings,
      inbound: this.#inbound,
      activity: this.#activity,
      extensions: () => this.#extensions.all(),
      extension: (id) => this.#extensions.require(id),
      onState: (listener) => this.#extensions.onState(listener),
      onMembers: (listener) => this.#extensions.onMembers(listener),
      call: (extension, request) => extension.call(request),
      intercept: (...args) => this.intercept(...args),
      spawn: (extension, request) => this.#extensions.spawn(extension, request),
      warn: (extension, note) => this.#extensions.warn(extension, note),
    });
  }

  /**
   * Loads and starts all extensions. Resolves when each of them runs or failed, when the host is stopped meanwhile, or
   * after `startMs` (default 10 s); latecomers take their documented place in every chain. An extension that fails
   * makes nothing reject; a named folder that does not exist does. A second call does nothing and settles like the
   * first call.
   */
  start(): Promise<void> {
    if (this.#stopped) return Promise.reject(hostStopped());
    this.#started ??= this.#activity.during(this.#start());
    return this.#started;
  }

  /** Tells the listener each step of the start, from the beginning, however late. Returns how to stop listening. */
  onLoad(listener: LoadListener): () => void {
    return this.#extensions.report.listen(listener);
  }

  /** The result of the start so far: the extensions that run, and the failures with their reasons. */
  get loadResult(): LoadResult {
    return this.#extensions.report.result;
  }

  /**
   * Raises an event. For gates and lifecycle kinds the outcome is final; for observers `settled` resolves later.
   * Never rejects because of an extension; rejects with a HostError for an unknown kind or an event that is not JSON.
   */
  emit(event: EventInput, options?: EmitOptions): Promise<Outcome> {
    const wrong = options === undefined ? undefined : wrongOptions(options);
    return wrong ? Promise.reject(wrong) : this.#dispatcher.emit(event, options?.chain);
  }

  /**
   * Runs an operation between its before and after hooks and carries out what they decide: block, confirm, modify
   * and replace. Uses `rewrite_then_veto` unless told otherwise, so that no rewrite hides a call from a guard.
   */
  intercept(
    kinds: InterceptKinds,
    event: Omit<EventInput, "kind">,
    run: (input: JsonValue) => OperationResult | Promise<OperationResult>,
    options: InterceptOptions = {},
  ): Promise<InterceptResult> {
    const wrong = wrongOptions(options);
    if (wrong) return Promise.reject(wrong);
    const intercepted = intercept(kinds, event, run, {
      emit: (snapshot, chain) => this.#dispatcher.emitSnapshot(snapshot, chain),
      wallMs: () => this.#settings.clock.wallMs(),
      kind: (kind) => this.#registry.kind(kind),
      confirm: options.confirm === "block" ? undefined : (options.confirm ?? this.#settings.confirm),
      stopping: this.#stopping.signal,
      policy: options.chain ?? this.#settings.chain ?? "rewrite_then_veto",
    });
    return this.#activity.during(intercepted);
  }

  /** Subscribes a function of the program itself. Returns how to take it back. */
  subscribe(kind: string, handler: InProcessHandler, options: SubscribeOptions = {}): () => void {
    const { clock } = this.#settings;
    const subscription = programSubscription(this.#registry, clock, this.#activity, kind, handler, options);
    this.#registry.add([subscription], undefined);
    return () => void this.#registry.remove([subscription]);
  }

  /** Removes all subscriptions of one extension or of one `id` given to `subscribe`; returns how many those were. */
  unsubscribeAll(id: string): number {
    return this.#registry.remove([...this.#registry.ownedBy(id)]);
  }

  /** Returns the subscriptions of one extension, sorted by kind, then by tool filter, those without a filter first. */
  subscriptionsFor(
    id: string,
  ): { kind: string; subscription: string; tools: readonly string[] | undefined }[] {
    return this.#registry.describe(id);
  }

  /** Number of subscriptions, of one kind or of all. */
  handlerCount(kind?: string): number {
    return this.#registry.count(kind);
  }

  isEmpty(): boolean {
    return this.handlerCount() === 0;
  }

  /** Returns the state of every extension and every subscription. Holds no payload, configuration or secret. */
  snapshot(): HostSnapshot {
    return { extensions: this.#extensions.status(), subscriptions: this.#accounting.counts() };
  }

  /**
   * Gives an extension that failed or is quarantined another try now, with its past forgiven. Resolves when the
   * extension is live; rejects with a HostError when it failed again, was stopped meanwhile, or does not exist.
   */
  async resume(id: string): Promise<void> {
    await this.#activity.during(this.#extensions.resume(id));
  }

  /**
   * Reads an extension anew and lets its new process take the place of the old process. Rejects with a HostError when
   * the extension may not run or does not start; the old process runs on then. Also loads an extension that is new.
   */
  reload(id: string, options?: ReloadOptions): Promise<void> {
    return this.#activity.during(this.#loading.then(() => this.#reloader.reload(id, options)));
  }

  /** Ends an extension and forgets it, until `reload` or the next start. Rejects when there is no such extension. */
  unload(id: string): Promise<void> {
    return this.#activity.during(this.#loading.then(() => this.#reloader.unload(id)));
  }

  /** The last lines that an extension wrote to standard error, oldest first, without control characters. */
  logs(id: string, count = 100): LogEntry[] {
    return this.#extensions.require(id).logs.last(count);
  }

  /** Calls the listener for each further line. Returns how to stop listening. */
  onLog(id: string, listener: (entry: LogEntry) => void): () => void {
    return this.#extensions.require(id).logs.listen(listener);
  }

  /** Resolves when no observer owes an answer any more. */
  settled(): Promise<void> {
    return this.#dispatcher.settled();
  }

  /** Drains and ends all extensions at the same time. Safe to call at any moment and more than once. */
  stop(): Promise<void> {
    this.#stopped ??= this.#activity.during(this.#stop());
    return this.#stopped;
  }

  /** Stops the host at the end of an `await using` block. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  async #start(): Promise<void> {
    this.#loading = this.#extensions.load();
    await this.#loading;
    await startControl(this.#control, this.#settings.logger);
    // After a stop, this starts nothing and reports every extension as not started.
    await this.#extensions.start();
  }

  async #stop(): Promise<void> {
    this.#stopping.abort();
    this.#control?.stop();
    // Wait for the reading only: a slow start must not delay the end. `start` has rejected with the reading's error.
    await this.#loading.catch(() => {});
    await this.#extensions.stop(stopSurfaces(this.surfaces));
    await Promise.all([closeSurfaces(this.surfaces), this.#replacements.settled()]);
  }
}
