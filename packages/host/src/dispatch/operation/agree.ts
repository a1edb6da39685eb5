import type { JsonValue } from "@synaps/sdk/protocol";
import type { OutgoingEvent } from "../../delivery/outgoing-event.js";
import { unlessAborted } from "../../time/abort.js";
import type { Along, Outcome, Terminal } from "../outcome.js";
import type { Terms } from "../verdict.js";
import { askUser } from "./confirm.js";
import type { InterceptServices, Setup } from "./types.js";

/** Redirects of one operation, one after the other. */
const MAX_HOPS = 8;

/** The agreement of all before-hooks and of the user on one operation. `before`: the outcome of the first question. */
export type Agreed = { readonly before: Outcome } & (
  | { readonly end: "stopped"; readonly reason: string; readonly by: string }
  | { readonly end: "answered"; readonly output: string | null; readonly reason: string; readonly by: string }
  | ({ readonly end: "run"; readonly input: JsonValue } & Place & Along)
  | ({ readonly end: "fork"; readonly operations: readonly JsonValue[]; readonly by: string } & Place)
);

/** The operation as it will run: its event, and where to. */
interface Place {
  readonly event: OutgoingEvent;
  readonly target: string | undefined;
}

/** Asks until nobody sends the operation elsewhere. Rejects with the signal's reason when the program gives it up. */
export async function agree(
  start: Place,
  { spec, field, services }: Setup,
  inFork: boolean,
): Promise<Agreed> {
  const { signal, policy } = services;
  // The tool itself is a place, too: a way back to it is a circle.
  const way = [start.target ?? (spec.toolFilter ? start.event.toolName : null)].filter((one) => one !== null);
  let { event, target } = start;
  let first: Outcome | undefined;
  for (let hops = 0; ; hops += 1) {
    const asking = services.emit(event, policy, signal, termsOf(inFork, target));
    const outcome = await unlessAborted(signal, asking, () => {
      throw signal?.reason;
    });
    const before = (first ??= outcome);
    if (outcome.action === "block") return { end: "stopped", reason: outcome.reason, by: outcome.by, before };
    if (outcome.action === "confirm") {
      const refused = await refusal(outcome, event, services);
      if (refused !== undefined) return { end: "stopped", reason: refused, by: outcome.by, before };
    }
    const given = "input" in outcome && outcome.input !== undefined ? copyOf(outcome.input) : undefined;
    const instead = insteadOf(outcome);
    const end = instead && answered(instead);
    if (end) return { end: "answered", ...end, before };
    if (instead?.action === "fork")
      return { end: "fork", operations: instead.operations, by: instead.by, event, target, before };
    if (instead?.action !== "redirect") {
      const { retry, store } = outcome;
      const along = { ...(retry ? { retry } : {}), ...(store ? { store } : {}) };
      return {
        end: "run",
        input: given === undefined ? event.field(field) : given,
        event,
        target,
        ...along,
        before,
      };
    }
    const { by } = instead;
    const isCircle = way.includes(instead.target);
    way.push(instead.target);
    if (isCircle || hops === MAX_HOPS) {
      const why = isCircle ? "leads in a circle" : `is one of more than ${MAX_HOPS}`;
      return {
        end: "stopped",
        reason: `the redirect to '${instead.target}' ${why}: ${way.join(" -> ")}`,
        by,
        before,
      };
    }
    ({ target } = instead);
    event = (given === undefined ? event : event.with(field, given)).redirected(target);
  }
}

/** The answer that stands in the operation's place; undefined when the operation runs. */
function insteadOf(outcome: Outcome): Terminal | undefined {
  if (outcome.action === "confirm") return outcome.instead;
  switch (outcome.action) {
    case "skip":
    case "replace":
    case "redirect":
    case "fork":
    case "cache":
      return outcome;
    default:
      return undefined;
  }
}

function answered(instead: Terminal): { output: string | null; reason: string; by: string } | undefined {
  const { by } = instead;
  switch (instead.action) {
    case "skip":
      return { output: null, reason: instead.reason, by };
    case "replace":
      return { output: instead.output, reason: "an extension gave the output in its place", by };
    case "cache":
      if (instead.value === undefined) return undefined;
      return { output: textOf(instead.value), reason: "an extension had the output already", by };
    default:
      return undefined;
  }
}

function textOf(value: JsonValue): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Answers that mean nothing for one event, with the reason that its votes say. */
function termsOf(inFork: boolean, target: string | undefined): Terms | undefined {
  if (!inFork && target === undefined) return undefined;
  return (verdict) => {
    if (inFork && verdict.action === "fork") return "a forked operation is not forked again";
    const isThere = verdict.action === "redirect" && verdict.target === target;
    return isThere ? "the operation goes there already" : undefined;
  };
}

/** Returns the reason why the user did not agree; undefined after a yes. */
async function refusal(
  { message, by }: Extract<Outcome, { action: "confirm" }>,
  { kind, toolName }: OutgoingEvent,
  services: InterceptServices,
): Promise<string | undefined> {
  const { confirm } = services;
  if (!confirm) return `requires confirmation but no interactive prompt is available: ${message}`;
  const refused = await askUser(confirm, { message, extension: by, kind, toolName }, services);
  return refused === undefined ? undefined : `${refused}: ${message}`;
}

/** The operation's own copy: votes and outcome keep the value that was decided. */
function copyOf(value: JsonValue): JsonValue {
  return JSON.parse(JSON.stringify(value)) as JsonValue;
}
