/** Metrics of a host for Prometheus and OpenTelemetry. */

export { metricsOf, type Metrics } from "./metrics.js";
export { startMetricsListener, type ListenerOptions, type MetricsListener } from "./listener/listener.js";
export { startConfiguredMetrics } from "./listener/configured.js";
export { startOpenTelemetry } from "./open-telemetry.js";
export type { Family, Labels, Sample } from "./families/family.js";
