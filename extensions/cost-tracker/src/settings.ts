import { isAbsolute, join } from "node:path";
import { didYouMean } from "@synaps/sdk/protocol";
import type { ConfigOf } from "@synaps/sdk";
import { DOLLAR, parseDecimal } from "./money.js";
import { parsePrices, type PriceTable } from "./prices.js";
import { SOURCES, type Source } from "./usage.js";

/** What a budget is for. */
export const BUDGETS = ["session", "day", "total"] as const;
export type Budget = (typeof BUDGETS)[number];

export interface Settings {
  prices: PriceTable;
  /** Events that count. */
  sources: ReadonlySet<Source>;
  /** Limits in 10^-12 dollars; a budget that is not there has none. */
  limits: Readonly<Partial<Record<Budget, bigint>>>;
  /** Share of a budget after which there is a warning, in 10^-4. */
  warnAt: bigint;
  /** True if nothing more may begin once a budget is spent. */
  blocks: boolean;
  /** Folder of the file, absolute. */
  folder: string;
}

export const CONFIG = {
  prices: { type: "string", default: "" },
  sources: { type: "string", default: SOURCES.join(", ") },
  budget_session: { type: "string", default: "" },
  budget_day: { type: "string", default: "" },
  budget_total: { type: "string", default: "" },
  warn_at: { type: "string", default: "0.8" },
  on_exceeded: { type: "string", enum: ["alert", "block"], default: "alert" },
  folder: { type: "string", default: "data" },
} as const;

const SHARE_PLACES = 4;
/** The whole of a budget, in the unit of `warnAt`. */
export const WHOLE = 10n ** BigInt(SHARE_PLACES);
const MAX_BUDGET_PLACES = 12;

/** Checks every value. Throws an error that names the key, the value and what it may be. */
export function readSettings(config: ConfigOf<typeof CONFIG>, root: string): Settings {
  const limits = BUDGETS.flatMap((budget) => {
    const limit = readLimit(`budget_${budget}`, config[`budget_${budget}`].trim());
    return limit === undefined ? [] : [[budget, limit] as const];
  });
  return {
    prices: readPrices(config.prices),
    sources: readSources(config.sources),
    limits: Object.fromEntries(limits),
    warnAt: readShare(config.warn_at.trim()),
    blocks: config.on_exceeded === "block",
    folder: readFolder(config.folder.trim(), root),
  };
}

function readPrices(text: string): PriceTable {
  try {
    return parsePrices(text);
  } catch (error) {
    throw new Error(`config key 'prices': ${(error as Error).message}`, { cause: error });
  }
}

function readSources(text: string): ReadonlySet<Source> {
  const words = text.split(",").map((word) => word.trim());
  const found = words.map((word) => {
    const source = SOURCES.find((known) => known === word);
    if (source !== undefined) return source;
    const meant = didYouMean(word, SOURCES);
    throw new Error(
      `config key 'sources' takes ${SOURCES.join(", ")}, separated by commas, not '${word.slice(0, 40)}'${meant === undefined ? "" : `; did you mean '${meant}'?`}`,
    );
  });
  return new Set(found);
}

function readLimit(key: string, text: string): bigint | undefined {
  if (text === "") return undefined;
  const limit = parseDecimal(text, MAX_BUDGET_PLACES);
  if (limit !== undefined && limit > 0n) return limit * (DOLLAR / 10n ** BigInt(MAX_BUDGET_PLACES));
  throw new Error(
    `config key '${key}' must be an amount above 0, as 5.00, or empty for no budget, not '${text.slice(0, 40)}'`,
  );
}

function readShare(text: string): bigint {
  const share = parseDecimal(text, SHARE_PLACES);
  if (share !== undefined && share > 0n && share <= WHOLE) return share;
  throw new Error(
    `config key 'warn_at' must be a share of the budget above 0 and up to 1, as 0.8, not '${text.slice(0, 40)}'`,
  );
}

function readFolder(text: string, root: string): string {
  if (text === "" || text.includes("\0")) throw new Error("config key 'folder' must be the path of a folder");
  return isAbsolute(text) ? text : join(root, text);
}
