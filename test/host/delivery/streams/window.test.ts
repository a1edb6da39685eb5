import { expect, it } from "vitest";
import { Window } from "../../../../packages/host/src/delivery/streams/window.js";

it("a window opens at once for a process that works on several sessions at a time, and stays open", () => {
  const window = new Window();
  expect(window.size).toBe(16);
  window.answered(400, false, true);
  expect(window.size).toBe(128);
  window.answered(4_000, true, false);
  expect(window.size).toBe(128);
  window.reset();
  expect(window.size).toBe(16);
});

it("a window grows with fast answers while sessions wait, and shrinks again with slow ones", () => {
  const window = new Window();
  window.answered(1, false, false);
  expect(window.size).toBe(16);
  for (let n = 0; n < 200; n += 1) window.answered(1, true, false);
  expect(window.size).toBe(128);
  for (const size of [64, 32, 16, 16]) {
    window.answered(51, true, false);
    expect(window.size).toBe(size);
  }
});

it("a window of the manifest's number never changes", () => {
  const window = new Window(3);
  window.answered(1, true, true);
  window.answered(400, true, false);
  expect(window.size).toBe(3);
});
