import { getEventListeners } from "node:events";
import { describe, expect, it } from "vitest";
import { onAbort, unlessAborted } from "../../../packages/host/src/time/abort.js";

const never = new Promise<string>(() => {});

describe("work that an abort gives up", () => {
  it("settles at once when the signal is aborted, before or meanwhile", async () => {
    expect(await unlessAborted(AbortSignal.abort(), never, () => "given up")).toBe("given up");
    const controller = new AbortController();
    const work = unlessAborted(controller.signal, never, () => "given up");
    controller.abort();
    expect(await work).toBe("given up");
  });

  it("rejects with what the fallback throws", async () => {
    const fail = (): string => {
      throw new TypeError("given up");
    };
    await expect(unlessAborted(AbortSignal.abort(), never, fail)).rejects.toThrow("given up");
  });

  it("settles as the work does without an abort, and leaves no listener", async () => {
    const { signal } = new AbortController();
    expect(await unlessAborted(signal, Promise.resolve("done"), () => "given up")).toBe("done");
    await expect(unlessAborted(signal, Promise.reject(new Error("no")), () => "given up")).rejects.toThrow(
      "no",
    );
    await Promise.resolve();
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });

  it("drops a rejection that comes after the abort", async () => {
    const controller = new AbortController();
    let reject: (error: Error) => void = () => {};
    const work = new Promise<string>((_, no) => (reject = no));
    const given = unlessAborted(controller.signal, work, () => "given up");
    controller.abort();
    reject(new Error("late"));
    expect(await given).toBe("given up");
  });

  it("rejects for a signal that is none, and the work's own end is nobody's then", async () => {
    const none = { aborted: false } as AbortSignal;
    const work = Promise.reject(new Error("of the work"));
    await expect(unlessAborted(none, work, () => "given up")).rejects.toThrow("addEventListener");
  });

  it("runs once, and not after it was called off", () => {
    const controller = new AbortController();
    const seen: string[] = [];
    onAbort(controller.signal, () => void seen.push("kept"));
    onAbort(controller.signal, () => void seen.push("called off"))();
    controller.abort();
    onAbort(controller.signal, () => void seen.push("late"));
    onAbort(undefined, () => void seen.push("no signal"));
    expect(seen).toEqual(["kept", "late"]);
  });
});
