import type { HostMetrics } from "@synaps/host";
import type { IncomingMessage } from "node:http";
import type { Metrics } from "../metrics.js";
import { isAllowedHost } from "./host-header.js";

/** An answer of the listener. */
export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const TEXT = "text/plain; charset=utf-8";
/** States in which an extension does not do what its user installed it for. */
const UNWELL = ["invalid", "failed", "quarantined", "restarting"];

/** Answers `/metrics` and `/health` for GET and HEAD, and refuses everything else. */
export async function answer(
  { method, url = "/", headers }: IncomingMessage,
  metrics: Metrics,
  read: () => HostMetrics,
  allowedHosts: readonly string[],
): Promise<Answer> {
  if (!isAllowedHost(headers.host, allowedHosts))
    return plain(403, "This listener is not known by that name: see allowedHosts.");
  const [path] = url.split("?", 1);
  if (path !== "/metrics" && path !== "/health") return plain(404, "Here are /metrics and /health.");
  if (method !== "GET" && method !== "HEAD")
    return { ...plain(405, "Only GET and HEAD are answered."), headers: { allow: "GET, HEAD" } };
  if (path === "/metrics")
    return { status: 200, type: metrics.registry.contentType, body: await metrics.text() };
  const { states } = read();
  const status = UNWELL.some((state) => (states[state] ?? 0) > 0) ? "degraded" : "ok";
  return { status: 200, type: "application/json", body: `${JSON.stringify({ status, states })}\n` };
}

/** A refusal in one line. */
export function plain(status: number, line: string): Answer {
  return { status, type: TEXT, body: `${line}\n` };
}
