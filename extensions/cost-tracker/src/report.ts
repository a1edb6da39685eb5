import type { JsonObject } from "@synaps/sdk";
import { levelOf, type Spent } from "./budgets.js";
import { Ledger, type View } from "./ledger.js";
import { exactly } from "./money.js";
import { BUDGETS, type Settings } from "./settings.js";
import type { Sum } from "./sums.js";

/** Everything that a report is made of. */
export interface Books {
  ledger: Ledger;
  spent: Spent;
  settings: Settings;
  /** Name of the day that the budget of a day is about. */
  day: string;
  /** Events with numbers that could not be counted. */
  unreadable: number;
  /** Reason for which the costs are not being saved. */
  failing: string | undefined;
}

export interface Table {
  headers: string[];
  rows: string[][];
}

/** Most rows of a table; a last one says how many are left out. */
const MAX_ROWS = 50;

/** The most expensive first; where nothing has a price, those with the most calls. Days by date, the last one first. */
export function rowsBy(view: View, { ledger }: Books): [string, Sum][] {
  const rows = ledger.by[view].entries();
  if (view === "day") return rows.sort(([a], [b]) => (a < b ? 1 : -1));
  return rows.sort(([, a], [, b]) => compare(b.cost, a.cost) || compare(b.calls, a.calls));
}

export function table(view: View, books: Books): Table {
  const all = rowsBy(view, books);
  const rows = all.slice(0, MAX_ROWS).map(([name, sum]) => row(name, sum));
  if (all.length > MAX_ROWS) rows.push([`... and ${all.length - MAX_ROWS} more`, "", "", "", ""]);
  rows.push(row("in all", books.ledger.total));
  return { headers: [view, "calls", "tokens in", "tokens out", "cost"], rows };
}

export function budgetTable({ spent, settings: { limits, warnAt, blocks } }: Books): Table | undefined {
  const rows = BUDGETS.flatMap((budget) => {
    const limit = limits[budget];
    // Sessions have a budget each; the table of sessions shows what they came to.
    if (limit === undefined) return [];
    if (budget === "session") return [["each session", "", exactly(limit), ""]];
    const level = levelOf(spent[budget], limit, warnAt);
    const state = level === "exceeded" && blocks ? "exceeded, blocks" : level;
    return [[budget, exactly(spent[budget]), exactly(limit), state]];
  });
  return rows.length === 0 ? undefined : { headers: ["budget", "spent", "limit", "state"], rows };
}

/** What makes the sums incomplete, a sentence each. */
export function remarks({ ledger, unreadable, failing, settings }: Books): string[] {
  const { unpriced } = ledger.total;
  const without = ledger.by.model.entries().filter(([, sum]) => sum.unpriced > 0n);
  const names = without
    .slice(0, 10)
    .map(([name, sum]) => `${name} (${sum.unpriced})`)
    .join(", ");
  const more = without.length > 10 ? ` and ${without.length - 10} more` : "";
  return [
    ...(unpriced === 0n
      ? []
      : [`Calls without a price, which are in no cost: ${names}${more}. Add their models to 'prices'.`]),
    ...(settings.prices.size > 0 ? [] : ["No prices are configured: set 'prices'."]),
    ...(unreadable === 0
      ? []
      : [
          `Events that are not counted, because of what they report: ${unreadable}. The log names the first.`,
        ]),
    ...(failing === undefined ? [] : [`The costs are not being saved: ${failing}.`]),
  ];
}

/** The report for programs. Amounts are decimal texts, and counts too: both may be beyond what a number holds. */
export function toJson(view: View, books: Books): JsonObject {
  const { ledger, spent, settings, day } = books;
  return {
    total: sumJson(ledger.total),
    day,
    budgets: BUDGETS.flatMap((budget) => {
      const limit = settings.limits[budget];
      if (limit === undefined || budget === "session") return [];
      const state = levelOf(spent[budget], limit, settings.warnAt);
      return [{ budget, limit: exactly(limit), spent: exactly(spent[budget]), state }];
    }),
    by: view,
    rows: rowsBy(view, books)
      .slice(0, MAX_ROWS)
      .map(([name, sum]) => ({ name, ...sumJson(sum) })),
    remarks: remarks(books),
  };
}

function sumJson({ calls, unpriced, input, output, cost }: Sum): Record<string, string> {
  return {
    calls: `${calls}`,
    unpriced: `${unpriced}`,
    input_tokens: `${input}`,
    output_tokens: `${output}`,
    cost: exactly(cost),
  };
}

function row(name: string, { calls, unpriced, input, output, cost }: Sum): string[] {
  const price = unpriced === calls && calls > 0n ? "no price" : exactly(cost);
  const part = unpriced > 0n && unpriced < calls ? ` + ${unpriced} unpriced` : "";
  return [name, `${calls}`, `${input}`, `${output}`, price + part];
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
