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
