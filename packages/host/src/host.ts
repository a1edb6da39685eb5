import { setMaxListeners } from "node:events";
import { join } from "node:path";
import { ControlServer, startControl } from "./control/server.js";
import { Deliveries } from "./delivery/deliveries.js";
import { Dispatcher } from "./dispatch/dispatcher.js";
import { followStandIns } from "./dispatch/absent.js";
import { FollowedConfig } from "./dispatch/follow-config.js";
import { followMembers } from "./dispatch/from-members.js";
import type { Catalogs, SynapsCatalogs } from "./dispatch/kind-types.js";
import type { Outcome } from "./dispatch/outcome.js";
import { LineLog } from "./loading/records/line-log.js";
import { HostEvents, type HostEventMap, type HostEventName } from "./observe/host-events.js";
import { followDrops } from "./supervision/follow-drops.js";
import { tellState } from "./supervision/tell-state.js";
import type { TypedEvents } from "./dispatch/typed-events.js";
import { ProgramHooks } from "./dispatch/hooks/hooks.js";
import { ProgramCalls } from "./dispatch/program-calls.js";
import type { EventParts } from "./dispatch/program-bus.js";
import { SubscriptionRegistry } from "./dispatch/registry.js";
import { ExtensionRegistry } from "./supervision/extension-registry.js";
import { HostReports, type Reported } from "./surfaces/host-reports.js";
import { optionsCheck, SIGNAL, SWITCH } from "./dispatch/options-check.js";
import { Entrance, type CallOptions } from "./dispatch/entrance.js";
import { Inbound } from "./supervision/inbound.js";
import { hostStopped } from "./supervision/failures.js";
import { Reloader, type ReloadOptions } from "./supervision/reload.js";
import { Accounting } from "./observe/accounting.js";
import type { Drops } from "./observe/drops/drops.js";
import { Activity } from "./time/activity.js";
import { Mistakes } from "./observe/mistakes.js";
import { recorderOf } from "./observe/recorder-of.js";
import { REPLACEMENT_LOG, ReplacementLog } from "./observe/replacement-log.js";
import type { HostOptions } from "./options.js";
import { closeSurfaces, createSurfaces, stopSurfaces, type Surfaces } from "./surfaces/surfaces.js";
import { settingsOf, type Settings } from "./settings.js";
import { onAbort, unlessAborted } from "./time/abort.js";

/** A host, whatever its catalogs: any kind may be named, and events are checked when they are raised. */
export interface Host extends Pick<ExtensionHost, keyof ExtensionHost> {}

/** A host whose methods know the kinds of its catalogs. May stand wherever a `Host` is wanted. */
export type TypedHost<C extends Catalogs = SynapsCatalogs> = Omit<Host, keyof TypedEvents<C>> &
  TypedEvents<C>;

/** Creates a host, typed by its catalogs. Reads and starts nothing yet. Throws a HostError for wrong options. */
export function createHost<const C extends Catalogs = SynapsCatalogs>(
  options: HostOptions<C> = {},
): TypedHost<C> {
  return new ExtensionHost(settingsOf(options)) as Host as unknown as TypedHost<C>;
}

const wrongStart = optionsCheck<CallOptions>("start", { signal: SIGNAL });
const wrongStop = optionsCheck<CallOptions>("stop", { signal: SIGNAL });
const wrongReload = optionsCheck<ReloadOptions>("reload", { onlyApproved: SWITCH, signal: SIGNAL });

/** Supervises extensions and takes events to them. Its parts are wired here and nowhere else. */
export class ExtensionHost extends HostReports {
  readonly #settings: Settings;
  readonly #registry: SubscriptionRegistry;
  readonly #dispatcher: Dispatcher;
  readonly #accounting = new Accounting((extension) => this.#registry.ownedBy(extension));
  readonly #inbound: Inbound;
  readonly #events: HostEvents<Outcome>;
  readonly #activity = new Activity(() => this.#extensions.quiet());
  readonly #extensions: ExtensionRegistry;
  readonly #reloader: Reloader;
  readonly #replacements: ReplacementLog;
  readonly #drops: Drops;
  readonly surfaces: Surfaces;
  readonly #control: ControlServer | undefined;
  readonly #entrance: Entrance;
  readonly #hooks: ProgramHooks;
  readonly #config: FollowedConfig;
  protected readonly parts: EventParts;
  protected readonly reported: Reported;
  #started: Promise<void> | undefined;
  /** True when all extensions have ended, and nothing can be asked of them any more. */
  #ended = false;
  #stopped: Promise<void> | undefined;
  readonly #stopping = new AbortController();
  /** Reading the folders: the part of a start that a stop has to wait for. */
  #loading: Promise<void> = Promise.resolve();

