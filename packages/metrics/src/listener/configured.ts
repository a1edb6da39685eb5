import type { Host } from "@synaps/host";
import { startMetricsListener, type MetricsListener } from "./listener.js";

/**
 * Serves the metrics where `[metrics]` of the host's configuration says so: resolves with the listener, or with undefined when
 * `enabled` is false, as it is without a word. Rejects as `startMetricsListener` does. A later change counts for the next call.
 */
export async function startConfiguredMetrics(host: Host): Promise<MetricsListener | undefined> {
  const { enabled, listen } = host.hostConfig.config.metrics;
  if (!enabled) return undefined;
  const { hostname, port } = new URL(`http://${listen}`);
  // A URL leaves out the port that is usual for it, and puts IPv6 in brackets.
  const address = hostname.replace(/^\[|\]$/g, "");
  return startMetricsListener({ host, address, port: Number(port === "" ? 80 : port) });
}
