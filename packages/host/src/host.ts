import pTimeout from "p-timeout";
import type { ChainPolicy, JsonValue, Permission } from "@synaps/sdk/protocol";
import { Dispatcher } from "./dispatch/dispatcher.js";
import { subscriptionsOf } from "./dispatch/from-manifest.js";
import { InProcessTarget, type InProcessHandler } from "./dispatch/in-process.js";
import type { Outcome } from "./dispatch/outcome.js";
import { SubscriptionRegistry } from "./dispatch/registry.js";
import type { Filter, Phase, Subscription } from "./dispatch/subscription.js";
import { HostError } from "./errors.js";
import type { EventInput } from "./event/input.js";
import { Extension, type ExtensionSnapshot } from "./extension/extension.js";
import type { ExtensionState } from "./extension/states.js";
import {
  intercept,
  type InterceptKinds,
  type InterceptResult,
  type OperationResult,
} from "./intercept/intercept.js";
import { collect } from "./inventory/collect.js";
import type { InventoryEntry, InventoryStatus } from "./inventory/inventory.js";
import type { Diagnostic } from "./manifest/diagnostic.js";
import { Accounting, type SubscriptionCount } from "./observe/accounting.js";
import { isTruthy, traceLine } from "./observe/trace.js";
import type { ConfirmPrompt, HostOptions } from "./options.js";
import type { Recorder } from "./recorder.js";
import { settingsOf, type Settings } from "./settings.js";

/** One extension as the host sees it now, also when it has no process. */
export interface ExtensionStatus {
  id: string;
  version: string | null;
  root: string;
  state: ExtensionState | Exclude<InventoryStatus, "ready">;
  hooks: readonly string[];
  diagnostics: readonly Diagnostic[];
  /** The process, when the manifest was fine. */
  process: ExtensionSnapshot | undefined;
}

export interface HostSnapshot {
  extensions: readonly ExtensionStatus[];
  subscriptions: readonly SubscriptionCount[];
}

export interface SubscribeOptions {
  /** Name that votes carry. Default `program`. */
  id?: string;
  /** Lower is asked first. Default 0. */
  priority?: number;
  phase?: Phase;
  /** Whether not answering counts as a block. Default false. */
  closed?: boolean;
  /** Default: the kind's. */
  deadlineMs?: number;
  filter?: Filter;
  /** Default: what the kind and its actions need. The program itself needs nobody's leave. */
  permissions?: readonly Permission[];
}

export interface EmitOptions {
  /** For this event instead of the host's or the catalog's policy. */
  chain?: ChainPolicy;
}

export interface InterceptOptions extends EmitOptions {
  confirm?: ConfirmPrompt;
}

/** Creates a host. Reads and starts nothing yet. Throws a HostError for wrong options. */
export function createHost(options: HostOptions = {}): Host {
  return new Host(settingsOf(options));
}

/** Supervises extensions and takes events to them. Its parts are wired here and nowhere else. */
export class Host {
  readonly #settings: Settings;
  readonly #registry: SubscriptionRegistry;
  readonly #dispatcher: Dispatcher;
  readonly #accounting = new Accounting();
  #inventory: InventoryEntry[] = [];
  readonly #extensions = new Map<InventoryEntry, Extension>();
  #started: Promise<void> | undefined;
  #stopped: Promise<void> | undefined;
  /** Reading the folders: the part of a start that a stop has to wait for. */
  #loading: Promise<void> = Promise.resolve();
  #starting: Promise<unknown> = Promise.resolve();
  readonly #killAll = (): void => {
    for (const extension of this.#extensions.values()) extension.kill();
  };

  constructor(settings: Settings) {
    this.#settings = settings;
    this.#registry = new SubscriptionRegistry(settings.catalogs);
    const { clock, limits, env, trace } = settings;
    const recorder: Recorder = {
      handlerCalled: (call) => {
        // Read each time: somebody who debugs a running program can switch it on.
        if (isTruthy(env["SYNAPS_EXTENSIONS_TRACE"])) trace(traceLine(call));
      },
      eventSettled: (kind, votes) => this.#accounting.add(kind, votes),
    };
    this.#dispatcher = new Dispatcher(this.#registry, { clock, limits, recorder }, settings.chain);
  }

