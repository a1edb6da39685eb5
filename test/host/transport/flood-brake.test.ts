import { expect, it } from "vitest";
import { FloodBrake } from "../../../packages/host/src/transport/flood-brake.js";
import { FakeClock } from "../../helpers/fake-clock.js";

/** A stream that notes how it is held. */
function held(): { paused: boolean; pause(): void; resume(): void } {
  return {
    paused: false,
    pause() {
      this.paused = true;
    },
    resume() {
      this.paused = false;
    },
  };
}

it("what little is said unasked is not held back", async () => {
  const [clock, stream] = [new FakeClock(), held()];
  const brake = new FloodBrake(clock, stream);
  for (let second = 0; second < 100; second += 1) {
    await clock.pass(1_000);
    brake.charge(9, clock.now());
    expect(stream.paused).toBe(false);
  }
});

it("a flood gets a small share of the time, and is let on again", async () => {
  const [clock, stream] = [new FakeClock(), held()];
  const brake = new FloodBrake(clock, stream);
  let spentMs = 0;
  for (let ms = 0; ms < 10_000; ms += 1) {
    await clock.pass(1);
    if (stream.paused) continue;
    spentMs += 1;
    brake.charge(1, clock.now());
  }
  // The burst, and then three hundredths.
  expect(spentMs).toBeGreaterThan(200);
  expect(spentMs).toBeLessThan(400);
});

it("at the end of a process the rest is read at once", async () => {
  const [clock, stream] = [new FakeClock(), held()];
  const brake = new FloodBrake(clock, stream);
  brake.charge(1_000, clock.now());
  expect(stream.paused).toBe(true);
  brake.release();
  expect(stream.paused).toBe(false);
  await clock.pass(10_000);
  expect(stream.paused).toBe(false);
});

/** A brake, and how long each of its pauses was to last, in whole milliseconds. */
function measured(): {
  brake: FloodBrake;
  stream: ReturnType<typeof held>;
  clock: FakeClock;
  pauses: number[];
} {
  const [clock, stream] = [new FakeClock(), held()];
  const pauses: number[] = [];
  const after = clock.after.bind(clock);
  clock.after = (ms, run) => {
    pauses.push(Math.round(ms));
    return after(ms, run);
  };
  return { brake: new FloodBrake(clock, stream), stream, clock, pauses };
}

it("ten milliseconds may be taken at once, and what is over is paid back at three hundredths", () => {
  const { brake, stream, pauses } = measured();
  brake.charge(10, 0);
  expect([brake.active, stream.paused]).toEqual([false, false]);
  brake.charge(3, 0);
  expect([brake.active, stream.paused, pauses]).toEqual([true, true, [100]]);
});

it("what was not taken is earned again with time, up to the ten milliseconds and no further", () => {
  const { brake, pauses } = measured();
  brake.charge(10, 0);
  brake.charge(3, 100);
  expect(pauses).toEqual([]);
  brake.charge(13, 1_000_000);
  expect(pauses).toEqual([100]);
});

it("a pause lasts two seconds at most, and a quarter of one while somebody waits", () => {
  for (const [awaited, longest] of [
    [undefined, 2_000],
    [false, 2_000],
    [true, 250],
  ] as const) {
    const { brake, pauses } = measured();
    brake.charge(1_000, 0, awaited);
    expect(pauses).toEqual([longest]);
  }
});

it("a stream that is held back is not held back twice, and goes on when its pause is over", async () => {
  const { brake, stream, clock, pauses } = measured();
  brake.charge(13, 0);
  brake.charge(1, 0);
  expect([pauses, clock.armed]).toEqual([[100], 1]);
  await clock.pass(99);
  expect([brake.active, stream.paused]).toEqual([true, true]);
  await clock.pass(1);
  expect([brake.active, stream.paused, clock.armed]).toEqual([false, false, 0]);
  brake.charge(2, 100);
  expect(pauses).toEqual([100, 100]);
});

it("a stream that was let go of early has no timer left, and is not resumed when nobody holds it", () => {
  const { brake, stream, clock } = measured();
  brake.charge(13, 0);
  brake.release();
  expect([brake.active, stream.paused, clock.armed]).toEqual([false, false, 0]);
  // Somebody else's pause.
  stream.pause();
  brake.release();
  expect(stream.paused).toBe(true);
});

it("a brake that was stopped lets go, and never holds the stream back again", () => {
  const { brake, stream, clock, pauses } = measured();
  brake.charge(13, 0);
  brake.stop();
  expect([brake.active, stream.paused, clock.armed]).toEqual([false, false, 0]);
  brake.charge(1_000, 0);
  expect([brake.active, stream.paused, pauses]).toEqual([false, false, [100]]);
});
