import type { JsonValue } from "@synaps/sdk/protocol";
import type { CollectOptions } from "../../loading/inventory/collect.js";
import type { LoadedExtension } from "../../loading/manifest/loaded.js";
import { recheck, reread } from "../../loading/inventory/reread.js";
import type { Extension } from "../../supervision/extension.js";
import { ANY, between, optionsCheck, SIGNAL, TEXT } from "../../dispatch/options-check.js";
import { MAX_TIMER_MS } from "../../time/clock.js";
import { unlessAborted } from "../../time/abort.js";
import { ask, type HostServices } from "../services.js";
import { lazyTools, searchTools, type LazyTool } from "./catalog.js";
import { configDigest, driftBetween } from "./drift.js";
import { betweenHooks } from "./between-hooks.js";
import { Grants } from "./grants.js";
import { startFailure, type Lease, type ToolCall } from "./lease.js";
import { LeasePool } from "./pool.js";
import {
  leaseFailure,
  leaseResultOf,
  type LeaseCall,
  type LeasedTools,
  type LeaseFailure,
  type LeaseResult,
  type ToldResult,
} from "./result.js";

/** The reference's time for one call of a tool. */
const CALL_MS = 120_000;

const wrongCall = optionsCheck<LeaseCall>(
  "leases.execute",
  {
    session: TEXT,
    extension: TEXT,
    tool: TEXT,
    input: ANY,
    deadlineMs: between(1, MAX_TIMER_MS),
    signal: SIGNAL,
  },
  "HOST_OPTIONS_INVALID",
  ["session", "extension", "tool", "input"],
);

/**
 * Tools of lazy extensions: found without a process, activated one by one for a session, and called through a process
 * that each session has for itself. An extension that also has hooks or providers has one process for all sessions.
 */
export class Leases implements LeasedTools {
  readonly #services: HostServices;
  readonly #grants = new Grants();
  readonly #pool: LeasePool;
  /** Number of holders of each session. */
  readonly #holders = new Map<string, number>();

  constructor(services: HostServices) {
    this.#services = services;
    this.#pool = new LeasePool(services.limits);
    services.onMembers((change) => {
      if (change.type === "added") return;
      const { id } = change.extension;
      this.#grants.forgetExtension(id);
      void this.#pool.endExtension(id);
    });
  }

  /** All tools of lazy extensions. Starts nothing. */
  tools(): LazyTool[] {
    return lazyTools(this.#services.extensions());
  }

  /** Tools in which all words of the text are found. Starts nothing, and allows no call. */
  search(text: string): LazyTool[] {
    return searchTools(this.tools(), text);
  }

  grant(session: string, extension: string, tool: string): LeaseFailure | undefined {
    const refused = this.#undeclared(extension, tool);
    if (!refused) this.#grants.grant(session, extension, tool);
    return refused;
  }

  refusal(session: string, extension: string, tool: string): LeaseFailure | undefined {
    const refused = this.#grants.refusal(session, extension, tool);
    return refused && leaseFailure(refused);
  }

  async execute(call: LeaseCall): Promise<LeaseResult> {
    const wrong = wrongCall(call);
    if (wrong) throw wrong;
    const { session, extension, tool, signal } = call;
    const perform = (input: JsonValue): Promise<ToldResult> => this.executeTold({ ...call, input });
    // Nobody is asked about a call that cannot be made.
    const refused = this.#undeclared(extension, tool) ?? this.refusal(session, extension, tool);
    const work = refused ? perform(call.input) : betweenHooks(this.#services, call, perform);
    const told = await unlessAborted(signal, work, () => leaseFailure("cancelled"));
    if (told.ok || told.error === undefined) return told;
    const { error: _, ...result } = told;
    return result;
  }

  async executeTold(call: LeaseCall): Promise<ToldResult> {
    const wrong = wrongCall(call);
    if (wrong) throw wrong;
    const { session, extension, tool, signal } = call;
    const work = this.#execute(call).then((result) => {
      if (!result.ok && result.revoked) this.#grants.revoke(session, extension, tool);
      return result;
    });
    const { activity } = this.#services;
    return activity.during(unlessAborted(signal, work, () => leaseFailure("cancelled")));
  }

