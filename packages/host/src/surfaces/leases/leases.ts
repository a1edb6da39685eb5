import type { JsonValue } from "@synaps/sdk/protocol";
import type { Extension } from "../../supervision/extension.js";
import { recheck, reread } from "../../loading/inventory/reread.js";
import type { MemberListener } from "../../supervision/members.js";
import type { Settings } from "../../settings.js";
import { dormantTools, searchTools, type DormantTool } from "./catalog.js";
import { driftBetween } from "./drift.js";
import { Grants } from "./grants.js";
import { startFailure, type Lease, type ToolCall } from "./lease.js";
import { LeasePool } from "./pool.js";
import { leaseFailure, type LeaseFailure, type LeaseResult } from "./result.js";
import { Scopes } from "./scopes.js";
import { callShared } from "./shared.js";

/** The reference's time for one call of a tool. */
const CALL_MS = 120_000;

export interface LeasesServices {
  settings: Settings;
  extensions(): Extension[];
  onMembers(listener: MemberListener): () => void;
}

export interface LeaseCall {
  session: string;
  extension: string;
  tool: string;
  input: JsonValue;
  /** For its turn, and then for the answer. Default 120 s. */
  deadlineMs?: number;
  signal?: AbortSignal;
}

/**
 * Tools of lazy extensions: found without a process, activated one by one for a session, and called through a process
 * that each session has for itself. An extension that also has hooks or providers has one process for all.
 */
export class Leases {
  readonly #services: LeasesServices;
  readonly #grants = new Grants();
  readonly #pool: LeasePool;
  readonly #scopes = new Scopes((session) => this.endSession(session));

  constructor(services: LeasesServices) {
    this.#services = services;
    this.#pool = new LeasePool(services.settings.limits);
    services.onMembers((change) => {
      if (change.type === "added") return;
      const { id } = change.extension;
      this.#grants.forgetExtension(id);
      void this.#pool.endExtension(id);
    });
  }

  /** All tools of lazy extensions. Starts nothing. */
  tools(): DormantTool[] {
    return dormantTools(this.#services.extensions());
  }

  /** Those that all words of the text are found in. Starts nothing, and allows no call. */
  search(text: string): DormantTool[] {
    return searchTools(this.tools(), text);
  }

  /** Activates exactly one tool for a session. Starts nothing. Undefined when it may be called now. */
  grant(session: string, extension: string, tool: string): LeaseFailure | undefined {
    const refused = this.#undeclared(extension, tool);
    if (!refused) this.#grants.grant(session, extension, tool);
    return refused;
  }

  /** Why a tool may not be called in a session, if so. */
  refusal(session: string, extension: string, tool: string): LeaseFailure | undefined {
    const refused = this.#grants.refusal(session, extension, tool);
    return refused && leaseFailure(refused);
  }

  /** Calls an activated tool, and starts its extension for the session if that has none. Never rejects. */
  async execute(call: LeaseCall): Promise<LeaseResult> {
    const { session, extension, tool } = call;
    const result = await this.#execute(call);
    if (!result.ok && result.revoked) this.#grants.revoke(session, extension, tool);
    return result;
  }

  /** Keeps a session's processes until the returned function was called by everybody who holds it. */
  hold(session: string): () => Promise<void> {
    return this.#scopes.hold(session);
  }

  /** Ends all processes of a session and takes its activations back. */
  async endSession(session: string): Promise<void> {
    this.#grants.endSession(session);
    await this.#pool.endSession(session);
  }

  /** Processes that sessions have now. */
  live(): { session: string; extension: string; pid: number | undefined }[] {
    return this.#pool.list();
  }

  /** Ends all of them. Nothing is started afterwards. */
  async stop(): Promise<void> {
    await this.#pool.stop();
  }

  async #execute({ session, extension: id, tool, ...rest }: LeaseCall): Promise<LeaseResult> {
    const refused = this.#undeclared(id, tool) ?? this.refusal(session, id, tool);
    if (refused) return refused;
    const extension = this.#member(id);
    if (!extension) return leaseFailure("not_deferred");
    const call = { tool, input: rest.input, deadlineMs: rest.deadlineMs ?? CALL_MS, signal: rest.signal };
    const drift = await this.#drift(extension);
    if (drift) {
      await this.#pool.end(session, id);
      return drift;
    }
    if (extension.loaded.activation !== "tool") return callShared(extension, call);
    return this.#callOwn(session, extension, call);
  }

  /** Through the session's own process. */
  async #callOwn(session: string, extension: Extension, call: ToolCall): Promise<LeaseResult> {
    let lease: Lease | LeaseFailure;
    try {
      lease = await this.#pool.take(session, extension, () => this.#startable(extension));
    } catch (error) {
      return startFailure(error, call.tool);
    }
    return "ok" in lease ? lease : lease.call(call);
  }

  /** Whether what stands in the folder may be started, with everything that a start of the host checks. */
  async #startable(extension: Extension): Promise<LeaseFailure | undefined> {
    const entry = await recheck(extension.loaded, this.#collectOptions());
    if (!entry?.extension) return leaseFailure("manifest_invalid");
    const drift = driftBetween(extension.loaded, entry.extension);
    return drift && leaseFailure(drift);
  }

  async #drift(extension: Extension): Promise<LeaseFailure | undefined> {
    const now = await reread(extension.loaded, this.#collectOptions());
    if (now.kind !== "loaded") return leaseFailure("manifest_invalid");
    const drift = driftBetween(extension.loaded, now.extension);
    return drift && leaseFailure(drift);
  }

  #undeclared(id: string, tool: string): LeaseFailure | undefined {
    const declared = this.#member(id)?.loaded.deferred?.tools;
    if (!declared) return leaseFailure("not_deferred");
    return declared.some(({ name }) => name === tool) ? undefined : leaseFailure("name_not_listed");
  }

  #member(id: string): Extension | undefined {
    return this.#services.extensions().find((one) => one.id === id && one.lazy);
  }

  #collectOptions(): Settings & { nowMs: number } {
    const { settings } = this.#services;
    return { ...settings, nowMs: settings.clock.wallMs() };
  }
}
