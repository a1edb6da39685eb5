import { defineExtension, type Extension, type ExtensionContext, type PublishedEvent } from "@synaps/sdk";
import { agentCatalog, gatewayCatalog, messagingCatalog } from "@synaps/sdk/catalogs";
import { bodyOf } from "./forms.js";
import { notificationOf, type Notification, type Reported } from "./notification.js";
import { Outbox, type Answer, type NotifierClock } from "./outbox.js";
import { post } from "./post.js";
import { Repeats } from "./repeats.js";
import { CONFIG, readSettings, type Settings } from "./settings.js";

/** Time for the last messages when the host stops: it waits 500 ms. */
const END_MS = 400;

const CLOCK: NotifierClock = {
  wallMs: () => Date.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms).unref();
    return { cancel: () => clearTimeout(timer) };
  },
};

/** Reports events to a web address. Every event is answered at once; messages leave on their own. */
export function createNotifier(clock = CLOCK, random = Math.random): Extension {
  let settings: Settings | undefined;
  let outbox: Outbox | undefined;
  /** Events that were to be reported, those of them that a later message counts, and such messages. */
  const counts = { seen: 0, repeated: 0, summaries: 0 };

  const offer = (notification: Notification, repeated: number): void => {
    const atMs = clock.wallMs();
    const form = settings?.form ?? "json";
    outbox?.offer(notification.what, (id, dropped) =>
      bodyOf(form, notification, { id, atMs, repeated, dropped }),
    );
  };
  const send = (target: Settings, body: string, id: string, ended: AbortSignal): Promise<Answer> => {
    const late = new AbortController();
    const timer = clock.after(target.timeoutMs, () => late.abort());
    return post(target, body, id, { late: late.signal, ended }).finally(() => timer.cancel());
  };
  const repeats = new Repeats(clock, (last, before) => {
    counts.summaries += 1;
    offer(last, before);
  });

  const report = (event: Reported): void => {
    if (settings?.reports(event.kind) !== true) return;
    counts.seen += 1;
    const notification = notificationOf(event);
    if (repeats.isNew(notification, settings.repeatMs)) offer(notification, 0);
    else counts.repeated += 1;
  };
  const reportRaised = ({ topic, data }: PublishedEvent): void => report({ kind: topic, data });

  return defineExtension({
    config: CONFIG,
    catalogs: [gatewayCatalog, messagingCatalog, agentCatalog],
    start({ config, log }) {
      settings = readSettings(config);
      outbox = new Outbox(
        (body, id, ended) => send(settings as Settings, body, id, ended),
        settings,
        clock,
        random,
        log,
      );
    },
    onConfigChange: (_change, context) => {
      const read = changed(context);
      if (read === undefined || outbox === undefined) return;
      settings = read;
      outbox.bounds = read;
    },
    async stop({ log }) {
      if (outbox === undefined) return;
      repeats.end();
      const left = await outbox.end(END_MS);
      const { delivered, retried, given_up, dropped } = outbox.counts;
      if (left.length > 0)
        log(`${left.length} messages were not delivered: ${[...new Set(left)].join(", ")}`);
      if (counts.seen > 0)
        log(`delivered ${delivered}, retried ${retried}, given up ${given_up}, dropped ${dropped}`);
    },
    hooks: {
      "gateway.security_event": report,
      "gateway.auth_failure": (event) => {
        const { attempts, locked_out } = event.data;
        if (locked_out || attempts >= (settings?.failures ?? 1)) report(event);
      },
      "messaging.auth": (event) => {
        if (!event.data.success) report(event);
      },
      "agent.security_violation": report,
      "agent.resource_limit_exceeded": report,
    },
    onEvent: {
      "cost.*": reportRaised,
      "login.*": reportRaised,
      "allowlist.*": reportRaised,
      "notify.**": reportRaised,
    },
    onDropped({ dropped, hooks }) {
      const names = [...new Set(hooks.map(({ kind }) => kind))];
      report({ kind: "notifier.events_dropped", data: { dropped, kinds: names } });
    },
    tools: {
      stats: {
        description:
          "Counts of reports since the start: seen, repeated, delivered, retried, given up, dropped.",
        input_schema: { type: "object", additionalProperties: false },
        idempotent: true,
        run: () => ({ ...counts, ...outbox?.counts }),
      },
    },
  });
}

function changed({ config, log }: ExtensionContext<typeof CONFIG>): Settings | undefined {
  try {
    return readSettings(config);
  } catch (error) {
    log(
      `WARNING: the changed configuration is not used: ${error instanceof Error ? error.message : String(error)}`,
    );
    return undefined;
  }
}