  /** Keeps a session's processes until everybody who holds the session called the returned function. */
  hold(session: string): () => Promise<void> {
    this.#holders.set(session, (this.#holders.get(session) ?? 0) + 1);
    let held = true;
    return async () => {
      if (!held) return;
      held = false;
      const left = (this.#holders.get(session) ?? 1) - 1;
      if (left > 0) this.#holders.set(session, left);
      else this.#holders.delete(session);
      if (left === 0) await this.endSession(session);
    };
  }

  /** Ends all processes of a session and takes its activations back. */
  async endSession(session: string): Promise<void> {
    this.#grants.endSession(session);
    await this.#pool.endSession(session);
  }

  /** The processes of all sessions. */
  live(): { session: string; extension: string; pid: number | undefined }[] {
    return this.#pool.list();
  }

  /** Ends all processes. Nothing is started afterwards. */
  async stop(): Promise<void> {
    await this.#pool.stop();
  }

  async #execute({ session, extension: id, tool, ...rest }: LeaseCall): Promise<ToldResult> {
    const refused = this.#undeclared(id, tool) ?? this.refusal(session, id, tool);
    if (refused) return refused;
    const extension = this.#member(id);
    if (!extension) return leaseFailure("not_deferred");
    const call = { tool, input: rest.input, deadlineMs: rest.deadlineMs ?? CALL_MS, signal: rest.signal };
    const now = await this.#reread(extension);
    if ("ok" in now) {
      if (now.revoked) await this.#pool.end(session, id);
      return now;
    }
    if (extension.loaded.activation !== "tool") return this.#callShared(extension, call);
    return this.#callOwn(session, extension, configDigest(now), call);
  }

  /** All sessions share the one process of an extension that has hooks or providers beside its tools. */
  async #callShared(extension: Extension, { tool, input, ...rest }: ToolCall): Promise<ToldResult> {
    const end = await ask(this.#services, extension, {
      method: "tool.call",
      params: { name: tool, input },
      ...rest,
    });
    const failed = "status" in end && end.status === "unavailable" && end.cause === "failed";
    return failed && extension.failure ? startFailure(extension.failure, tool) : leaseResultOf(end);
  }

  /** Each session has a process of an extension of the class \`tool\` for itself. */
  async #callOwn(session: string, extension: Extension, config: string, call: ToolCall): Promise<ToldResult> {
    let lease: Lease | LeaseFailure;
    try {
      lease = await this.#pool.take(session, extension, config, () => this.#startable(extension));
    } catch (error) {
      return startFailure(error, call.tool);
    }
    return "ok" in lease ? lease : lease.call(call);
  }

  /** The folder's present content, or the reason against its start by all checks of a host's start. */
  async #startable(extension: Extension): Promise<LeaseFailure | LoadedExtension> {
    const entry = await recheck(extension.loaded, this.#collectOptions());
    if (!entry?.extension) return leaseFailure("manifest_invalid");
    return orDrift(extension.loaded, entry.extension);
  }

  /** The folder's present content, or the reason against the use of a process that has begun with it. */
  async #reread({ loaded }: Extension): Promise<LeaseFailure | LoadedExtension> {
    const now = await reread(loaded, this.#collectOptions());
    if (now.kind === "loaded") return orDrift(loaded, now.extension);
    const isConfig =
      now.kind === "invalid" && now.diagnostics.every(({ code }) => code.startsWith("CONFIG_"));
    if (!isConfig) return leaseFailure("manifest_invalid");
    return leaseFailure("config_invalid", now.diagnostics.map(({ message }) => message).join("; "));
  }

  #undeclared(id: string, tool: string): LeaseFailure | undefined {
    const declared = this.#member(id)?.loaded.deferred?.tools;
    if (!declared) return leaseFailure("not_deferred");
    return declared.some(({ name }) => name === tool) ? undefined : leaseFailure("name_not_listed");
  }

  #member(id: string): Extension | undefined {
    return this.#services.extensions().find((one) => one.id === id && one.lazy);
  }

  #collectOptions(): CollectOptions {
    return { ...this.#services, nowMs: this.#services.clock.wallMs() };
  }
}

function orDrift(read: LoadedExtension, now: LoadedExtension): LeaseFailure | LoadedExtension {
  const drift = driftBetween(read, now);
  return drift ? leaseFailure(drift) : now;
}
