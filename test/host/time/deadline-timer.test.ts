import { describe, expect, it } from "vitest";
import { DeadlineTimer } from "../../../packages/host/src/time/deadline-timer.js";
import { LATE, limited } from "../../../packages/host/src/time/limited.js";
import { FakeClock } from "../../helpers/fake-clock.js";

/** A timer over named deadlines. `ended` tells in order which ended when, with `lagged` for those after a lag. */
function kit() {
  const clock = new FakeClock();
  const left = new Map<string, number>();
  const ended: string[] = [];
  const timer = new DeadlineTimer(clock, (nowMs, lagged) => {
    for (const [name, dueMs] of left) {
      if (dueMs > nowMs) continue;
      left.delete(name);
      ended.push(`${name} at ${clock.now()}${lagged ? " lagged" : ""}`);
    }
    return Math.min(Number.POSITIVE_INFINITY, ...left.values());
  });
  const add = (name: string, ms: number): void => {
    left.set(name, clock.now() + ms);
    timer.watch(clock.now() + ms);
  };
  return { clock, left, ended, add };
}

describe("a deadline timer", () => {
  it("ends each at its time while the host runs", async () => {
    const { clock, ended, add } = kit();
    add("second", 200);
    add("first", 100);
    await clock.pass(1_000);
    expect(ended).toEqual(["first at 100", "second at 200"]);
  });

  it("gives everybody the time that a lag took, once", async () => {
    const { clock, left, ended, add } = kit();
    add("answered", 100);
    add("hung", 100);
    await clock.jump(1_100);
    expect(ended).toEqual([]);
    await clock.pass(500);
    left.delete("answered");
    await clock.pass(5_000);
    expect(ended).toEqual(["hung at 2100 lagged"]);
  });

  it("gives at most five seconds more", async () => {
    const { clock, ended, add } = kit();
    add("hung", 100);
    await clock.jump(60_000);
    await clock.pass(60_000);
    expect(ended).toEqual(["hung at 65000 lagged"]);
  });

  it("gives no time for a timer that is only a little late", async () => {
    const { clock, ended, add } = kit();
    add("slow", 100);
    await clock.jump(300);
    expect(ended).toEqual(["slow at 300"]);
  });

  it("ends what lags a second time, but not what came in between", async () => {
    const { clock, ended, add } = kit();
    add("hung", 100);
    await clock.jump(600);
    add("later", 700);
    await clock.jump(1_000);
    expect(ended).toEqual(["hung at 1600 lagged"]);
    await clock.pass(5_000);
    expect(ended).toEqual(["hung at 1600 lagged", "later at 2100 lagged"]);
  });

  it("ends nobody within the extra time, also for a short deadline that comes then", async () => {
    const { clock, ended, add } = kit();
    add("hung", 100);
    await clock.jump(1_100);
    add("short", 10);
    await clock.pass(900);
    expect(ended).toEqual([]);
    await clock.pass(200);
    expect(ended).toEqual(["hung at 2100 lagged", "short at 2100 lagged"]);
  });

  it("forgets a lag that is over", async () => {
    const { clock, ended, add } = kit();
    add("hung", 100);
    await clock.jump(600);
    await clock.pass(5_000);
    add("later", 100);
    await clock.pass(100);
    expect(ended).toEqual(["hung at 1100 lagged", "later at 5700"]);
  });
});

describe("limited", () => {
  it("gives the time that a lag took once more", async () => {
    const clock = new FakeClock();
    let answer: (value: string) => void = () => {};
    const waited = limited(clock, 100, new Promise<string>((resolve) => (answer = resolve)));
    await clock.jump(600);
    await clock.pass(400);
    answer("there");
    expect(await waited).toBe("there");
  });

  it("ends after that", async () => {
    const clock = new FakeClock();
    const waited = limited(clock, 100, new Promise(() => {}));
    await clock.jump(600);
    await clock.pass(500);
    expect(await waited).toBe(LATE);
    expect(clock.armed).toBe(0);
  });
});
