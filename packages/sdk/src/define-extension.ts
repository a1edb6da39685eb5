import "./guard/own-program.js";
import { checkDefinition, checkKind } from "./checks/definition.js";
import { checkShape, checkType } from "./checks/shape.js";
import { fromAuthor } from "./checks/wording.js";
import { markExtension } from "./checks/extension.js";
import type { ConfigOf, ConfigSpec } from "./config.js";
import type { ConfigChange, ExtensionConfiguration } from "./configuration.js";
import type { ExtensionMemory } from "./memory.js";
import type { Catalogs, CatalogEvent, CatalogVerdict, KindOf } from "./protocol/catalog-types.js";
import type { DroppedNotice } from "./protocol/dropped.js";
import type { HookEvent } from "./protocol/events.js";
import type { JsonObject, JsonValue } from "./protocol/json.js";
import type { SynapsVerdict, Verdict } from "./protocol/results.js";
import type { ExtensionEvents, PublishedEvent } from "./raised-events.js";
import type { ProviderDefinition } from "./providers.js";
import type { SynapsKind } from "./protocol/synaps-catalog.js";
import type { EventFor, ToolInputs } from "./tool-inputs.js";
import { watchForServe } from "./serve/forgotten-serve.js";
import type { ExtensionWidgets, ScreenDefinition } from "./screens.js";

type Awaitable<T> = T | Promise<T>;

/** What every handler and tool gets beside its event or input. */
export interface ExtensionContext<C extends ConfigSpec = ConfigSpec> {
  /** The extension's id: the name of its folder. */
  readonly id: string;
  /** Absolute path of the extension's folder; null from hosts that send none. */
  readonly root: string | null;
  /** As it was when the event or call came; in `start` and `stop`, and with `onConfigChange`, as it is now. */
  readonly config: ConfigOf<C>;
  /** To read and change the configuration at the host. */
  readonly configuration: ExtensionConfiguration;
  readonly memory: ExtensionMemory;
  readonly widgets: ExtensionWidgets;
  /** To raise events for other extensions and for the program. */
  readonly events: ExtensionEvents;
  /** Writes one line to stderr, which the host keeps as this extension's log. Never put secrets in it. */
  log(message: string): void;
}

/**
 * Given to a handler beside the event: the configuration and ways to reach the host, and a signal for this one call.
 */
export interface CallContext<C extends ConfigSpec = ConfigSpec> extends ExtensionContext<C> {
  /** Aborted when the host no longer waits: the deadline passed or the operation was cancelled (protocol 3). */
  readonly signal: AbortSignal;
  /**
   * In the handler of a hook: adds to the shared context of the event, which later hooks get as `event.meta.annotations`
   * (protocol 3). At most 32 members and 8 KiB as JSON for one event: a host drops what has no room, and says so.
   */
  annotate(name: string, value: JsonValue): void;
}

/** A kind of another catalog; its name carries a prefix, as in `gateway.connection`. */
export type OtherKind = `${string}.${string}`;

type NoInputs = Record<never, never>;

/** Answering nothing is the same as `proceed()`. */
export type HookHandler<
  K extends SynapsKind | OtherKind,
  C extends ConfigSpec = ConfigSpec,
  I extends ToolInputs = NoInputs,
> = (
  event: K extends SynapsKind ? EventFor<K, I> : HookEvent,
  context: CallContext<C>,
) => Awaitable<(K extends SynapsKind ? SynapsVerdict<K> : Verdict) | undefined | void>;

/** The catalogs of an extension that names none: the kinds of `synaps` are typed, and any other may be handled. */
export type NoCatalogs = readonly [];

/**
 * Handlers by hook kind, typed for the kinds of the `synaps` catalog and of those that the definition names in `catalogs`.
 * Without `catalogs`, any kind with a dot in its name will do, and its events are not typed.
 */
export type HookHandlers<
  C extends ConfigSpec,
  I extends ToolInputs = NoInputs,
  O extends Catalogs = NoCatalogs,
> = {
  [K in SynapsKind]?: HookHandler<K, C, I>;
} & (O extends NoCatalogs
  ? { [K in OtherKind]?: HookHandler<K, C> }
  : { [K in Exclude<KindOf<O>, SynapsKind>]?: CatalogHandler<O, K, C> });

/** Handles the events of a kind of these catalogs. Answering nothing is the same as `proceed()`. */
export type CatalogHandler<O extends Catalogs, K extends string, C extends ConfigSpec = ConfigSpec> = (
  event: CatalogEvent<O, K>,
  context: CallContext<C>,
) => Awaitable<({} & CatalogVerdict<O, K>) | undefined | void>;

/** Kinds that an extension may handle: those of `synaps` and of the catalogs that it names, or any with a dot. */
export type HandledKind<O extends Catalogs> = SynapsKind | (O extends NoCatalogs ? OtherKind : KindOf<O>);

type HandlerOf<O extends Catalogs, K extends string, I extends ToolInputs> = K extends SynapsKind
  ? HookHandler<K, ConfigSpec, I>
  : O extends NoCatalogs
    ? HookHandler<K & OtherKind>
    : CatalogHandler<O, K>;

/** How far a tool is. At least one of the parts. */
export interface ProgressReport {
  /** What it is doing, up to 1000 characters. */
  message?: string;
  current?: number;
  total?: number;
  /** A further part of the output, for callers that show it as it comes. The result must still hold all of it. */
  content?: string;
}

/** Given to a running tool beside its input. */
export interface ToolContext<C extends ConfigSpec = ConfigSpec> extends CallContext<C> {
  /** The session that the call belongs to; null when there is none, or from hosts that do not say. */
  readonly sessionId: string | null;
  /**
   * Tells the caller how far the tool is; a string is a `message`. Does nothing when nobody listens. A host takes up
   * to 10,000 reports and 1 MiB of text for one call (protocol 3).
   */
  progress(report: ProgressReport | string): void;
}

