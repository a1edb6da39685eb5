import { expect, test } from "vitest";
import { entropyOf } from "../../../packages/guards/src/secrets/entropy.js";
import { isPlaceholder } from "../../../packages/guards/src/secrets/placeholder.js";
import { isWordy } from "../../../packages/guards/src/secrets/wordy.js";

test.each([
  "accessToken",
  "db-credentials-2",
  "/run/secrets/db",
  "v1.2.3",
  "us-east-1",
  "SECRET_KEY_BASE",
  "ed25519-key",
  "",
])("'%s' reads like a name", (value) => {
  expect(isWordy(value)).toBe(true);
});

test.each(["x7Kq9pLm2v", "Zm9vYmFyMTIz", "8f14e45fceea", "hV3tsCc-rNkH", "kqzjxwvprtmn"])(
  "'%s' does not",
  (value) => {
    expect(isWordy(value)).toBe(false);
  },
);

test.each([
  "changeme",
  "xxxxxxxx",
  "<your-key>",
  "${VAR}",
  "$TOKEN",
  "%PASS%",
  "{{ secret }}",
  "AKIAIOSFODNN7EXAMPLE",
  "********",
])("'%s' is a stand-in", (value) => {
  expect(isPlaceholder(value)).toBe(true);
});

test("entropy counts bits per character", () => {
  expect(entropyOf("aaaa")).toBeCloseTo(0);
  expect(entropyOf("abcd")).toBeCloseTo(2);
  expect(entropyOf("0123456789abcdef")).toBeCloseTo(4);
});
