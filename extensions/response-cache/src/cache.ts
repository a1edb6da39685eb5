import type { JsonObject } from "@synaps/sdk";
import { globMatches } from "@synaps/sdk/protocol";
import type { Clock } from "./clock.js";
import { keyOf, nameOf, type Area, type Asked } from "./key.js";
import { Pending } from "./pending.js";
import type { Policy } from "./settings.js";
import type { Store } from "./stores/store.js";

/** An event after an operation, as far as the cache reads it. */
export interface Ran extends Asked {
  readonly tool_output: string | null;
  readonly meta?: {
    readonly is_error?: boolean;
    readonly truncated?: boolean;
    readonly deadline_ms?: number;
    readonly tool_call_id?: string;
    readonly correlation_id?: string;
  };
}

/** Reasons for which an output was not kept, as they stand in the figures. */
export type NotKept =
  "error" | "no_output" | "too_large" | "cut" | "withheld" | "hurried" | "without_look_up" | "not_text";

/** End of the look before an operation. */
export type Look =
  | { readonly end: "hit"; readonly output: string }
  | { readonly end: "miss" | "not_selected" | "nobody" }
  | { readonly end: "away"; readonly why: string };

/** The group of everything, which `clear` drops. */
const ALL = "all";

/** The text that a host puts in place of an output that a closed hook could not check. */
const WITHHELD = "[output withheld: ";

/**
 * Less time left than this means that the host asks all remaining hooks at once: an output that it hands over then may
 * not be the one that is passed on. Twice the reserve that hosts keep for this case.
 */
const UNHURRIED_MS = 1_000;

/** Decides what is answered from the store and what is put into it. Knows nothing about where the store is. */
export class ResponseCache {
  policy: Policy;
  readonly #store: Store;
  readonly #pending: Pending;
  readonly #counts = { hits: 0, misses: 0, away: 0, nobody: 0, kept: 0, invalidations: 0 };
  readonly #notKept = new Map<NotKept, number>();

  constructor(policy: Policy, store: Store, clock: Pick<Clock, "now">) {
    this.policy = policy;
    this.#store = store;
    this.#pending = new Pending(clock);
  }

  async before(area: Area, event: Asked & Pick<Ran, "meta">): Promise<Look> {
    const name = nameOf(area, event);
    if (!this.#selects(area, name)) return { end: "not_selected" };
    const key = this.#key(area, event);
    if (key === undefined) {
      this.#counts.nobody += 1;
      return { end: "nobody" };
    }
    const { output, seal, away } = await this.#store.find(key, this.#groupsOf(name));
    if (output !== undefined) {
      this.#counts.hits += 1;
      return { end: "hit", output };
    }
    if (seal !== undefined) this.#pending.begin(operation(key, event), seal);
    if (away !== undefined) {
      this.#counts.away += 1;
      return { end: "away", why: away };
    }
    this.#counts.misses += 1;
    return { end: "miss" };
  }

  /** Drops what the tool made invalid, and keeps its output where that is right. */
  async after(area: Area, event: Ran): Promise<void> {
    const name = nameOf(area, event);
    await this.#invalidate(area, name);
    if (!this.#selects(area, name)) return;
    const key = this.#key(area, event);
    if (key === undefined) return;
    const seal = this.#pending.end(operation(key, event));
    const wrong = this.#reasonAgainst(event, seal);
    if (wrong !== undefined) return void this.#notKept.set(wrong, (this.#notKept.get(wrong) ?? 0) + 1);
    this.#counts.kept += 1;
    this.#store.keep(key, seal as string, event.tool_output as string);
  }

  /** A tool failed, and what it changed before is changed all the same. */
  async failed(event: Ran): Promise<void> {
    const name = nameOf("tool", event);
    await this.#invalidate("tool", name);
    const key = this.#selects("tool", name) ? this.#key("tool", event) : undefined;
    if (key !== undefined) this.#pending.end(operation(key, event));
  }

  /** Drops everything. */
  async clear(): Promise<void> {
    this.#counts.invalidations += 1;
    await this.#store.drop([ALL]);
  }

  /** Figures since the start. */
  stats(): JsonObject {
    return {
      ...this.#counts,
      not_kept: Object.fromEntries(this.#notKept),
      under_way: this.#pending.size,
      ...this.#store.status(),
    };
  }

  #selects(area: Area, name: string): boolean {
    const patterns = area === "tool" ? this.policy.tools : this.policy.agents;
    return patterns.some((pattern) => globMatches(pattern, name)) && this.#changes(area, name).length === 0;
  }

  /** Rules for what a tool makes invalid. A tool that changes something has to run each time. */
  #changes(area: Area, name: string): Policy["invalidate"] {
    return area === "tool" ? this.policy.invalidate.filter(({ after }) => globMatches(after, name)) : [];
  }

  #key(area: Area, event: Asked): string | undefined {
    return keyOf(area, event, this.policy.scope, this.policy.vary);
  }

  #groupsOf(name: string): string[] {
    const patterns = new Set(this.policy.invalidate.flatMap(({ drops }) => drops));
    return [ALL, ...[...patterns].filter((pattern) => globMatches(pattern, name)).sort()];
  }

  async #invalidate(area: Area, name: string): Promise<void> {
    const rules = this.#changes(area, name);
    if (rules.length === 0) return;
    this.#counts.invalidations += 1;
    await this.#store.drop([...new Set(rules.flatMap(({ drops }) => drops))]);
  }

  #reasonAgainst({ tool_output: output, meta }: Ran, seal: string | undefined): NotKept | undefined {
    if (meta?.is_error !== false) return "error";
    if (output === null) return "no_output";
    if (meta.truncated === true) return "cut";
    if (output.startsWith(WITHHELD)) return "withheld";
    if ((meta.deadline_ms ?? 0) < UNHURRIED_MS) return "hurried";
    if (Buffer.byteLength(output) > this.policy.maxEntryBytes) return "too_large";
    // Half a character would come back as another one.
    if (Buffer.from(output).toString() !== output) return "not_text";
    return seal === undefined ? "without_look_up" : undefined;
  }
}

/** The program's own id of the call joins the question and the output for certain; without one, the key has to do. */
function operation(key: string, { meta }: Pick<Ran, "meta">): string {
  return `${key} ${meta?.tool_call_id ?? meta?.correlation_id ?? ""}`;
}