  /**
   * Loads and starts all extensions. Resolves when each of them runs or failed, or after `startMs` (default 10 s);
   * latecomers take their documented place in every chain. An extension that fails makes nothing reject; a named
   * folder that does not exist does.
   */
  start(): Promise<void> {
    if (this.#stopped) return Promise.reject(new HostError("HOST_STOPPED", "The host was stopped", { hint: "Create a new host." }));
    if (this.#started) return Promise.reject(new HostError("HOST_ALREADY_STARTED", "The host is already started"));
    this.#started = this.#start();
    return this.#started;
  }

  /**
   * Raises an event. For gates and lifecycle kinds the outcome is final; for observers `settled` resolves later.
   * Never rejects because of an extension; rejects with a HostError for an unknown kind or an event that is not JSON.
   */
  emit(event: EventInput, { chain }: EmitOptions = {}): Promise<Outcome> {
    return this.#dispatcher.emit(event, chain);
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
    return intercept(kinds, event, run, {
      emit: (input, chain) => this.emit(input, { chain }),
      confirm: options.confirm ?? this.#settings.confirm,
      policy: options.chain ?? this.#settings.chain ?? "rewrite_then_veto",
    });
  }

  /** Subscribes a function of the program itself. Returns how to take it back. */
  subscribe(kind: string, handler: InProcessHandler, options: SubscribeOptions = {}): () => void {
    const spec = this.#registry.kind(kind);
    const needed = [spec.permission, ...Object.values(spec.actionPermissions ?? {})];
    const permissions = new Set<Permission>(options.permissions ?? needed);
    const id = options.id ?? "program";
    const refused = !permissions.has(spec.permission)
      ? `Extension '${id}' lacks permission '${spec.permission}' required for hook '${kind}'`
      : options.filter?.tools && !spec.toolFilter
        ? `hook '${kind}' does not allow a tool filter`
        : undefined;
    if (refused !== undefined) throw new HostError("SUBSCRIBE_DENIED", refused, { hint: "Correct the options of subscribe." });
    const subscription: Subscription = {
      id: `${kind}#${this.#registry.of(kind).filter(({ extension }) => extension === id).length + 1}`,
      extension: id,
      kind,
      filter: options.filter ?? {},
      priority: options.priority ?? 0,
      phase: options.phase,
      closed: options.closed ?? false,
      deadlineMs: options.deadlineMs ?? spec.deadlineMs,
      permissions,
      target: new InProcessTarget(id, handler, this.#settings.clock),
    };
    this.#registry.add([subscription], undefined);
    return () => void this.#registry.remove((one) => one === subscription);
  }

  /** Removes all subscriptions of one extension or of one `id` given to `subscribe`; returns how many those were. */
  unsubscribeAll(id: string): number {
    return this.#registry.remove(({ extension }) => extension === id);
  }

  /** What one extension is subscribed to, sorted by kind, then by tool filter, those without one first. */
  subscriptionsFor(id: string): { kind: string; subscription: string; tools: readonly string[] | undefined }[] {
    return this.#registry
      .all()
      .filter(({ extension }) => extension === id)
      .map(({ kind, id: subscription, filter }) => ({ kind, subscription, tools: filter.tools }))
      .sort((a, b) => compare(a.kind, b.kind) || compare(a.tools?.join() ?? "", b.tools?.join() ?? ""));
  }

  /** Number of subscriptions, of one kind or of all. */
  handlerCount(kind?: string): number {
    return kind === undefined ? this.#registry.all().length : this.#registry.of(kind).length;
  }

  isEmpty(): boolean {
    return this.handlerCount() === 0;
  }

  /** What every extension and every subscription is up to. Holds no payload, configuration or secret. */
  snapshot(): HostSnapshot {
    const extensions = this.#inventory.map((entry): ExtensionStatus => {
      const extension = this.#extensions.get(entry);
      const { id, root, status, diagnostics } = entry;
      return {
        id,
        version: entry.extension?.version ?? null,
        root,
        state: extension?.state ?? (status === "ready" ? "loaded" : status),
        hooks: entry.extension?.section.hooks.map(({ hook }) => hook) ?? [],
        diagnostics,
        process: extension?.snapshot(),
      };
    });
    return { extensions, subscriptions: this.#accounting.counts() };
  }

  /** Resolves when no observer owes an answer any more. */
  settled(): Promise<void> {
    return this.#dispatcher.settled();
  }

  /** Drains and ends all extensions at the same time. Safe to call at any moment and more than once. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #start(): Promise<void> {
    this.#loading = this.#load();
    await this.#loading;
    if (this.#stopped) return;
    process.once("exit", this.#killAll);
    this.#starting = this.#startAll();
    const milliseconds = Math.max(1, this.#settings.limits.startMs);
    await pTimeout(this.#starting, { milliseconds, fallback: () => {} });
  }

  async #load(): Promise<void> {
    const settings = this.#settings;
    this.#inventory = await collect({ ...settings, nowMs: settings.clock.wallMs() });
    if (this.#stopped) return;
    for (const entry of this.#inventory) {
      if (entry.status !== "ready" || !entry.extension) continue;
      const extension = new Extension(entry.extension, {
        ...settings,
        onState: (one, from, to) => settings.logger.info("extension state", { extension: one.id, from, to }),
      });
      this.#extensions.set(entry, extension);
      this.#registry.add(subscriptionsOf(entry.extension, extension, settings.catalogs), entry.id);
    }
  }

  /** A few at a time: spawning blocks for milliseconds, and more at once only compete. */
  async #startAll(): Promise<void> {
    const waiting = [...this.#extensions.entries()];
    const worker = async (): Promise<void> => {
      for (let next = waiting.shift(); next && !this.#stopped; next = waiting.shift()) await this.#startOne(...next);
    };
    await Promise.all(Array.from({ length: this.#settings.limits.startConcurrency }, worker));
  }

  async #startOne(entry: InventoryEntry, extension: Extension): Promise<void> {
    try {
      await extension.start();
    } catch (error) {
      if (this.#stopped || !(error instanceof HostError)) return;
      const { id, manifestPath: file } = entry;
      const { code, message, hint } = error;
      const diagnostic = { severity: "error", code, extension: id, file, pointer: "", message, hint } as const;
      entry.diagnostics = [...entry.diagnostics, diagnostic];
      this.#settings.logger.error(message, { extension: id, code, hint });
    }
  }

  async #stop(): Promise<void> {
    // Not for the handshakes: an extension that is slow to start must not delay the end of the program.
    await this.#loading.catch(() => {});
    await Promise.all([...this.#extensions.values()].map((extension) => extension.stop()));
    await this.#starting;
    process.off("exit", this.#killAll);
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
