import { expect, it } from "vitest";
import {
  MAX_WAITING,
  Paced,
  READING_MS,
  WRITING_MS,
} from "../../../../packages/host/src/surfaces/config/paced.js";
import { FakeClock } from "../../../helpers/fake-clock.js";

const NOTHING = (): Promise<number> => Promise.resolve(0);
const MEGABYTE = (): Promise<number> => Promise.resolve(1024 * 1024);

it("a flood of requests for a large file takes a small part of the time", async () => {
  const clock = new FakeClock();
  const paced = new Paced(clock);
  let done = 0;
  const flood = async (): Promise<void> => {
    for (;;) await paced.run(READING_MS, MEGABYTE, async () => void (done += 1));
  };
  void flood();
  await clock.pass(10_000);
  // A request costs about 11 ms, so that four in a second are a twentieth of the time.
  expect(done).toBeGreaterThan(10);
  expect(done).toBeLessThan(60);
});

it("refuses requests beyond the bound at once, and takes further ones when there is room", async () => {
  const paced = new Paced(new FakeClock());
  let finish: () => void = () => {};
  const first = paced.run(READING_MS, NOTHING, () => new Promise<void>((resolve) => (finish = resolve)));
  const others = Array.from({ length: MAX_WAITING - 1 }, () => paced.run(READING_MS, NOTHING, async () => 1));
  await expect(paced.run(READING_MS, NOTHING, async () => 1)).rejects.toThrow(
    "too many configuration requests",
  );
  await new Promise((resolve) => setImmediate(resolve));
  finish();
  await first;
  await others[0];
  expect(await paced.run(READING_MS, NOTHING, async () => 2)).toBe(2);
});

it("a request that fails delays nobody", async () => {
  const paced = new Paced(new FakeClock());
  const fails = paced.run(READING_MS, NOTHING, () => Promise.reject(new Error("mine")));
  await expect(fails).rejects.toThrow("mine");
  expect(await paced.run(READING_MS, NOTHING, async () => 2)).toBe(2);
});

it("a flood of requests that write takes a small part of the time, too", async () => {
  const clock = new FakeClock();
  const paced = new Paced(clock);
  let done = 0;
  const flood = async (): Promise<void> => {
    for (;;) await paced.run(WRITING_MS, NOTHING, async () => void (done += 1));
  };
  void flood();
  await clock.pass(10_000);
  // At 2 ms each, 25 in a second are a twentieth of the time.
  expect(done).toBeGreaterThan(50);
  expect(done).toBeLessThan(400);
});
