import { messagingCatalog } from "@synaps/sdk/catalogs";
import { composite, sequence } from "@synaps/sdk/protocol";
import { describe, expect, it } from "vitest";
import { startedWith, turn } from "../../../helpers/catalog-host.js";

const ENQUEUE = "messaging.message_enqueue";
const key = (byte: number): string => Buffer.alloc(32, byte).toString("base64");
const channel = Buffer.alloc(16, 7).toString("base64");
const message = {
  sender_identity: key(2),
  recipient_key: key(1),
  channel_id: channel,
  payload_len: 5_000,
  seq: "18446744073709551615",
};
const failed = { username: "ada", success: false, failure_reason: "wrong password" };
const started = async () => startedWith(messagingCatalog);
type Started = Awaited<ReturnType<typeof started>>["host"];

/** Enqueues a message with a store that counts. */
async function enqueue(host: Started, data: object = message) {
  const stored: unknown[] = [];
  const result = await host.intercept(
    { before: ENQUEUE },
    { data } as never,
    ((input: unknown) => {
      stored.push(input);
      return "stored";
    }) as never,
  );
  return { stored, result };
}

describe("a message that is about to be stored", () => {
  it("reaches hooks once it fits, and the store once nobody refuses it", async () => {
    const { host } = await started();
    const asked: unknown[] = [];
    host.subscribe(ENQUEUE, ({ data }) => void asked.push(data));
    await expect(enqueue(host, { ...message, recipient_key: "short" })).rejects.toMatchObject({
      code: "EVENT_INVALID",
    });
    expect(asked).toEqual([]);
    expect((await enqueue(host)).stored).toEqual([message]);
    expect(asked).toEqual([message]);
  });

  it("is never stored when a hook refuses it, and the client is told why", async () => {
    const { host } = await started();
    host.subscribe(ENQUEUE, ({ data }) =>
      data.payload_len > 4_096
        ? { action: "reject", reason: `payload too large: ${data.payload_len} > 4096 bytes` }
        : undefined,
    );
    const { stored, result } = await enqueue(host);
    expect(stored).toEqual([]);
    expect(result).toMatchObject({ ran: false, reason: "payload too large: 5000 > 4096 bytes" });
    expect((await enqueue(host, { ...message, payload_len: 4_096 })).stored).toHaveLength(1);
  });

  it("is stored as it was when a hook answers that it may go on", async () => {
    const { host } = await started();
    host.subscribe(ENQUEUE, () => ({ action: "continue" }));
    expect(await enqueue(host)).toMatchObject({ stored: [message], result: { ran: true, output: "stored" } });
  });

  it("waits for the answer of a hook", async () => {
    const { host } = await started();
    const order: string[] = [];
    host.subscribe(ENQUEUE, async () => {
      await turn();
      order.push("answered");
    });
    await host.intercept({ before: ENQUEUE }, { data: message }, () => void order.push("stored"));
    expect(order).toEqual(["answered", "stored"]);
  });

  it("waits for a slow hook up to its deadline and no longer", async () => {
    const { host } = await started();
    host.subscribe(ENQUEUE, () => new Promise<never>(() => {}), { deadlineMs: 1 });
    const { stored, result } = await enqueue(host);
    expect(stored).toHaveLength(1);
    expect(result.before.votes).toMatchObject([{ status: "abstained", reason: "timeout" }]);
  });

  it("does not wait for what a hook does behind its answer", async () => {
    const { host } = await started();
    const order: string[] = [];
    const work: Promise<void>[] = [];
    host.subscribe(ENQUEUE, () => {
      work.push(turn().then(() => void order.push("analysed")));
    });
    await host.intercept({ before: ENQUEUE }, { data: message }, () => void order.push("stored"));
    await Promise.all(work);
    expect(order).toEqual(["stored", "analysed"]);
  });

  it("is with a hook at the same time as others", async () => {
    const { host } = await started();
    let [inside, most] = [0, 0];
    host.subscribe(ENQUEUE, async () => {
      inside += 1;
      most = Math.max(most, inside);
      await turn();
      inside -= 1;
    });
    const ends = await Promise.all([enqueue(host), enqueue(host), enqueue(host)]);
    expect([most, ends.map(({ result }) => result.before.votes[0]?.status)]).toEqual([
      3,
      ["voted", "voted", "voted"],
    ]);
  });
});