  constructor(settings: Settings) {
    super();
    // One listener for each prompt that is open.
    setMaxListeners(0, this.#stopping.signal);
    this.#settings = settings;
    this.#events = new HostEvents(settings.logger);
    this.#inbound = new Inbound(settings.logger);
    const { baseDir, logger } = settings;
    const replaced = new LineLog({ baseDir, path: join(baseDir, REPLACEMENT_LOG) }, logger);
    this.#replacements = new ReplacementLog(replaced, settings.clock);
    const deliveries = new Deliveries(this.#activity, (event) => this.#events.tell("breaker", event));
    this.#extensions = new ExtensionRegistry(settings, {
      inbound: this.#inbound,
      activity: this.#activity,
      attach: (extension) => deliveries.attach(extension),
      onLog: ({ id }, entry) => this.#events.tell("log", { extension: id, ...entry }),
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
    this.#extensions.onStandIns(followStandIns(this.#registry, settings.catalogs));
    this.#extensions.onState((extension, from, to) => tellState(this.#events, extension, from, to));
    this.#drops = followDrops(settings, this.#extensions, this.#accounting);
    const { clock, limits } = settings;
    const recorder = recorderOf(
      settings,
      this.#accounting,
      () => this.#replacements,
      new Mistakes({
        logger,
        extensions: this.#extensions,
        actionsOf: (kind) => this.#registry.kind(kind)?.actions ?? [],
      }).tell,
      (outcome) => {
        this.#events.tell("outcome", outcome as Outcome);
        if (this.surfaces.events.wantsFacts) this.surfaces.events.executed(outcome as Outcome);
      },
    );
    this.#dispatcher = new Dispatcher(
      this.#registry,
      { clock, limits, recorder, streams: this.#accounting.streams, drops: this.#drops },
      settings.chain,
    );
    this.#entrance = new Entrance(settings, this.#dispatcher, this.#registry, this.#stopping.signal);
    const calls = new ProgramCalls(clock, this.#activity, limits);
    const shared = { activity: this.#activity, calls, registry: this.#registry };
    this.#hooks = new ProgramHooks({ ...shared, logger, limitMs: limits.lifecycleBudgetMs });
    this.parts = { ...shared, hooks: this.#hooks, dispatcher: this.#dispatcher, entrance: this.#entrance };
    this.surfaces = createSurfaces({
      ...settings,
      inbound: this.#inbound,
      activity: this.#activity,
      drops: this.#drops,
      extensions: () => this.#extensions.all(),
      mustRun: () => this.#mustRun(),
      extension: (id) => {
        this.#mustRun();
        return this.#extensions.require(id);
      },
      onState: (listener) => this.#extensions.onState(listener),
      onMembers: (listener) => this.#extensions.onMembers(listener),
      call: (extension, request) => extension.call(request),
      intercept: (...args) => this.#activity.during(this.#entrance.intercept(...args)),
      spawn: (extension, request) => this.#extensions.spawn(extension, request),
      warn: (extension, note) => this.#extensions.warn(extension, note),
    });
    this.#config = new FollowedConfig(settings, {
      registry: this.#registry,
      hooks: this.#hooks,
      auditUnder: (audit) => this.#entrance.auditUnder(audit),
      onOutcome: (listener) => this.#events.on("outcome", listener),
      tell: (reload) => this.#events.tell("config_reload", reload),
      emit: (event) => this.#activity.during(this.#entrance.emit(event, undefined)),
    });
    const reported = { extensions: this.#extensions, accounting: this.#accounting, config: this.#config };
    this.reported = { ...reported, entrance: this.#entrance, clock };
    calls.onBreaker = (event) => this.#events.tell("breaker", event);
    calls.publish = (from, topic, data) => this.surfaces.events.publishFrom(from, topic, data);
  }

  /**
   * Loads and starts all extensions. Resolves when each of them runs or failed, when the host is stopped meanwhile, or
   * after `startMs` (default 10 s); latecomers take their documented place in every chain. An extension that fails
   * makes nothing reject; a named folder that does not exist does. A second call does nothing and settles like the
   * first call. When the signal is aborted meanwhile, the host is stopped and the call rejects with the signal's reason.
   */
  start(options: CallOptions = {}): Promise<void> {
    const wrong = wrongStart(options);
    if (wrong) return Promise.reject(wrong);
    if (this.#stopped) return Promise.reject(hostStopped());
    const { signal } = options;
    if (signal?.aborted) return Promise.reject(signal.reason as Error);
    this.#started ??= this.#activity.during(this.#start());
    return unlessAborted(signal, this.#started, () => {
      void this.stop();
      throw signal?.reason;
    });
  }

  /**
   * Calls the listener each time when something happens: `state`, `crash`, `quarantine`, `breaker`, `log`, `outcome`,
   * `stopped`, with the fields of `HostEventMap`. Returns how to stop listening. A listener that throws hurts nobody. Throws a HostError
   * for an event that does not exist.
   */
  on<N extends HostEventName>(name: N, listener: (event: HostEventMap<Outcome>[N]) => unknown): () => void {
    return this.#events.on(name, listener);
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
  reload(id: string, options: ReloadOptions = {}): Promise<void> {
    const wrong = wrongReload(options);
    if (wrong) return Promise.reject(wrong);
    return this.#activity.during(this.#loading.then(() => this.#reloader.reload(id, options)));
  }

  /** Ends an extension and forgets it, until `reload` or the next start. Rejects when there is no such extension. */
  unload(id: string): Promise<void> {
    return this.#activity.during(this.#loading.then(() => this.#reloader.unload(id)));
  }

  /**
   * Drains and ends all extensions at the same time. Safe to call at any moment and more than once. Operations between
   * hooks that are under way end as usual first, within `drainMs` (default 5 s). When the signal is aborted, processes
   * that are left are killed at once; the call still resolves when they are gone.
   */
  stop(options: CallOptions = {}): Promise<void> {
    const wrong = wrongStop(options);
    if (wrong) return Promise.reject(wrong);
    this.#stopped ??= this.#activity.during(this.#stop());
    const { signal } = options;
    if (!signal) return this.#stopped;
    const forget = onAbort(signal, () => {
      this.#entrance.hurry();
      this.#extensions.hurry();
    });
    return this.#stopped.finally(forget);
  }

  /** Stops the host at the end of an `await using` block. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  #mustRun(): void {
    if (this.#ended) throw hostStopped();
  }

  async #start(): Promise<void> {
    this.#loading = this.#extensions.load();
    this.#entrance.openAfter(this.#loading);
    await this.#loading;
    if (!this.#stopped) this.#config.start();
    await startControl(this.#control, this.#settings.logger);
    // After a stop, this starts nothing and reports every extension as not started.
    await this.#extensions.start();
  }

  async #stop(): Promise<void> {
    // An operation that is under way has its after hooks asked, as if nobody had stopped the host.
    const entered = this.#entrance.close();
    this.#stopping.abort();
    this.#config.stop();
    this.#control?.stop();
    await entered;
    // Wait for the reading only: a slow start must not delay the end. `start` has rejected with the reading's error.
    await this.#loading.catch(() => {});
    await this.#extensions.stop(stopSurfaces(this.surfaces));
    this.#ended = true;
    this.#events.tell("stopped", {});
    await this.#hooks.stop();
    this.#drops.close();
    await Promise.all([closeSurfaces(this.surfaces), this.#replacements.settled(), this.#entrance.ended()]);
  }
}
