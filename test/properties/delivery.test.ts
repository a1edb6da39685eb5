import fc from "fast-check";
import { expect, it } from "vitest";
import { LANES } from "../../packages/host/src/delivery/request.js";
import { deliveryKit, TestEvent, type Posted } from "../helpers/scripted-process.js";
import { verifies } from "../requirements/verifies.js";

const OVERFLOWS = ["drop_newest", "drop_oldest", "block", "disconnect"] as const;

const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant("gate" as const),
      deadlineMs: fc.integer({ min: 1, max: 50 }),
      untilMs: fc.integer({ min: 1, max: 90 }),
      input: fc.integer({ min: 0, max: 9 }),
      repeatable: fc.boolean(),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("observe" as const),
      input: fc.integer({ min: 0, max: 9 }),
      overflow: fc.constantFrom(...OVERFLOWS),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant("stream" as const),
      session: fc.constantFrom("s", "t", "u", null),
      input: fc.integer({ min: 0, max: 9 }),
      overflow: fc.constantFrom(...OVERFLOWS),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("call" as const),
      deadlineMs: fc.integer({ min: 1, max: 50 }),
      whole: fc.boolean(),
      idempotent: fc.boolean(),
      abort: fc.boolean(),
    }),
  },
  { weight: 8, arbitrary: fc.record({ do: fc.constant("answer" as const), which: fc.nat() }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("refuse" as const),
      which: fc.nat(),
      kind: fc.constantFrom("error", "unreadable", "lagged"),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant("pass" as const), ms: fc.integer({ min: 1, max: 60 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("exit" as const),
      next: fc.constantFrom("restarting", "failed", "quarantined"),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("restart" as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("asking" as const), is: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("reload" as const) }) },
);

const setup = fc.record({
  protocol: fc.integer({ min: 1, max: 3 }),
  wanted: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }),
  room: fc.integer({ min: 1, max: 5 }),
  batches: fc.boolean(),
  steps: fc.array(step, { maxLength: 80 }),
});

