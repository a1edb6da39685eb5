import { AuditWriter, type AuditClock } from "@synaps/audit";
import { TokenBuckets } from "@synaps/builtins";
import { defineExtension, type CallContext, type Extension, type JsonObject } from "@synaps/sdk";
import { gatewayCatalog, messagingCatalog } from "@synaps/sdk/catalogs";
import { Failures, type Counted } from "./failures.js";
import { fieldsOf, lineOf, loginOf, peerKey, type Login, type LoginEvent } from "./login.js";
import { CONFIG, readSettings, type Settings } from "./settings.js";

type Clock = Required<AuditClock>;

const CLOCK: Clock = {
  wallMs: () => Date.now(),
  now: () => performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms).unref();
    return { cancel: () => clearTimeout(timer) };
  },
};

/** Lines that may wait for the disk; all of them together never take more than 8 MiB. */
const MAX_WAITING = 16_384;
/** Raised events within a second and at once: a host takes 100 a second of one extension. */
const RAISED = { capacity: 10, burst: 0, refill: 10, perMs: 1_000 };

/** Writes logins down, and raises `login.suspicious` for names and addresses that fail too often. Answers at once. */
export function createLoginAuditor(clock: Clock = CLOCK): Extension {
  let settings: Settings | undefined;
  let writer: AuditWriter | undefined;
  let users: Failures | undefined;
  let peers: Failures | undefined;
  const raised = new TokenBuckets(RAISED);
  const counts = { succeeded: 0, failed: 0, raised: 0, not_raised: 0 };

  const raise = (context: CallContext<typeof CONFIG>, data: JsonObject): void => {
    if (!raised.take("", 1, clock.now()).allowed) {
      counts.not_raised += 1;
      return;
    }
    counts.raised += 1;
    const about = { ...data, not_raised: counts.not_raised };
    context.events.publish("login.suspicious", about).catch((error: unknown) => {
      context.log(
        `login.suspicious could not be raised: ${error instanceof Error ? error.message : String(error)}`,
      );
    });
  };

  const suspect = (context: CallContext<typeof CONFIG>, by: "user" | "peer", login: Login): void => {
    const name = login[by];
    const counted = name === null ? undefined : countedBy(by, name);
    if (counted?.isTooMany !== true) return;
    const { user, peer, method, event_id } = login;
    raise(context, {
      // A count of many names together is about nobody in particular.
      ...(counted.isShared ? { by: `many_${by}s` } : { by, name, user, peer }),
      failures: counted.failures,
      window_seconds: (settings?.bounds.windowMs ?? 0) / 1_000,
      method,
      event_id,
    });
  };

  const countedBy = (by: "user" | "peer", name: string): Counted | undefined =>
    by === "user" ? users?.count(name, clock.now()) : peers?.count(peerKey(name), clock.now());

  const look = (event: LoginEvent, context: CallContext<typeof CONFIG>): void => {
    const login = loginOf(event);
    counts[login.success ? "succeeded" : "failed"] += 1;
    const before = login.user === null ? 0 : (users?.of(login.user, clock.now()) ?? 0);
    void writer?.record(event.kind, {
      ...fieldsOf(login),
      ...(login.success && before > 0 ? { failures_before: before } : {}),
    });
    if (settings?.logs(login.success) === true) context.log(lineOf(login));
    if (login.success) return;
    suspect(context, "user", login);
    suspect(context, "peer", login);
  };

  return defineExtension({
    config: CONFIG,
    catalogs: [gatewayCatalog, messagingCatalog],
    async start({ config, root, log }) {
      settings = readSettings(config, root ?? process.cwd());
      users = new Failures(settings.bounds);
      peers = new Failures(settings.bounds);
      const { files, maxFileBytes, keptFiles } = settings;
      writer = new AuditWriter({
        ...files,
        maxFileBytes,
        files: keptFiles,
        durability: "queue",
        queue: MAX_WAITING,
        clock,
        note: log,
      });
      // A disk that is full now may have room later: only a value that can never work refuses to start.
      await writer.open();
    },
    async stop() {
      await writer?.close();
    },
    onDropped({ dropped, total }) {
      void writer?.record("logins_dropped", { dropped, total });
    },
    hooks: {
      "gateway.auth_success": look,
      "gateway.auth_failure": look,
      "messaging.auth": look,
    },
    tools: {
      stats: {
        description:
          "Counts of logins since the start, of lines written and lost, and of names and addresses.",
        input_schema: { type: "object", additionalProperties: false },
        idempotent: true,
        run: () => {
          const { written = 0, lost = 0, waiting = 0, failing = null } = writer?.status ?? {};
          return {
            ...counts,
            users: users?.size ?? 0,
            peers: peers?.size ?? 0,
            written,
            lost,
            waiting,
            failing,
          };
        },
      },
    },
  });
}
