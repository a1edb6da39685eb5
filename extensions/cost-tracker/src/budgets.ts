import { exactly } from "./money.js";
import { BUDGETS, WHOLE, type Budget, type Settings } from "./settings.js";

/** How far a budget is used. */
export type Level = "fine" | "warning" | "exceeded";

/** A budget that somebody should hear about. Amounts are decimal texts, exact. */
export interface Alert {
  budget: Budget;
  level: Exclude<Level, "fine">;
  limit: string;
  spent: string;
  session_id: string | null;
}

/** Amounts that are spent, by what a budget is for. */
export type Spent = Readonly<Record<Budget, bigint>>;

type Limits = Pick<Settings, "limits" | "warnAt">;

const RANK: Record<Level, number> = { fine: 0, warning: 1, exceeded: 2 };
/** Sessions and days whose last alert is remembered; one that was forgotten may be told once more. */
const MAX_REMEMBERED = 10_000;

export function levelOf(spent: bigint, limit: bigint, warnAt: bigint): Level {
  if (spent >= limit) return "exceeded";
  return spent * WHOLE >= limit * warnAt ? "warning" : "fine";
}

/** The first budget that is spent; undefined while there is something left of each. */
export function exceeded(
  spent: Spent,
  { limits, warnAt }: Limits,
  sessionId: string | null,
): Alert | undefined {
  return BUDGETS.map((budget) => alertOf(budget, spent, { limits, warnAt }, sessionId)).find(
    (alert) => alert?.level === "exceeded",
  );
}

function alertOf(
  budget: Budget,
  spent: Spent,
  { limits, warnAt }: Limits,
  sessionId: string | null,
): Alert | undefined {
  const limit = limits[budget];
  if (limit === undefined || (budget === "session" && sessionId === null)) return undefined;
  const level = levelOf(spent[budget], limit, warnAt);
  if (level === "fine") return undefined;
  const session_id = budget === "session" ? sessionId : null;
  return { budget, level, limit: exactly(limit), spent: exactly(spent[budget]), session_id };
}

/** Tells of each level of each budget once: each session and each day has its own. */
export class Alerts {
  readonly #told = new Map<string, Level>();

  /** Alerts that are new since the last call. */
  next(spent: Spent, limits: Limits, sessionId: string | null, day: string): Alert[] {
    return BUDGETS.flatMap((budget) => {
      const alert = alertOf(budget, spent, limits, sessionId);
      const key = `${budget} ${budget === "session" ? sessionId : budget === "day" ? day : ""}`;
      const before = this.#told.get(key) ?? "fine";
      const now = alert?.level ?? "fine";
      if (now !== before) this.#remember(key, now);
      return alert !== undefined && RANK[now] > RANK[before] ? [alert] : [];
    });
  }

  #remember(key: string, level: Level): void {
    this.#told.delete(key);
    if (level !== "fine") this.#told.set(key, level);
    const [oldest] = this.#told.keys();
    if (this.#told.size > MAX_REMEMBERED && oldest !== undefined) this.#told.delete(oldest);
  }
}