/** A tool that models and programs can call. Its name inside the extension is its key in `tools`. */
export interface ToolDefinition<C extends ConfigSpec = ConfigSpec> {
  description: string;
  /** JSON Schema of the input: an object. */
  input_schema: JsonObject;
  /** Whether it may be called once more when this process ends under a call: it then runs twice. Default false. */
  idempotent?: boolean;
  /** A string, `{content: string}`, or any JSON, which the host turns into text. What it throws is its error. */
  run(input: JsonValue, context: ToolContext<C>): Awaitable<JsonValue>;
}

/**
 * Everything that an extension does, for `defineExtension`. An unknown kind or key throws there, with a suggestion.
 * The manifest decides what is asked; code that the manifest does not name never runs.
 */
export interface ExtensionDefinition<
  C extends ConfigSpec = ConfigSpec,
  I extends ToolInputs = NoInputs,
  O extends Catalogs = NoCatalogs,
> extends ScreenDefinition<C> {
  /** Catalogs beside `synaps` whose kinds are handled: their events and answers are typed, and answers checked. */
  catalogs?: O;
  /** Keys to read from the manifest's `config`, with their types. */
  config?: C;
  /**
   * Shapes of tools' inputs, by the tool's name: `event.tool_input` has these types in the hooks of tools. An event whose
   * input does not fit, or whose tool has no shape, does not reach the handler: the answer is an error that says so.
   */
  inputs?: I;
  /** Handlers by hook kind. Each kind also needs an entry in the manifest's `hooks`, else it never fires. */
  hooks?: HookHandlers<C, I, O>;
  /** Tools by their name inside the extension; need the permission `tools.register`. */
  tools?: Readonly<Record<string, ToolDefinition<C>>>;
  /** Sources of completions by their id inside the extension; need the permission `providers.register`. */
  providers?: Readonly<Record<string, ProviderDefinition<C>>>;
  /** Runs once, after `initialize` and before the first event. Throwing refuses to start, with that message. */
  start?(context: ExtensionContext<C>): Awaitable<void>;
  /**
   * Runs after a key changed, once for each; `context.config` has the new value already. Needs protocol 3 and the
   * permission `config.subscribe`. Without it, the configuration stays as it was at the start.
   */
  onConfigChange?(change: ConfigChange, context: ExtensionContext<C>): Awaitable<void>;
  /**
   * Handlers of events that others raise, by a glob of topics: `*` for any part of one name, `**` for any number of names.
   * Nobody waits for them, and what they return counts for nothing. Needs protocol 3 and a permission
   * `events.subscribe:<glob>` for the topics: a start with a handler that no topic of the manifest can reach fails. What a
   * handler raises with `events.publish` of its own context, also after an `await`, counts the handlers it came through.
   */
  onEvent?: Readonly<
    Record<string, (event: PublishedEvent, context: ExtensionContext<C>) => Awaitable<void>>
  >;
  /**
   * Runs when the host dropped events that were meant for this extension: a queue was full, or there was no process. At
   * most once a second, with the counts since the last time; needs protocol 3. Nobody waits for the handler, and an error
   * that it throws is logged.
   */
  onDropped?(notice: DroppedNotice, context: ExtensionContext<C>): Awaitable<void>;
  /** Runs once before the process ends: flush and close here. The host waits 500 ms. */
  stop?(context: ExtensionContext<C>): Awaitable<void>;
}

declare const brand: unique symbol;

/** A checked definition, ready for `serve` or for the test harness, which knows the catalogs that the definition names. */
export interface Extension<O extends Catalogs = Catalogs> {
  readonly [brand]?: O;
  readonly definition: Readonly<ExtensionDefinition>;
}

/**
 * Declares an extension with typed hooks, tools, providers and configuration. Does not start anything: hand the result to
 * `serve`. Throws a TypeError that names an unknown hook kind, an unknown key, a value of a wrong type or a missing
 * function. Kinds of other catalogs carry a prefix, as in `gateway.connection`; without `catalogs` they are not compared with
 * any list.
 */
export function defineExtension<
  const C extends ConfigSpec = Record<never, never>,
  const I extends ToolInputs = NoInputs,
  const O extends Catalogs = NoCatalogs,
>(definition: ExtensionDefinition<C, I, O>): Extension<NoInfer<O>> {
  return fromAuthor(defineExtension, () => {
    checkDefinition("defineExtension", definition);
    return extensionOf(definition);
  });
}

/**
 * The one-line form: an extension with a single hook. `inputs` and `catalogs` are as in a definition. Throws like
 * `defineExtension`.
 */
export function defineHook<
  K extends string & HandledKind<O>,
  const I extends ToolInputs = NoInputs,
  const O extends Catalogs = NoCatalogs,
>(kind: K, handler: HandlerOf<O, K, I>, options: { inputs?: I; catalogs?: O } = {}): Extension<NoInfer<O>> {
  return fromAuthor(defineHook, () => {
    checkShape("defineHook: the options", options, { inputs: "object", catalogs: "list" });
    checkKind("defineHook", kind, options.catalogs);
    checkType(`defineHook: the handler of '${kind}'`, handler, "function");
    checkDefinition("defineHook", options);
    return extensionOf({ ...options, hooks: { [kind]: handler } });
  });
}

function extensionOf<O extends Catalogs>(definition: object): Extension<O> {
  watchForServe();
  const extension = { definition: Object.freeze({ ...definition }) as ExtensionDefinition };
  return Object.freeze(markExtension(extension));
}
