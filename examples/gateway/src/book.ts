import { queryAudit } from "@synaps/audit";
import type { Billed } from "./scripted-model.js";

/** Members of an event that are one value. */
export type Facts = Readonly<Record<string, string | number | boolean>>;

/** A hook that blocked with a reason, or changed the facts. */
export interface Decided {
  by: string;
  reason?: string;
}

interface Deed {
  event: string;
  facts: Facts;
}

/** Members of the audit that the driver cannot know: numbers, times, and who was asked. */
const UNKNOWN: ReadonlySet<string> = new Set([
  "event_id",
  "final_event_id",
  "votes",
  "duration_ms",
  "duration",
]);

/** What the driver did, as it did it. The audit and the metrics are held against this, and never the other way round. */
export class Book {
  readonly #deeds: Deed[] = [];

  /** Notes an event that must have been raised, by the name that it has in the audit, and who decided what, if anybody did. */
  add(event: string, facts: Facts = {}, decision?: Decided): void {
    const decided: Facts = decision
      ? {
          decision: decision.reason === undefined ? "modify" : "block",
          decided_by: decision.by,
          ...(decision.reason === undefined ? {} : { decision_reason: decision.reason }),
        }
      : { decision: "continue" };
    this.#deeds.push({ event, facts: { ...decided, ...facts } });
  }

  /** One line for each deed, in their order. */
  get lines(): string[] {
    return this.#deeds.map(({ event, facts }) => lineOf(event, facts));
  }

  /** The gateway's metric lines after these deeds, sorted. `bills` are the provider's own. */
  metrics(provider: string, bills: readonly Billed[]): string[] {
    const counts = new Map<string, number>();
    const count = (series: string, by = 1): void => void counts.set(series, (counts.get(series) ?? 0) + by);
    count("rustyclaw_gateway_connections", 0);
    for (const { event, facts } of this.#deeds) {
      const result = facts["success"] === false ? "error" : "success";
      if (event === "Connection") count("rustyclaw_gateway_connections");
      if (event === "Disconnection") count("rustyclaw_gateway_connections", -1);
      if (event === "AuthSuccess") count('rustyclaw_auth_attempts_total{result="success"}');
      if (event === "AuthFailure") count('rustyclaw_auth_attempts_total{result="failure"}');
      if (event === "AfterToolCall")
        count(`rustyclaw_tool_calls_total{tool_name="${facts["tool_name"]}",result="${result}"}`);
      if (event === "AfterProviderCall")
        count(`rustyclaw_provider_requests_total{provider="${provider}",result="${result}"}`);
      if (event === "SecurityEvent" && facts["event_type"] === "prompt_injection")
        count(`rustyclaw_prompt_injection_detected_total{action="${facts["action"]}"}`);
      if (event === "SecurityEvent" && facts["event_type"] === "ssrf")
        count(`rustyclaw_ssrf_blocked_total{reason="${facts["reason"]}"}`);
    }
    for (const { input_tokens, output_tokens } of bills) {
      count(`rustyclaw_tokens_total{provider="${provider}",type="input"}`, input_tokens);
      count(`rustyclaw_tokens_total{provider="${provider}",type="output"}`, output_tokens);
    }
    return [...counts].map(([series, value]) => `${series} ${value}`).sort();
  }
}

/** The audit's lines of gateway events in the form of the book's, in their order. */
export async function auditLines(folder: string): Promise<string[]> {
  const lines: string[] = [];
  await queryAudit(folder, {}, ({ event, metadata }) => {
    if (!event.startsWith("audit_")) lines.push(lineOf(event, metadata));
  });
  return lines;
}

/** The gateway's lines of a text for Prometheus, sorted. */
export function gatewayLines(text: string): string[] {
  return text
    .split("\n")
    .filter((line) => line.startsWith("rustyclaw_"))
    .sort();
}

/** Lines that only one side has, each as often as it has it more. Empty if both are the same whatever their order. */
export function differences(booked: readonly string[], found: readonly string[]): string[] {
  const left = new Map<string, number>();
  for (const line of booked) left.set(line, (left.get(line) ?? 0) + 1);
  const extra = found.filter((line) => {
    const times = left.get(line) ?? 0;
    left.set(line, times - 1);
    return times <= 0;
  });
  const missing = [...left].flatMap(([line, times]) =>
    Array.from({ length: Math.max(0, times) }, () => line),
  );
  return [...missing.map((line) => `missing: ${line}`), ...extra.map((line) => `not booked: ${line}`)];
}

function lineOf(event: string, metadata: Readonly<Record<string, unknown>>): string {
  const entries = Object.entries(metadata).filter(([name]) => !UNKNOWN.has(name));
  const sorted = entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return [event, ...sorted.map(([name, value]) => `${name}=${JSON.stringify(value)}`)].join(" ");
}
