import { describe, expect, it } from "vitest";
import { EventRing } from "../../../../packages/host/src/surfaces/events/event-ring.js";
import { TokenBucket } from "../../../../packages/host/src/surfaces/events/token-bucket.js";
import { eventOf } from "../../../helpers/events.js";
import { FakeClock } from "../../../helpers/fake-clock.js";
import { startedHost } from "../../../helpers/hosts.js";
import { verifies } from "../../../requirements/verifies.js";

describe("events of the program", () => {
  it("are told to each of its handlers with a copy, whatever the others do", async () => {
    const { host, log } = await startedHost([]);
    const seen: unknown[] = [];
    host.events.subscribe("a.*", ({ data }) => {
      (data as { list: number[] }).list.push(7);
      throw new Error("odd");
    });
    host.events.subscribe("a.b", ({ data }) => void seen.push(data));
    const data = { list: [1] };
    host.events.publish("a.b", data);
    data.list.push(2);
    expect([seen, host.events.query({ topic: "a.b" })]).toMatchObject([
      [{ list: [1] }],
      [{ topic: "a.b", data: { list: [1] }, from: "program", hops: 0 }],
    ]);
    expect(log.map(({ message }) => message)).toContain("a listener for raised events failed");
  });

  it("end a loop after 8 handlers, with an error in the log", async () => {
    const { host, log } = await startedHost([]);
    host.events.subscribe("loop.*", (_event, { publish }) => publish("loop.again"));
    host.events.publish("loop.start");
    expect(host.events.query().map(({ hops }) => hops)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect(log.some(({ fields }) => String(fields["reason"]).includes("came through 8 handlers"))).toBe(true);
    host.events.subscribe("direct.*", () => host.events.publish("direct.again"));
    host.events.publish("direct.start");
    expect(host.events.query({ topic: "direct.*" })).toHaveLength(9);
  });

  it("end a loop through awaits and hooks, too, as long as handlers raise with what they were given", async () => {
    const { host } = await startedHost([]);
    const counted = (topic: string) => host.events.query({ topic }).map(({ hops }) => hops);
    host.subscribe("before_tool_call", async (_event, context) => {
      await Promise.resolve();
      context.publish("asked.hook");
    });
    const ended = new Promise<unknown>((resolve) => {
      host.events.subscribe("later.*", async (_event, { publish }) => {
        await host.emit(eventOf("before_tool_call"));
        if (counted("later.*").length > 20) return resolve(undefined);
        try {
          publish("later.again");
        } catch (error) {
          resolve(error);
        }
      });
    });
    host.events.publish("later.start");
    expect(await ended).toMatchObject({ code: "TOPIC_INVALID" });
    expect(counted("later.*")).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    // A hook is no handler of a raised event, and neither is the program after an await: what they raise is fresh.
    expect(counted("asked.*")).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0]);
    const raised = new Promise<void>((resolve) => {
      host.events.subscribe("fresh.first", async () => {
        await Promise.resolve();
        host.events.publish("fresh.second");
        resolve();
      });
    });
    host.events.publish("fresh.first");
    await raised;
    expect(counted("fresh.*")).toEqual([0, 0]);
  });

  it.each([
    ["Big.Letters", null, "a topic is lower-case names joined by dots"],
    ["a..b", null, "a topic is lower-case names joined by dots"],
    ["a.*", null, "a topic is lower-case names joined by dots"],
    [`a.${"b".repeat(130)}`, null, "a topic is lower-case names joined by dots"],
    [7, null, "a topic is lower-case names joined by dots"],
    ["a", 2n, "bigint"],
    ["a", Number.NaN, "/data"],
    ["a", "x".repeat(70_000), "its data has 70002 bytes"],
    ["hook.executed", {}, "only the host raises 'hook.executed'"],
  ])("are refused: %s", async (topic, data, why) => {
    const { host } = await startedHost([]);
    const publish = () => host.events.publish(topic as never, data as never);
    expect(publish).toThrow(expect.objectContaining({ code: "TOPIC_INVALID" }));
    expect(publish).toThrow(why);
    expect(host.events.query()).toEqual([]);
  });

  it.each(["", "a.", "A", "a.b**", "a/b", "a b", 7, "x".repeat(129)])(
    "a bad glob is refused: %s",
    async (glob) => {
      const { host } = await startedHost([]);
      const follow = () => host.events.subscribe(glob as never, () => {});
      expect(follow).toThrow(expect.objectContaining({ code: "TOPIC_INVALID" }));
      if (glob !== "") expect(() => host.events.query({ topic: glob as never })).toThrow("wrong");
    },
  );

  it(
    verifies("INP-024") + "tell of each outcome of a hook's event, if somebody follows or the option says so",
    async () => {
      const { host } = await startedHost([]);
      host.subscribe("before_tool_call", () => ({ action: "block", reason: "secret" }), { id: "guard" });
      const emit = () => host.emit(eventOf("before_tool_call", { tool_input: "secret" }));
      await emit();
      expect(host.events.query({ topic: "hook.executed" })).toEqual([]);
      const stop = host.events.subscribe("hook.*", () => {});
      await emit();
      stop();
      await emit();
      const facts = host.events.query({ topic: "hook.executed" });
      expect(facts).toMatchObject([
        {
          from: "host",
          data: { kind: "before_tool_call", action: "block", by: "guard", votes: 1, abstained: 0 },
        },
      ]);
      expect(JSON.stringify(facts)).not.toContain("secret");
      const always = await startedHost([], { hookEvents: true });
      always.host.subscribe("before_tool_call", () => {});
      await always.host.emit(eventOf("before_tool_call"));
      expect(always.host.events.query({ topic: "hook.executed" })).toHaveLength(1);
    },
  );
});

describe("what is kept", () => {
  it(verifies("INP-025") + "is bounded: the oldest events make room", () => {
    const ring = new EventRing(10);
    for (let n = 0; n < 95; n += 1)
      ring.add({ topic: "a.b", text: String(n), from: n % 2 ? "x" : "y", at: n, hops: 0 });
    expect(ring.query({ limit: 1_000 }).map(({ data }) => data)).toEqual([
      85, 86, 87, 88, 89, 90, 91, 92, 93, 94,
    ]);
    expect(ring.query({ from: "x", since: 90, limit: 1 }).map(({ data }) => data)).toEqual([93]);
    const large = "x".repeat(3 * 1024 * 1024);
    for (let n = 0; n < 4; n += 1) ring.add({ topic: "big", text: `"${large}"`, from: "x", at: n, hops: 0 });
    expect(ring.query({}).map(({ topic, at }) => [topic, at])).toEqual([
      ["big", 2],
      ["big", 3],
    ]);
  });
});

it("a quota gives a burst, then one at a time", async () => {
  const clock = new FakeClock();
  const bucket = new TokenBucket(clock, 100, 3);
  expect([bucket.take(), bucket.take(), bucket.take(), bucket.take()]).toEqual([0, 0, 0, 10]);
  await clock.pass(10);
  expect([bucket.take(), bucket.take()]).toEqual([0, 10]);
  await clock.pass(60_000);
  expect([1, 2, 3, 4].map(() => bucket.take())).toEqual([0, 0, 0, 10]);
});