it(
  verifies("FAIL-045") +
    "delivery ends every request exactly once, keeps its limits and order, and leaves none beside a free slot",
  async () => {
    await fc.assert(
      fc.asyncProperty(setup, async ({ protocol, wanted, room, batches, steps }) => {
        const limits = {
          gateQueue: room,
          observeQueue: room,
          streamQueue: room,
          streamItems: room + 2,
          overflowBlockMs: 40,
        };
        const first = deliveryKit({ protocol, wanted, limits });
        const { clock } = first;
        let { script, delivery } = first;
        script.takesBatches = batches && protocol === 3;
        const requests: TestEvent[] = [];
        const calls: Promise<unknown>[] = [];
        let settledCalls = 0;
        /** Observed events in the order in which they were sent one by one. */
        const observed: TestEvent[] = [];
        /** Items of streams in the order in which they were sent, by session. */
        const streamed = new Map<string | null, TestEvent[]>();
        const onPost = ({ waiting }: Posted): void => {
          if (!(waiting instanceof TestEvent)) return;
          if (waiting.lane === "observe") observed.push(waiting);
          if (waiting.home !== "stream") return;
          const session = waiting.event.sessionId;
          streamed.set(session, [...(streamed.get(session) ?? []), waiting]);
        };
        script.onPost = onPost;
        for (const [n, one] of steps.entries()) {
          const open = script.open;
          switch (one.do) {
            case "gate":
            case "observe": {
              const isGate = one.do === "gate";
              const event = new TestEvent(String(one.input), {
                lane: one.do,
                subscription: one.do,
                deadlineMs: isGate ? one.deadlineMs : 20,
                untilMs: isGate ? clock.now() + one.untilMs : Number.POSITIVE_INFINITY,
                repeatable: isGate && one.repeatable,
                overflow: isGate ? "drop_newest" : one.overflow,
              });
              requests.push(event);
              delivery.hand(event);
              break;
            }
            case "stream": {
              const { session, overflow, input } = one;
              const options = { lane: "stream", subscription: "stream", deadlineMs: 20 } as const;
              const event = new TestEvent(String(input), {
                ...options,
                session,
                repeatable: false,
                overflow,
              });
              requests.push(event);
              delivery.hand(event);
              break;
            }
            case "call": {
              const over = new AbortController();
              const { deadlineMs, whole, idempotent, abort } = one;
              const call = delivery.call({
                method: "tool.call",
                params: n,
                deadlineMs,
                whole,
                idempotent,
                signal: over.signal,
              });
              calls.push(call.then(() => (settledCalls += 1)));
              if (abort) clock.after(5, () => over.abort());
              break;
            }
            case "answer":
              if (open.length > 0) script.answer(open[one.which % open.length], null);
              break;
            case "refuse":
              if (open.length > 0)
                script.reply(
                  open[one.which % open.length],
                  one.kind === "error"
                    ? { type: "error", code: 1, message: "no" }
                    : one.kind === "lagged"
                      ? { type: "timeout", lagged: true }
                      : { type: "unreadable", reason: "invalid", detail: "?" },
                );
              break;
            case "pass":
              await clock.pass(one.ms);
              break;
            case "exit":
              if (script.availability === "live") script.exit(delivery, one.next);
              break;
            case "restart":
              if (script.availability !== "live") script.restart(delivery);
              break;
            case "asking":
              script.asking = one.is;
              delivery.changed();
              break;
            case "reload": {
              const next = deliveryKit({ protocol, wanted, limits, clock });
              next.script.takesBatches = script.takesBatches;
              next.script.onPost = onPost;
              delivery.handOver(next.delivery);
              script.availability = "stopped";
              for (const posted of script.open) script.reply(posted, { type: "closed" });
              delivery.close();
              ({ script, delivery } = next);
              break;
            }
          }
          await clock.pass(0);

          const of = (lane: string, state: string): number =>
            requests.filter((request) => request.lane === lane && request.state === state).length;
          const sent = script.open;
          const gates = of("trial", "sent") + of("gate", "sent");
          expect(of("trial", "sent")).toBeLessThanOrEqual(1);
          if (protocol < 3) expect(sent.length).toBeLessThanOrEqual(wanted ?? 2);
          if (protocol < 3 && wanted === undefined)
            expect(gates + of("observe", "sent") + of("stream", "sent")).toBeLessThanOrEqual(1);
          for (const [, items] of streamed)
            expect(items.filter(({ state }) => state === "sent").length).toBeLessThanOrEqual(1);
          if (protocol === 3) expect(of("stream", "sent")).toBeLessThanOrEqual(wanted ?? 128);
          if (protocol === 3) expect(gates).toBeLessThanOrEqual(wanted ?? 64);
          expect(sent.filter(({ method }) => method === "hook.batch").length).toBeLessThanOrEqual(2);
          // The bounds of the queues hold for what came fresh; a retry keeps the place that it had.
          expect(of("observe", "queued")).toBeLessThanOrEqual(room + 1);
          if (script.availability === "live" && sent.length === 0 && !script.asking)
            expect(LANES.map((lane) => of(lane, "queued") + of(lane, "waiting"))).toEqual([0, 0, 0, 0, 0]);
        }
        delivery.close();
        await Promise.all(calls);
        expect(settledCalls).toBe(calls.length);
        expect(requests.filter(({ end }) => end === "open")).toEqual([]);
        expect(delivery.idle).toBe(true);
        const order = observed.map((event) => requests.indexOf(event));
        expect(order).toEqual([...order].sort((a, b) => a - b));
        for (const [, items] of streamed) {
          const places = items.map((event) => requests.indexOf(event));
          expect(places).toEqual([...places].sort((a, b) => a - b));
        }
      }),
      { numRuns: 1_000 },
    );
  },
);
