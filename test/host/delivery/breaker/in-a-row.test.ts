import { describe, expect, it } from "vitest";
import { InARow } from "../../../../packages/host/src/delivery/breaker/in-a-row.js";

const LIMITS = { breakerTimeouts: 3, breakerProbeMs: 1_000 };

/** A breaker that opened at time 0. */
function opened(): InARow {
  const breaker = new InARow(LIMITS);
  for (let n = 0; n < 3; n += 1) breaker.ended("timed_out", 0, 0);
  return breaker;
}

describe("a breaker", () => {
  it("opens at the third timeout in a row, not before", () => {
    const breaker = new InARow(LIMITS);
    breaker.ended("timed_out", 0, 0);
    breaker.ended("timed_out", 0, 0);
    expect([breaker.state, breaker.allows(0)]).toEqual(["closed", true]);
    breaker.ended("timed_out", 0, 0);
    expect([breaker.state, breaker.allows(0)]).toEqual(["open", false]);
  });

  it("starts to count again after an answer", () => {
    const breaker = new InARow(LIMITS);
    for (let n = 0; n < 10; n += 1) {
      breaker.ended("timed_out", 0, 0);
      breaker.ended("timed_out", 0, 0);
      breaker.ended("answered", 0, 0);
    }
    expect(breaker.state).toBe("closed");
  });

  it("lets one probe through when one is due, and no second one beside it", () => {
    const breaker = opened();
    expect(breaker.allows(999)).toBe(false);
    expect(breaker.allows(1_000)).toBe(true);
    expect(breaker.allows(1_000)).toBe(false);
    expect(breaker.allows(9_000)).toBe(false);
  });

  it("waits a whole pause after a probe that timed out", () => {
    const breaker = opened();
    breaker.allows(1_000);
    breaker.ended("timed_out", 0, 1_200);
    expect([breaker.allows(2_199), breaker.allows(2_200)]).toEqual([false, true]);
  });

  it("closes at the first answer, also to something that was under way when it opened", () => {
    const breaker = opened();
    breaker.ended("answered", 0, 0);
    expect([breaker.state, breaker.allows(0), breaker.allows(0)]).toEqual(["closed", true, true]);
  });

  it("repeats a probe at once that was not asked in the end", () => {
    const breaker = opened();
    breaker.allows(1_000);
    breaker.ended("nothing", 0, 1_000);
    expect(breaker.allows(1_000)).toBe(true);
  });

  it("does not repeat at once a probe that used up what was left of the chain's time", () => {
    const breaker = opened();
    breaker.allows(1_000);
    breaker.ended("cut_short", 0, 1_500);
    expect([breaker.allows(2_499), breaker.allows(2_500)]).toEqual([false, true]);
  });

  it("stays closed when the chain's time ends while it is", () => {
    const breaker = new InARow(LIMITS);
    breaker.ended("cut_short", 0, 0);
    expect([breaker.state, breaker.allows(0)]).toEqual(["closed", true]);
  });

  it("gives a new process a probe at once, and opens again when that one times out", () => {
    const breaker = opened();
    breaker.probeSoon(10);
    expect([breaker.allows(10), breaker.allows(10)]).toEqual([true, false]);
    breaker.ended("timed_out", 0, 20);
    expect([breaker.state, breaker.allows(20)]).toEqual(["open", false]);
  });

  it("does not open because a new process came", () => {
    const breaker = new InARow(LIMITS);
    breaker.probeSoon(0);
    expect(breaker.state).toBe("closed");
  });
});
