import { addTo, noSum, sumFromJson, Sums, sumToJson, type Sum } from "./sums.js";
import type { Usage } from "./usage.js";

/** Ways to look at the costs. */
export const VIEWS = ["component", "model", "session", "day"] as const;
export type View = (typeof VIEWS)[number];

/** Names that have a sum of their own. */
const MOST: Record<View, number> = { component: 1_000, model: 1_000, session: 1_000, day: 366 };

/** Everything that was counted: in all, and by component, model, session and day. */
export class Ledger {
  readonly total = noSum();
  readonly by: Readonly<Record<View, Sums>> = {
    component: new Sums(MOST.component),
    model: new Sums(MOST.model),
    session: new Sums(MOST.session),
    day: new Sums(MOST.day),
  };

  /** Counts one call. A cost of undefined means that its model has no price. */
  add(usage: Usage, cost: bigint | undefined, day: string): void {
    const { tokens } = usage;
    const one: Sum = {
      calls: 1n,
      unpriced: cost === undefined ? 1n : 0n,
      input:
        BigInt(tokens.input) +
        BigInt(tokens.cacheRead) +
        BigInt(tokens.cacheWrite) +
        BigInt(tokens.cacheWriteLong),
      output: BigInt(tokens.output),
      cost: cost ?? 0n,
    };
    addTo(this.total, one);
    this.by.component.add(`${usage.source} ${usage.component}`, one);
    this.by.model.add(usage.provider === null ? usage.model : `${usage.provider}/${usage.model}`, one);
    if (usage.sessionId !== null) this.by.session.add(usage.sessionId, one);
    this.by.day.add(day, one);
  }

  merge(other: Ledger): void {
    addTo(this.total, other.total);
    for (const view of VIEWS) this.by[view].merge(other.by[view]);
  }

  toJson(): object {
    const json: Record<string, unknown> = { total: sumToJson(this.total) };
    for (const view of VIEWS)
      json[view] = this.by[view].entries().map(([name, sum]) => [name, sumToJson(sum)]);
    return json;
  }

  /** Throws for anything that `toJson` does not make. */
  static fromJson(value: Record<string, unknown>): Ledger {
    const ledger = new Ledger();
    addTo(ledger.total, sumFromJson(value["total"]));
    for (const view of VIEWS) {
      const entries = value[view];
      if (!Array.isArray(entries)) throw new Error(`it has no list '${view}'`);
      for (const entry of entries) {
        if (!Array.isArray(entry) || typeof entry[0] !== "string")
          throw new Error(`a name of '${view}' is none`);
        ledger.by[view].add(entry[0], sumFromJson(entry[1]));
      }
    }
    return ledger;
  }
}
