import type { ExtensionMetrics, HookMetrics, HostMetrics, TimingReading } from "@synaps/host";
import type { Family, Labels, Sample } from "./family.js";

type Rows<T> = (one: T, labels: Labels) => readonly Sample[];

/** The families of a host, all of one reading: `read` is called for each family of a text and returns the same. */
export function hostFamilies(read: () => HostMetrics): Family[] {
  const family = (
    type: Family["type"],
    name: string,
    help: string,
    samples: (metrics: HostMetrics) => readonly Sample[],
  ): Family => ({ type, name: `synaps_${name}`, help, samples: () => samples(read()) });
  const hook = (type: Family["type"], name: string, help: string, rows: Rows<HookMetrics>): Family =>
    family(type, name, help, ({ hooks, rest }) =>
      [...hooks, ...(rest ? [rest] : [])].flatMap((one) =>
        rows(one, { extension: one.extension, kind: one.kind }),
      ),
    );
  const process = (
    type: Family["type"],
    name: string,
    help: string,
    value: (one: ExtensionMetrics) => number,
  ): Family =>
    family(type, `extension_${name}`, help, ({ extensions }) =>
      extensions.map((one) => ({ labels: { extension: one.extension }, value: value(one) })),
    );
  const number =
    (value: (one: HookMetrics) => number): Rows<HookMetrics> =>
    (one, labels) => [{ labels, value: value(one) }];
  return [
    family(
      "counter",
      "outcomes_total",
      "Events that concerned a hook, by kind and by the action of their outcome.",
      (metrics) => metrics.kinds.flatMap(({ kind, outcomes }) => by("action", outcomes, { kind })),
    ),
    family("histogram", "outcome_seconds", "Time from an event to its outcome.", ({ kinds, boundsMs }) =>
      kinds.flatMap(({ kind, took }) => times(took, boundsMs, { kind })),
    ),
    hook("counter", "hook_votes_total", "Votes by verdict.", ({ verdicts }, labels) =>
      by("verdict", verdicts, labels),
    ),
    hook("counter", "hook_abstentions_total", "Abstentions by reason.", ({ reasons }, labels) =>
      by("reason", reasons, labels),
    ),
    hook(
      "counter",
      "hook_not_reached_total",
      "Events whose chain had ended before.",
      number(({ notReached }) => notReached),
    ),
    hook(
      "counter",
      "hook_ignored_total",
      "Votes whose verdict had no effect.",
      number(({ ignored }) => ignored),
    ),
    hook(
      "counter",
      "hook_dropped_total",
      "Events that a full queue dropped.",
      number(({ dropped }) => dropped),
    ),
    family(
      "histogram",
      "hook_queue_seconds",
      "Time that events waited for their turn.",
      ({ hooks, rest, boundsMs }) =>
        [...hooks, ...(rest ? [rest] : [])].flatMap(({ extension, kind, queue }) =>
          times(queue, boundsMs, { extension, kind }),
        ),
    ),
    family(
      "histogram",
      "hook_run_seconds",
      "Time from handing an event over to its answer.",
      ({ hooks, rest, boundsMs }) =>
        [...hooks, ...(rest ? [rest] : [])].flatMap(({ extension, kind, run }) =>
          times(run, boundsMs, { extension, kind }),
        ),
    ),
    hook("counter", "stream_items_total", "Items of streams by their end.", ({ stream }, labels) => {
      if (stream === null) return [];
      const { answered, dropped, lost } = stream;
      return by("end", { answered, dropped, lost }, labels);
    }),
    hook("gauge", "stream_waiting", "Items of streams that have not ended yet.", ({ stream }, labels) =>
      stream === null ? [] : [{ labels, value: stream.waiting }],
    ),
    family("gauge", "extensions", "Extensions by state.", ({ states }) => by("state", states, {})),
    family("gauge", "extension_state", "1 for the state of an extension, 0 for every other.", (metrics) =>
      metrics.extensions.flatMap(({ extension, state }) =>
        Object.keys(metrics.states).map((one) => ({
          labels: { extension, state: one },
          value: one === state ? 1 : 0,
        })),
      ),
    ),
    process("counter", "restarts_total", "Restarts after crashes.", ({ restarts }) => restarts),
    process(
      "counter",
      "late_replies_total",
      "Answers that came after their deadline.",
      ({ lateReplies }) => lateReplies,
    ),
    process(
      "gauge",
      "in_flight",
      "Requests and batches that are with the process.",
      ({ inFlight }) => inFlight,
    ),
    process("gauge", "waiting", "Requests that wait for the process.", ({ waiting }) => waiting),
    process(
      "gauge",
      "open_breakers",
      "Hooks that are not asked for a while.",
      ({ openBreakers }) => openBreakers,
    ),
    process(
      "gauge",
      "poisoned_events",
      "Events that are kept from the extension.",
      ({ poisoned }) => poisoned,
    ),
    family("gauge", "metrics_folded", "Hooks that are counted together as extension other.", ({ folded }) => [
      { labels: {}, value: folded },
    ]),
  ];
}

function by(label: string, counts: Readonly<Record<string, number>>, labels: Labels): Sample[] {
  return Object.entries(counts).map(([name, value]) => ({ labels: { ...labels, [label]: name }, value }));
}

/** A histogram in seconds. */
function times(
  { count, sumMs, buckets }: TimingReading,
  boundsMs: readonly number[],
  labels: Labels,
): Sample[] {
  const suffix = "_bucket";
  return [
    ...buckets.map((value, at) => ({
      labels: { ...labels, le: String((boundsMs[at] ?? 0) / 1000) },
      value,
      suffix: suffix as typeof suffix,
    })),
    { labels: { ...labels, le: "+Inf" }, value: count, suffix },
    { labels, value: sumMs / 1000, suffix: "_sum" },
    { labels, value: count, suffix: "_count" },
  ];
}
