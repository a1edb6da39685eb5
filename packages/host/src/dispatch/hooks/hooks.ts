import { didYouMean } from "@synaps/sdk/protocol";
import { HostError, messageOf } from "../../errors.js";
import type { Logger } from "../../logger.js";
import { hostStopped } from "../../supervision/failures.js";
import type { Activity } from "../../time/activity.js";
import { LATE, limited } from "../../time/limited.js";
import type { Catalogs } from "../kind-types.js";
import type { ProgramCalls } from "../program-calls.js";
import type { SubscriptionRegistry } from "../registry.js";
import type { Subscription } from "../subscription.js";
import type { Hook, HookInfo, HookPlugin, HookQuery, Hooks } from "./hook.js";
import { fits, readHook, readPlugin, refused, type ReadHook } from "./read-hook.js";

interface HookServices {
  readonly registry: SubscriptionRegistry;
  readonly calls: ProgramCalls;
  readonly activity: Activity;
  readonly logger: Logger;
  /** Longest time of one `onRegister` or `onUnregister`, in milliseconds. */
  readonly limitMs: number;
}

/** The plugin of the hooks that the host's configuration switches on. */
const BUILT_IN = "host";

/** A hook that is registered. */
class Member {
  readonly hook: ReadHook;
  readonly plugin: string | null;
  enabled = true;

  constructor(hook: ReadHook, plugin: string | null) {
    this.hook = hook;
    this.plugin = plugin;
  }

  /** `isAsked`: says if one of its subscriptions is asked. */
  info(isAsked: (subscription: Subscription) => boolean): HookInfo {
    const { plugin } = this;
    const enabled = this.enabled && this.hook.subscriptions.some(isAsked);
    const breakers = this.hook.subscriptions.flatMap(({ target }) => target.breaker?.status ?? []);
    return { ...this.hook.info, plugin, enabled, breakers };
  }
}

/** The hooks of the program, in the order in which they were registered. */
export class ProgramHooks implements Hooks<Catalogs> {
  readonly #services: HookServices;
  readonly #members = new Map<string, Member>();
  /** Ids whose `onRegister` runs. */
  readonly #coming = new Set<string>();
  #stopped = false;

  constructor(services: HookServices) {
    this.#services = services;
  }

  async use(hook: Hook<Catalogs>): Promise<() => Promise<void>> {
    return this.#register([hook], null);
  }

  async registerMultiple(hooks: readonly Hook<Catalogs>[]): Promise<() => Promise<void>> {
    if (!Array.isArray(hooks)) throw refused("list", "registerMultiple takes a list of hooks");
    return this.#register([...(hooks as readonly Hook<Catalogs>[])], null);
  }

