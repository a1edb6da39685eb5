import { didYouMean } from "@synaps/sdk/protocol";
import { describe, expect, it } from "vitest";

describe("the candidate that was probably meant", () => {
  const words = ["before_message", "tool", "log", "on"];

  it.each([
    ["befor_message", "before_message"],
    ["BEFORE_MESSAGE", "before_message"],
    ["before_mesasge", "before_message"],
    ["befroe_mesage", "before_message"],
    ["toll", "tool"],
    ["toolss", "tool"],
    ["lgo", "log"],
    ["no", "on"],
  ])("%s: %s", (word, meant) => {
    expect(didYouMean(word, words)).toBe(meant);
  });

  it.each(["bfr_mssg", "x", "", "loo7k", "ab"])("of '%s' there is none", (word) => {
    expect(didYouMean(word, words)).toBeUndefined();
  });

  it("is the nearest of several, and the first of equally near ones", () => {
    expect(didYouMean("hooks", ["hocks", "hook", "hooks"])).toBe("hooks");
    expect(didYouMean("cart", ["card", "care"])).toBe("card");
  });

  it("of a very long word there is none", () => {
    expect(didYouMean("a".repeat(65), ["a".repeat(65)])).toBeUndefined();
    expect(didYouMean("a".repeat(64), ["a".repeat(63)])).toBe("a".repeat(63));
  });
});
