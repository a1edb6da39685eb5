import fc from "fast-check";
import { expect, it } from "vitest";
import { LANES, Lanes, type Lane, type Slot } from "../../packages/host/src/delivery/lanes.js";
import { FakeClock } from "../helpers/fake-clock.js";
import { verifies } from "../requirements/verifies.js";

const lane = fc.constantFrom(...LANES);
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("acquire" as const),
      lane,
      waitMs: fc.option(fc.integer({ min: 1, max: 50 })),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("try" as const), lane }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("release" as const), lane }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant("pass" as const), ms: fc.integer({ min: 1, max: 60 }) }),
  },
);
const setup = fc.record({
  limit: fc.integer({ min: 1, max: 4 }),
  shared: fc.boolean(),
  room: fc.integer({ min: 0, max: 5 }),
});

it(
  verifies("FAIL-045") +
    "lanes never exceed their limits, serve each lane in order, and leave nobody waiting beside a free slot",
  async () => {
    await fc.assert(
      fc.asyncProperty(setup, fc.array(step, { maxLength: 60 }), async ({ limit, shared, room }, steps) => {
        const clock = new FakeClock();
        const queue = { trial: room, gate: room, call: room, observe: room };
        const lanes = new Lanes({ limit, shared, queue, blockMs: 100, clock });
        const held: Record<Lane, number> = { trial: 0, gate: 0, call: 0, observe: 0 };
        const served: Record<Lane, number[]> = { trial: [], gate: [], call: [], observe: [] };
        const ended: Promise<Slot>[] = [];
        const total = (): number => held.trial + held.gate + held.call + held.observe;
        // A trial is a gate too, and the only one of its kind.
        const of = (name: Lane): number =>
          name === "trial" || name === "gate" ? held.trial + held.gate : held[name];
        for (const [n, one] of steps.entries()) {
          if (one.do === "acquire") {
            const got = lanes.acquire(one.lane, one.waitMs ?? undefined).then((slot) => {
              if (slot === "slot") {
                held[one.lane] += 1;
                served[one.lane].push(n);
              }
              return slot;
            });
            ended.push(got);
          } else if (one.do === "try") {
            if (lanes.tryAcquire(one.lane)) held[one.lane] += 1;
          } else if (one.do === "release") {
            if (held[one.lane] > 0) {
              held[one.lane] -= 1;
              lanes.release(one.lane);
            }
          } else await clock.pass(one.ms);
          await clock.pass(0);

          expect(lanes.inFlight).toBe(total());
          for (const name of LANES) {
            expect(of(name)).toBeLessThanOrEqual(limit);
            expect(lanes.waiting(name)).toBeLessThanOrEqual(room);
            const free = (shared ? total() : of(name)) < limit && (name !== "trial" || held.trial === 0);
            if (free) expect(lanes.waiting(name)).toBe(0);
          }
          expect(held.trial).toBeLessThanOrEqual(1);
          if (shared) expect(total()).toBeLessThanOrEqual(limit);
        }
        for (const name of LANES) expect(served[name]).toEqual([...served[name]].sort((a, b) => a - b));
        // The end turns everybody away, and no timer is left.
        lanes.close();
        await Promise.all(ended);
        expect(clock.armed).toBe(0);
        for (const name of LANES) for (; held[name] > 0; held[name] -= 1) lanes.release(name);
        expect(lanes.idle).toBe(true);
      }),
      { numRuns: 150 },
    );
  },
);