  async usePlugin(plugin: HookPlugin<Catalogs>): Promise<() => Promise<void>> {
    const { name, hooks } = readPlugin(plugin);
    if ([...this.#members.values()].some((member) => member.plugin === name))
      throw refused(`plugin '${name}'`, "a plugin of this name is registered");
    return this.#register(hooks, name);
  }

  list(query: HookQuery = {}): HookInfo[] {
    return [...this.#members.values()].map((member) => this.#infoOf(member)).filter(fits(query));
  }

  names(query: HookQuery = {}): string[] {
    return this.list(query).map(({ id }) => id);
  }

  count(query: HookQuery = {}): number {
    return this.list(query).length;
  }

  get(id: string): HookInfo | undefined {
    const member = this.#members.get(id);
    return member && this.#infoOf(member);
  }

  enable(id: string): void {
    this.#switch(this.#require(id), true);
  }

  disable(id: string): void {
    this.#switch(this.#require(id), false);
  }

  async unregister(id: string): Promise<void> {
    await this.#unregister([this.#require(id)]);
  }

  async unregisterPlugin(name: string): Promise<void> {
    const members = [...this.#members.values()].filter(({ plugin }) => plugin === name);
    if (members.length === 0) throw notFound("plugin", name, [...new Set(this.#plugins())]);
    await this.#unregister(members);
  }

  /**
   * Puts hooks of the host itself in the place of earlier ones, with no moment between the two. They begin and end without
   * a word. One whose id the program has taken is left out, and told. Returns the ids of those.
   */
  replaceBuiltIns(gone: readonly string[], hooks: readonly object[]): string[] {
    const { registry, calls, logger } = this.#services;
    const there = gone.flatMap((id) => this.#members.get(id) ?? []);
    const before = there.filter(({ plugin }) => plugin === BUILT_IN);
    for (const { hook } of before) this.#members.delete(hook.info.id);
    const added = hooks.map((hook) => readHook(hook, registry, calls));
    const free = added.filter(({ info: { id } }) => {
      const isTaken = this.#members.has(id) || this.#coming.has(id);
      if (isTaken) logger.warn(`The built-in hook '${id}' is left out: the program has a hook of this name`);
      return !isTaken;
    });
    for (const hook of free) this.#members.set(hook.info.id, new Member(hook, BUILT_IN));
    const subscriptions = (of: readonly ReadHook[]) => of.flatMap((hook) => hook.subscriptions);
    registry.replace(subscriptions(before.map(({ hook }) => hook)), subscriptions(free), undefined);
    for (const { hook } of before) this.#note("Unregistered", hook);
    for (const hook of free) this.#note("Registered", hook);
    return added.filter((hook) => !free.includes(hook)).map(({ info }) => info.id);
  }

  /** Forgets a hook whose subscriptions are gone. Its `onUnregister` is not waited for; a failure is logged. */
  gone(id: string): void {
    const member = this.#members.get(id);
    if (member) void this.#unregister([member]).catch((error: unknown) => this.#log(error));
  }

  /** Unregisters all hooks at the same time. Failures are logged. Refuses every hook from then on. */
  async stop(): Promise<void> {
    this.#stopped = true;
    const members = [...this.#members.values()].reverse();
    await Promise.all(
      members.map((member) => this.#unregister([member]).catch((error: unknown) => this.#log(error))),
    );
  }

  async #register(given: readonly unknown[], plugin: string | null): Promise<() => Promise<void>> {
    const { registry, calls, activity } = this.#services;
    if (this.#stopped) throw hostStopped();
    const hooks: ReadHook[] = [];
    try {
      for (const one of given) {
        const hook = readHook(one, registry, calls);
        this.#reserve(hook.info.id);
        hooks.push(hook);
      }
      await activity.during(this.#begin(hooks));
      // Stopped in the very moment in which the last one had begun.
      if (this.#stopped) await this.#refuseAll(hooks);
    } finally {
      for (const { info } of hooks) this.#coming.delete(info.id);
    }
    const members = hooks.map((hook) => new Member(hook, plugin));
    for (const member of members) this.#members.set(member.hook.info.id, member);
    for (const { hook } of members) this.#note("Registered", hook);
    registry.add(
      hooks.flatMap(({ subscriptions }) => subscriptions),
      undefined,
    );
    return () => this.#unregister(members);
  }

  #reserve(id: string): void {
    const isTaken =
      this.#members.has(id) || this.#coming.has(id) || this.#services.registry.ownedBy(id).size > 0;
    if (isTaken) throw refused(`'${id}'`, "its id is taken");
    this.#coming.add(id);
  }

  /** Runs `onRegister` of each hook in turn. When one fails, the earlier ones are ended again. */
  async #begin(hooks: readonly ReadHook[]): Promise<void> {
    const begun: ReadHook[] = [];
    try {
      for (const hook of hooks) {
        if (hook.onRegister) await this.#limited("onRegister", hook.info.id, hook.onRegister);
        begun.push(hook);
      }
    } catch (error) {
      await this.#endAll(begun);
      throw error;
    }
  }

  async #refuseAll(hooks: readonly ReadHook[]): Promise<never> {
    await this.#endAll(hooks);
    throw hostStopped();
  }

  async #endAll(hooks: readonly ReadHook[]): Promise<void> {
    for (const hook of [...hooks].reverse())
      await this.#end(hook).catch((error: unknown) => this.#log(error));
  }

  /** Removes all, then ends them one after the other, the last one first. Rejects with the first failure. */
  async #unregister(members: readonly Member[]): Promise<void> {
    const { registry, activity } = this.#services;
    const there = members.filter((member) => this.#members.get(member.hook.info.id) === member);
    for (const { hook } of there) this.#members.delete(hook.info.id);
    registry.remove(there.flatMap(({ hook }) => hook.subscriptions));
    for (const { hook } of there) this.#note("Unregistered", hook);
    const failures: unknown[] = [];
    for (const { hook } of there.reverse())
      await activity.during(this.#end(hook)).catch((error: unknown) => void failures.push(error));
    for (const failure of failures.slice(1)) this.#log(failure);
    if (failures.length > 0) throw failures[0] as Error;
  }

  async #end({ info, onUnregister }: ReadHook): Promise<void> {
    if (onUnregister) await this.#limited("onUnregister", info.id, onUnregister);
  }

  async #limited(what: "onRegister" | "onUnregister", id: string, run: () => unknown): Promise<void> {
    const { calls, limitMs } = this.#services;
    const failed = (why: string, cause?: unknown): HostError =>
      what === "onRegister"
        ? refused(`'${id}'`, why, cause)
        : new HostError("HOOK_UNREGISTER_FAILED", `The hook '${id}' is unregistered, but ${why}`, {
            hint: "What the hook should have closed may still be open: correct its onUnregister.",
            cause,
          });
    let ended: unknown;
    try {
      ended = await limited(calls.clock, limitMs, Promise.resolve(run()));
    } catch (error) {
      throw failed(`its ${what} threw: ${messageOf(error)}`, error);
    }
    if (ended === LATE) throw failed(`its ${what} took longer than ${limitMs} ms`);
  }

  #switch(member: Member, enabled: boolean): void {
    member.enabled = enabled;
    if (enabled) for (const { target } of member.hook.subscriptions) target.breaker?.forgive();
    for (const subscription of member.hook.subscriptions) this.#services.registry.show(subscription, enabled);
  }

  #infoOf(member: Member): HookInfo {
    return member.info((subscription) => this.#services.registry.isAsked(subscription));
  }

  #require(id: string): Member {
    const member = this.#members.get(id);
    if (!member) throw notFound("hook", id, [...this.#members.keys()]);
    return member;
  }

  *#plugins(): Iterable<string> {
    for (const { plugin } of this.#members.values()) if (plugin !== null) yield plugin;
  }

  #note(what: "Registered" | "Unregistered", { info: { id, kinds } }: ReadHook): void {
    this.#services.logger.debug(`[hooks] ${what} hook '${id}'`, { hook: id, kinds: kinds.join(", ") });
  }

  #log(error: unknown): void {
    this.#services.logger.warn(messageOf(error));
  }
}

function notFound(what: string, name: string, known: readonly string[]): HostError {
  const meant = didYouMean(name, known);
  return new HostError("HOOK_NOT_FOUND", `No ${what} of the program is called '${name.slice(0, 64)}'`, {
    hint: meant === undefined ? "`host.hooks.names()` lists the hooks." : `Did you mean '${meant}'?`,
  });
}
