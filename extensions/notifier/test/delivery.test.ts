import { expect, test } from "vitest";
import { BEHAVIOURS, hastyClock, notifier, receiver, until, type Behaviour } from "./support/receiver.js";

type Name = keyof typeof BEHAVIOURS;

/** What the address does with the tries of a message, in turn, and what comes of it within three tries. */
const PLANS: readonly (readonly [tries: readonly Name[], delivered: boolean])[] = [
  [["ok"], true],
  [["error", "ok"], true],
  [["endless"], true],
  [["reset", "busy", "ok"], true],
  [["error", "error", "error"], false],
  [["hang", "ok"], true],
  [["elsewhere"], false],
  [["unwanted"], false],
  [["busy", "reset", "hang"], false],
  [["busy", "unwanted"], false],
];

test("of 100 messages, delivered, retried and given up add up exactly with what the address saw", async () => {
  const triesOf = new Map<string, number>();
  const clock = hastyClock();
  const { url, received } = await receiver(({ id, body }) => {
    const attempt = triesOf.get(id) ?? 0;
    triesOf.set(id, attempt + 1);
    const [tries] = PLANS[Number(body.data["n"]) % PLANS.length] ?? [[]];
    const behaviour = tries[attempt] ?? "ok";
    return behaviour === "hang" ? () => clock.timeOut() : BEHAVIOURS[behaviour];
  });
  const harness = await notifier(url, { attempts: 3 }, clock);
  for (let n = 0; n < 100; n += 1) harness.publish("notify.test", { n });
  const counts = await until(harness, ({ offered, waiting }) => offered === 100 && waiting === 0);

  const rounds = 100 / PLANS.length;
  const delivered = PLANS.filter(([, isDelivered]) => isDelivered).length * rounds;
  const tries = PLANS.reduce((sum, [names]) => sum + names.length, 0) * rounds;
  expect(counts).toEqual({
    seen: 100,
    repeated: 0,
    summaries: 0,
    offered: 100,
    delivered,
    given_up: 100 - delivered,
    retried: tries - 100,
    dropped: 0,
    waiting: 0,
  });
  expect(received).toHaveLength(tries);
  expect(new Set(received.map(({ path }) => path))).toEqual(new Set([received[0]?.path]));
  expect(triesOf.size).toBe(100);
  const givenUp = harness.logs.filter((line) => line.includes("is given up after"));
  expect(givenUp).toHaveLength(100 - delivered);
  expect([...new Set(givenUp)].sort()).toEqual([
    "notify.test is given up after 1 try: it answered 302, and redirects are not followed",
    "notify.test is given up after 1 try: it answered 400",
    "notify.test is given up after 2 tries: it answered 400",
    "notify.test is given up after 3 tries: it answered 500",
    "notify.test is given up after 3 tries: no answer within 9.999 s",
  ]);
});

const after =
  (text: string): Behaviour =>
  (response) => {
    response.writeHead(429, { "retry-after": text }).end();
  };

test.each([
  [
    "twice as long each time, with a part by chance",
    BEHAVIOURS.error,
    [750, 1500, 3000, 6000, 12_000, 24_000, 45_000, 45_000],
  ],
  ["as long as the address asks", after("7"), [7_000, 7_000, 7_000, 7_000, 12_000, 24_000, 45_000, 45_000]],
  ["never for hours", after("86400"), Array.from({ length: 8 }, () => 300_000)],
  ["not for what is no time", after("soon"), [750, 1500, 3000, 6000, 12_000, 24_000, 45_000, 45_000]],
])("waits %s", async (_says, behaviour, waits) => {
  const { url } = await receiver(() => behaviour);
  const clock = hastyClock();
  const harness = await notifier(url, { attempts: 9 }, clock);
  harness.publish("cost.alert", {});
  expect(await until(harness, ({ waiting, seen }) => seen === 1 && waiting === 0)).toMatchObject({
    given_up: 1,
    retried: 8,
  });
  expect(clock.asked).toEqual(waits);
});

test("a date in Retry-After is a time from now", async () => {
  let asked = 0;
  const { url } = await receiver(() =>
    (asked += 1) === 1 ? after(new Date(Date.now() + 120_000).toUTCString()) : BEHAVIOURS.ok,
  );
  const clock = hastyClock();
  const harness = await notifier(url, {}, clock);
  harness.publish("cost.alert", {});
  await until(harness, ({ delivered }) => delivered === 1);
  const [wait = 0] = clock.asked;
  expect(wait).toBeGreaterThan(60_000);
  expect(wait).toBeLessThanOrEqual(120_000);
});

test("nobody waits for an address that hangs, and what has no room is counted and told", async () => {
  const held: (() => void)[] = [];
  let isHanging = true;
  const { url, received } = await receiver(() => (response) => {
    if (isHanging) held.push(() => response.end());
    else response.end();
  });
  const harness = await notifier(url, { max_waiting: 10 });
  const event = { kind: "gateway.security_event", data: { event_type: "ssrf", action: "warn", reason: "r" } };
  for (let n = 0; n < 500; n += 1)
    expect(await harness.send({ ...event, session_id: `${n}` } as never)).toEqual({ action: "continue" });
  await until(harness, () => held.length === 1);
  expect(await until(harness, () => true)).toMatchObject({
    seen: 500,
    delivered: 0,
    dropped: 490,
    waiting: 10,
  });
  expect(harness.logs).toEqual(["10 messages wait, and further ones are dropped and counted"]);
  isHanging = false;
  held[0]?.();
  await until(harness, ({ waiting }) => waiting === 0);
  await harness.send(event as never);
  await until(harness, ({ delivered }) => delivered === 11);
  expect(received.map(({ body }) => body.dropped_before)).toEqual([
    ...Array.from({ length: 10 }, () => 0),
    490,
  ]);
  expect(received.map(({ body }) => body.session_id).slice(0, 3)).toEqual(["0", "1", "2"]);
});

test("events about the same thing are counted and told in one message when the time is over", async () => {
  const pending: (() => void)[] = [];
  const clock = {
    wallMs: () => 0,
    after(ms: number, run: () => void) {
      if (ms === 60_000) pending.push(run);
      return { cancel: () => {} };
    },
  };
  const { url, received } = await receiver(() => BEHAVIOURS.ok);
  const harness = await notifier(url, { repeat_seconds: 60 }, clock);
  for (let n = 0; n < 40; n += 1)
    harness.publish("login.suspicious", { name: n % 2 === 0 ? "ada" : "bob", n });
  await until(harness, ({ delivered }) => delivered === 2);
  // The time of both names is over, and then that of the two summaries, in which nothing came.
  for (const run of pending.splice(0)) run();
  const counts = await until(harness, ({ delivered }) => delivered === 4);
  for (const run of pending.splice(0)) run();
  expect(counts).toMatchObject({ seen: 40, repeated: 38, summaries: 2, offered: 4, waiting: 0 });
  expect(received.map(({ body }) => [body.data["name"], body.data["n"], body.repeated])).toEqual([
    ["ada", 0, 0],
    ["bob", 1, 0],
    ["ada", 38, 18],
    ["bob", 39, 18],
  ]);
  harness.publish("login.suspicious", { name: "ada" });
  await until(harness, ({ delivered }) => delivered === 5);
});
