import type { BatchObservableResult, Meter, Observable } from "@opentelemetry/api";
import { HostError, type Host } from "@synaps/host";
import { distinct, labelOf, type Family } from "./families/family.js";
import { metricsOf } from "./metrics.js";

/** The name under which meters are asked for. */
const METER = "@synaps/metrics";

const RUNNING = new WeakMap<Host, Promise<() => void>>();

/**
 * Hands the metrics of a host to the OpenTelemetry of the program, through `@opentelemetry/api` and under the names of the
 * Prometheus families: counters and gauges are read when they are collected, times are recorded with each outcome. Families
 * of a gateway are among them if they were counted before. Resolves with how to stop; ends by itself when the host stops.
 * A second call for the same host begins nothing. Rejects with a HostError `PACKAGE_MISSING` when the package is not
 * installed; nothing else of this package needs it.
 */
export function startOpenTelemetry(host: Host): Promise<() => void> {
  const known = RUNNING.get(host);
  if (known) return known;
  const started = begin(host);
  RUNNING.set(host, started);
  started.catch(() => RUNNING.delete(host));
  return started;
}

async function begin(host: Host): Promise<() => void> {
  const { metrics } = await loaded();
  const meter = metrics.getMeter(METER);
  const forgetNumbers = observeNumbers(meter, metricsOf(host).families);
  const forgetTimes = recordTimes(meter, host);
  const stop = (): void => {
    RUNNING.delete(host);
    forgetNumbers();
    forgetTimes();
  };
  host.on("stopped", stop);
  return stop;
}

async function loaded(): Promise<typeof import("@opentelemetry/api")> {
  try {
    return await import("@opentelemetry/api");
  } catch (error) {
    throw new HostError("PACKAGE_MISSING", `OpenTelemetry cannot be used: @opentelemetry/api was not found`, {
      hint: "Install @opentelemetry/api, which the OpenTelemetry of your program brings.",
      cause: error,
    });
  }
}

/** Counters and gauges, all of one reading. */
function observeNumbers(meter: Meter, all: readonly Family[]): () => void {
  const families = new Map<Observable, Family>();
  for (const family of all) {
    const options = { description: family.help };
    if (family.type === "counter") families.set(meter.createObservableCounter(family.name, options), family);
    if (family.type === "gauge") families.set(meter.createObservableGauge(family.name, options), family);
  }
  const observables = [...families.keys()];
  const observe = (result: BatchObservableResult): void => {
    for (const [observable, family] of families)
      for (const { labels, value } of distinct(family.samples())) result.observe(observable, value, labels);
  };
  meter.addBatchObservableCallback(observe, observables);
  return () => meter.removeBatchObservableCallback(observe, observables);
}

function recordTimes(meter: Meter, host: Host): () => void {
  const histogram = (name: string, description: string) =>
    meter.createHistogram(`synaps_${name}_seconds`, { unit: "s", description });
  const took = histogram("outcome", "Time from an event to its outcome.");
  const queue = histogram("hook_queue", "Time that events waited for their turn.");
  const run = histogram("hook_run", "Time from handing an event over to its answer.");
  return host.on("outcome", ({ kind, durationMs, votes }) => {
    took.record(durationMs / 1000, { kind });
    for (const vote of votes) {
      if (vote.status === "not_reached") continue;
      const labels = { extension: labelOf(vote.extension), kind };
      const voted = vote.status === "voted";
      if (voted || vote.queueMs > 0) queue.record(vote.queueMs / 1000, labels);
      if (voted || vote.runMs > 0) run.record(vote.runMs / 1000, labels);
    }
  });
}
