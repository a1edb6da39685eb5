import {
  isAbstentionReason,
  isPermission,
  isProtocolVersion,
  knownFeatures,
  prefixOfBytes,
} from "@synaps/sdk/protocol";
import { describe, expect, it } from "vitest";

describe("small guards", () => {
  it.each([isPermission, isAbstentionReason])("do not take what every object inherits (%o)", (guard) => {
    expect([guard("constructor"), guard("toString"), guard("__proto__")]).toEqual([false, false, false]);
  });

  it("know versions and features", () => {
    expect([0, 1, 2, 3, 4, "1", null].map(isProtocolVersion)).toEqual([
      false,
      true,
      true,
      true,
      false,
      false,
      false,
    ]);
    expect(knownFeatures(["ping", "telepathy", "meta", 5])).toEqual(["meta", "ping"]);
    expect([knownFeatures(undefined), knownFeatures("ping"), knownFeatures({})]).toEqual([[], [], []]);
  });
});

describe("prefixOfBytes", () => {
  it("never cuts a code point and never exceeds the limit", () => {
    const text = "aü☃🦀z";
    for (let limit = 0; limit <= 12; limit += 1) {
      const prefix = prefixOfBytes(text, limit);
      expect(text.startsWith(prefix)).toBe(true);
      expect(Buffer.byteLength(prefix)).toBeLessThanOrEqual(limit);
      expect(prefix).not.toContain("\ufffd");
    }
    expect(prefixOfBytes(text, Buffer.byteLength(text))).toBe(text);
  });
});
