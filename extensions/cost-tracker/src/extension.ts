import {
  block,
  defineExtension,
  ExtensionError,
  type CallContext,
  type Extension,
  type ExtensionContext,
} from "@synaps/sdk";
import type { Alert } from "./budgets.js";
import { VIEWS, type View } from "./ledger.js";
import { budgetTable, remarks, table, toJson, type Books } from "./report.js";
import { CONFIG, readSettings } from "./settings.js";
import { Store } from "./store.js";
import { Tracker, type Counted } from "./tracker.js";
import { sessionOf, type UsageEvent } from "./usage.js";

/** Topic of the events that are raised for budgets. */
const TOPIC = "cost.alert";

/** Adds up what models cost, tells when a budget runs out, and stops what would begin then if it is told to. */
export function createCostTracker(nowMs: () => number = Date.now): Extension {
  let tracker: Tracker | undefined;
  let store: Store | undefined;

  const count = (event: UsageEvent, context: ExtensionContext): Counted | undefined => {
    const result = tracker?.count(event);
    if (result !== undefined) raise(result.alerts, context);
    return result?.counted;
  };
  const observed = (event: UsageEvent, context: ExtensionContext): void => void count(event, context);
  const awaited = (event: UsageEvent, context: CallContext): void => {
    const counted = count(event, context);
    if (counted !== undefined) context.annotate("cost", { ...counted });
  };
  const gate = (event: UsageEvent): ReturnType<typeof block> | undefined => {
    const alert = tracker?.stops(sessionOf(event));
    return alert && block(textOf(alert));
  };
  // Looking at the costs costs nothing, and is needed most when a budget is spent.
  const gateTools = (
    event: UsageEvent & { tool_name: string },
    { id }: CallContext,
  ): ReturnType<typeof gate> =>
    [`${id}:report`, `${id}_report`].includes(event.tool_name) ? undefined : gate(event);
  const books = (): Books => {
    if (tracker === undefined) throw new ExtensionError("the cost tracker has not started");
    return tracker.books();
  };

  return defineExtension({
    config: CONFIG,
    async start({ config, root, log }) {
      const settings = orRefuse(() => readSettings(config, root ?? process.cwd()));
      store = new Store({ folder: settings.folder, nowMs, log, isAlive });
      tracker = new Tracker({ settings, store, nowMs, log });
      await store.open();
      if (settings.prices.size === 0) log("No prices are configured: nothing has a cost. Set 'prices'.");
      // These alerts were raised when it happened.
      for (const alert of tracker.alerts()) log(textOf(alert));
    },
    onConfigChange({ key }, context) {
      if (tracker === undefined) return;
      try {
        const settings = readSettings(context.config, context.root ?? process.cwd());
        if (key === "folder") context.log("The new 'folder' counts from the next start on.");
        tracker.settings = settings;
        raise(tracker.alerts(), context);
      } catch (error) {
        context.log(`${reasonOf(error)}. The settings from before still count.`);
      }
    },
    async stop() {
      await store?.close();
    },
    hooks: {
      "agent.before_agent_execution": gate,
      "agent.after_agent_execution": awaited,
      "agent.agent_error": awaited,
      "gateway.before_provider_call": gate,
      "gateway.after_provider_call": observed,
      before_tool_call: gateTools,
      on_usage: observed,
    },
    tools: {
      report: {
        description: "Costs of models so far: in all, and by component, model, session or day.",
        input_schema: {
          type: "object",
          properties: { by: { enum: [...VIEWS], description: "Default: component" } },
          additionalProperties: false,
        },
        idempotent: true,
        run: (input) => toJson((input as { by?: View }).by ?? "component", books()),
      },
    },
    commands: {
      cost([by = "component", ...more], { output }) {
        const view = VIEWS.find((known) => known === by);
        if (view === undefined || more.length > 0)
          throw new ExtensionError(`Write: cost [${VIEWS.join(" | ")}]`);
        const now = books();
        for (const part of [table(view, now), budgetTable(now)])
          if (part !== undefined) output.table(part.headers, part.rows);
        for (const remark of remarks(now)) output.system(remark);
      },
    },
  });
}

/** Tells of budgets. Nobody waits for it: the answer to an event does not depend on who listens to alerts. */
function raise(alerts: readonly Alert[], { log, events }: ExtensionContext): void {
  for (const alert of alerts) {
    log(textOf(alert));
    void events
      .publish(TOPIC, { ...alert })
      .catch((error: unknown) => log(`The alert was not raised: ${reasonOf(error)}`));
  }
}

function textOf({ budget, level, limit, spent, session_id }: Alert): string {
  const names = { session: `of session ${JSON.stringify(session_id)}`, day: "of the day", total: "in all" };
  return `The budget ${names[budget]} ${level === "exceeded" ? "is spent" : "runs out"}: ${spent} of ${limit}`;
}

/** True while a process of this number runs, whoever it belongs to. */
function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Errors that are not the SDK's are logged with a stack, which is noise when a setting is wrong. */
function orRefuse<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new ExtensionError(reasonOf(error), { cause: error });
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