describe("what has happened", () => {
  const facts = {
    "messaging.batch_enqueue": [message, { ...message, sender_identity: null }],
    "messaging.channel_created": {
      channel_id: channel,
      initiator_key: key(3),
      peer_key: key(4),
      was_new: true,
    },
    "messaging.fetch": { recipient_key: key(1), channel_id: channel, message_count: 3 },
    "messaging.user_registered": { username: "ada", identity_key: key(5) },
  };
  /** The data that a hook of the kind was told, one entry for each event that was taken. */
  async function told(kind: string, ...given: unknown[]): Promise<unknown[]> {
    const { host } = await started();
    const seen: unknown[] = [];
    host.subscribe(kind as keyof typeof facts, ({ data }) => void seen.push(data));
    for (const data of given) await (await host.emit({ kind, data } as never)).settled;
    return seen;
  }

  it("of a batch is the list of its messages, told once", async () => {
    const batch = facts["messaging.batch_enqueue"];
    expect(await told("messaging.batch_enqueue", batch)).toEqual([batch]);
  });

  it("of a login is told after a success, without a reason, and after a failure, with it", async () => {
    const good = { username: "ada", success: true, failure_reason: "" };
    expect(await told("messaging.auth", good, failed)).toEqual([good, failed]);
  });

  it("of a channel is both keys, and whether it was created or looked up", async () => {
    const made = facts["messaging.channel_created"];
    const found = { ...made, was_new: false };
    expect(await told("messaging.channel_created", made, found)).toEqual([made, found]);
  });

  it("of a fetch is who fetched, from where and how many, with none as with some", async () => {
    const some = facts["messaging.fetch"];
    const none = { ...some, message_count: 0 };
    expect(await told("messaging.fetch", some, none)).toEqual([some, none]);
  });

  it("of a registration is the name and the key of the user", async () => {
    const user = facts["messaging.user_registered"];
    expect(await told("messaging.user_registered", user)).toEqual([user]);
  });

  it("is not undone by the answer of a hook", async () => {
    const { host } = await started();
    const stop = (() => ({ action: "block", reason: "no" })) as never;
    const events = Object.entries({ ...facts, "messaging.auth": failed });
    for (const [kind] of events) host.subscribe(kind as "messaging.fetch", stop);
    for (const [kind, data] of events) {
      const outcome = await host.emit({ kind, data } as never);
      const { votes } = await outcome.settled;
      expect([kind, outcome.action, votes]).toMatchObject([
        kind,
        "continue",
        [{ status: "voted", ignored: `'block' is not allowed for ${kind}` }],
      ]);
    }
  });

  it("does not hold up the server until hooks have dealt with it", async () => {
    const { host } = await started();
    let dealtWith = false;
    host.subscribe("messaging.fetch", async () => {
      await turn();
      dealtWith = true;
    });
    const { settled } = await host.emit({ kind: "messaging.fetch", data: facts["messaging.fetch"] });
    expect(dealtWith).toBe(false);
    await settled;
    expect(dealtWith).toBe(true);
  });
});

describe("hooks of a server", () => {
  it("come and go while it runs", async () => {
    const { host } = await started();
    const remove = host.subscribe(ENQUEUE, () => ({ action: "reject", reason: "closed" }));
    expect((await enqueue(host)).stored).toEqual([]);
    remove();
    expect((await enqueue(host)).stored).toHaveLength(1);
  });

  it("that are not there cost no event and no count", async () => {
    const { host } = await started();
    const [one, two] = [
      await host.emit({ kind: ENQUEUE, data: message }),
      await host.emit({ kind: ENQUEUE, data: message }),
    ];
    expect(one).toMatchObject({ action: "continue", votes: [] });
    // Nothing is made for an event that nobody wants, not even its outcome.
    expect(two).toBe(one);
    expect(host.snapshot().subscriptions).toEqual([]);
  });

  it("name the events that they want and hear of no other", async () => {
    const { host } = await started();
    const seen: string[] = [];
    await host.use({
      id: "two-of-six",
      events: ["messaging.auth", "messaging.user_registered"],
      on: ({ kind }) => void seen.push(kind),
    });
    const events = [
      { kind: "messaging.auth", data: failed },
      { kind: "messaging.fetch", data: { recipient_key: key(1), channel_id: "", message_count: 1 } },
      { kind: "messaging.user_registered", data: { username: "ada", identity_key: key(5) } },
    ] as const;
    for (const event of events) await (await host.emit(event as never)).settled;
    expect(seen).toEqual(["messaging.auth", "messaging.user_registered"]);
  });

  it("of an audit are told of logins that failed, and of no other", async () => {
    const { host } = await started();
    const lines: string[] = [];
    host.subscribe(
      "messaging.auth",
      ({ data }) => void lines.push(`AUDIT: failed login for '${data.username}': ${data.failure_reason}`),
      { filter: { where: { success: false } } },
    );
    for (const data of [{ username: "eve", success: true, failure_reason: "" }, failed])
      await (
        await host.emit({ kind: "messaging.auth", data })
      ).settled;
    expect(lines).toEqual(["AUDIT: failed login for 'ada': wrong password"]);
  });

  it("made of several refuse with the first reason, and do not ask the others", async () => {
    const { host } = await started();
    const asked: string[] = [];
    const answers = (id: string, refuses: boolean) => () => {
      asked.push(id);
      return refuses ? ({ action: "reject", reason: id } as const) : undefined;
    };
    await host.use({
      id: "composed",
      events: [ENQUEUE],
      on: sequence(answers("a", false), answers("b", true), answers("c", true)),
    });
    expect((await enqueue(host)).result).toMatchObject({ ran: false, reason: "b" });
    expect(asked).toEqual(["a", "b"]);
  });

  it("made of several are all told of what has happened", async () => {
    const { host } = await started();
    const seen: string[] = [];
    const tells = (id: string) => () => {
      seen.push(id);
      return { action: "continue" } as const;
    };
    await host.use({ id: "composed", events: ["messaging.auth"], on: composite(tells("a"), tells("b")) });
    await (
      await host.emit({ kind: "messaging.auth", data: failed })
    ).settled;
    expect(seen).toEqual(["a", "b"]);
  });
});
