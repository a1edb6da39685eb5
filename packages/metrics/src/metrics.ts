import type { Host, HostMetrics } from "@synaps/host";
import { Registry, type Metric } from "prom-client";
import { distinct, type Family } from "./families/family.js";
import { hostFamilies } from "./families/host-families.js";
import { GatewayCounts } from "./gateway/gateway.js";

/** The metrics of one host, for Prometheus. */
export class Metrics {
  /**
   * The registry of prom-client with the families of this host, and of no other. It reads the host when it is asked for its
   * text. A program may register metrics of its own here.
   */
  readonly registry = new Registry();
  readonly #host: Host;
  #families: readonly Family[];
  #reading: HostMetrics | undefined;
  #text: Promise<string> | undefined;

  /** Use `metricsOf`, so that a host has one registry. */
  constructor(host: Host) {
    this.#host = host;
    this.#families = hostFamilies(() => this.#read());
    for (const family of this.#families) this.#register(family);
  }

  /** The families that are counted now. */
  get families(): readonly Family[] {
    return this.#families;
  }

  /** All families in the text format of Prometheus 0.0.4. Calls at the same time share one text. */
  text(): Promise<string> {
    this.#text ??= this.registry.metrics().finally(() => (this.#text = undefined));
    return this.#text;
  }

  /**
   * Counts the events of the gateway catalog in seven families `rustyclaw_…`, by a hook of the program with the id
   * `metrics`. Resolves with how to stop: the hook and the families are gone then. Rejects with a HostError when the host
   * has no gateway catalog, when it counts already, and when it is stopped.
   */
  async countGateway(): Promise<() => Promise<void>> {
    const counts = new GatewayCounts();
    const end = await this.#host.use(counts.hook);
    const { families } = counts;
    this.#families = [...this.#families, ...families];
    for (const family of families) this.#register(family);
    return async () => {
      this.#families = this.#families.filter((family) => !families.includes(family));
      for (const { name } of families) this.registry.removeSingleMetric(name);
      await end();
    };
  }

  /** One reading for all families of a text: the registry asks them one after the other, without a turn in between. */
  #read(): HostMetrics {
    if (this.#reading) return this.#reading;
    queueMicrotask(() => (this.#reading = undefined));
    return (this.#reading = this.#host.metrics());
  }

  #register(family: Family): void {
    this.registry.registerMetric(new Collected(family) as unknown as Metric);
  }
}

/** A family as a registry of prom-client reads it: the numbers are made at each reading, and kept nowhere. */
class Collected {
  readonly name: string;
  readonly help: string;
  readonly type: Family["type"];
  readonly aggregator = "sum";
  readonly #family: Family;

  constructor(family: Family) {
    this.#family = family;
    this.name = family.name;
    this.help = family.help;
    this.type = family.type;
  }

  get(): object {
    const { name, help, type, aggregator } = this;
    const values = distinct(this.#family.samples()).map(({ labels, value, suffix = "" }) => ({
      labels,
      value,
      metricName: name + suffix,
    }));
    return { name, help, type, aggregator, values };
  }

  /** The host counts on: there is nothing to reset. */
  reset(): void {}
}

const KNOWN = new WeakMap<Host, Metrics>();

/** The metrics of a host: always the same object for the same host, so that nothing is registered or counted twice. */
export function metricsOf(host: Host): Metrics {
  const known = KNOWN.get(host) ?? new Metrics(host);
  KNOWN.set(host, known);
  return known;
}
