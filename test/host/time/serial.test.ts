import { describe, expect, it } from "vitest";
import { Serial, SerialByKey } from "../../../packages/host/src/time/serial.js";

function gate(): { open: () => void; opened: Promise<void> } {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}

describe("one piece of work after the other", () => {
  it("begins the next one when the one before has ended, well or not", async () => {
    const serial = new Serial();
    const steps: string[] = [];
    const { open, opened } = gate();
    const first = serial.run(async () => {
      steps.push("first begins");
      await opened;
      steps.push("first ends");
      throw new Error("first failed");
    });
    const second = serial.run(() => {
      steps.push("second");
      return 2;
    });
    open();
    await expect(first).rejects.toThrow("first failed");
    await expect(second).resolves.toBe(2);
    expect(steps).toEqual(["first begins", "first ends", "second"]);
  });

  it("is idle again, and settled waits for failures without throwing", async () => {
    const serial = new Serial();
    expect(serial.idle).toBe(true);
    const failed = serial.run(() => Promise.reject(new Error("no")));
    const seen = failed.catch(() => "seen");
    expect(serial.idle).toBe(false);
    await serial.settled();
    expect(serial.idle).toBe(true);
    expect(await seen).toBe("seen");
  });

  it("turns what the work throws into a rejection", async () => {
    await expect(
      new Serial().run(() => {
        throw new Error("at once");
      }),
    ).rejects.toThrow("at once");
  });

  it("keeps keys apart and forgets those without work", async () => {
    const serials = new SerialByKey<string>();
    const steps: string[] = [];
    const { open, opened } = gate();
    const slow = serials.run("a", () => opened.then(() => void steps.push("a1")));
    const behind = serials.run("a", () => void steps.push("a2"));
    await serials.run("b", () => void steps.push("b"));
    expect(serials.size).toBe(1);
    open();
    await Promise.all([slow, behind]);
    expect(steps).toEqual(["b", "a1", "a2"]);
    expect(serials.size).toBe(0);
  });

  it("settles all keys", async () => {
    const serials = new SerialByKey<number>();
    let done = 0;
    for (const key of [1, 2, 3]) void serials.run(key, () => Promise.resolve().then(() => void (done += 1)));
    await serials.settled();
    expect(done).toBe(3);
  });
});
