import { breakerPolicy } from "@synaps/sdk/protocol";
import { expect, it } from "vitest";
import { InProcessTarget } from "../../../../packages/host/src/dispatch/in-process.js";
import { ProgramCalls } from "../../../../packages/host/src/dispatch/program-calls.js";
import type { DeliveryResult } from "../../../../packages/host/src/delivery/request.js";
import { DEFAULT_LIMITS } from "../../../../packages/host/src/options.js";
import { Activity } from "../../../../packages/host/src/time/activity.js";
import { FakeClock } from "../../../helpers/fake-clock.js";
import { TestEvent } from "../../../helpers/scripted-process.js";

const ONE_FAILURE = breakerPolicy({ failures: 1, minCalls: 1 });
const TWO_FAILURES = breakerPolicy({ failures: 2, minCalls: 1 });

it("a handler of the program gets, changes and loses a breaker with the policy under which it is asked", () => {
  const calls = new ProgramCalls(new FakeClock(), new Activity(), DEFAULT_LIMITS);
  const told: boolean[] = [];
  calls.onBreaker = ({ open }) => void told.push(open);
  const target = new InProcessTarget(
    "own",
    () => {
      throw new Error("broken");
    },
    calls,
  );
  const ask = (breaker: typeof ONE_FAILURE): DeliveryResult | undefined => {
    let result: DeliveryResult | undefined;
    const request = Object.assign(new TestEvent("x", { subscription: "own#1" }), { breaker });
    request.finished = (end: DeliveryResult) => void (result = end);
    target.hand(request);
    return result;
  };
  expect([ask(undefined), target.breaker]).toMatchObject([{ reason: "error" }, undefined]);
  expect([ask(ONE_FAILURE), ask(ONE_FAILURE)]).toMatchObject([{ reason: "error" }, { reason: "breaker" }]);
  expect(ask({ ...ONE_FAILURE! })).toMatchObject({ reason: "breaker" });
  expect(ask(TWO_FAILURES)).toMatchObject({ reason: "error" });
  expect(told).toEqual([true, false]);
  expect([ask(TWO_FAILURES), ask(TWO_FAILURES)]).toMatchObject([{ reason: "error" }, { reason: "breaker" }]);
  expect([ask(undefined), ask(undefined)]).toMatchObject([{ reason: "error" }, { reason: "error" }]);
  expect([told, target.breaker]).toEqual([[true, false, true, false], undefined]);
});
