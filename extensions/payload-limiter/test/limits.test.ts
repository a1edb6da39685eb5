import { expect, test } from "vitest";
import { messagingCatalog } from "@synaps/sdk/catalogs";
import { createHarness, eventsOf } from "@synaps/sdk/testing";
import { createPayloadLimiter } from "../src/extension.js";
import { readLimits } from "../src/limits.js";

const key = (byte: number): string => Buffer.alloc(32, byte).toString("base64");
const channel = Buffer.alloc(16, 7).toString("base64");
const DEFAULTS = { max_bytes: 65_536, overrides: {} };

const message = (payload_len: number, to = key(1), channel_id = "") =>
  eventsOf(messagingCatalog)["messaging.message_enqueue"]({
    data: { sender_identity: null, recipient_key: to, channel_id, payload_len, seq: "1" },
  });

const refused = (bytes: number, limit: number) => ({
  action: "block",
  reason: `The content has ${bytes} bytes; at most ${limit} are allowed.`,
});

test("promise: exactly max_bytes pass, and not one byte more, with the nearest limit for each message", async () => {
  const overrides = { [key(2)]: 10, [channel]: 0, [key(3)]: 1_000_000 };
  await using limiter = await createHarness(createPayloadLimiter(), {
    config: { max_bytes: 1_000, overrides },
  });
  const ask = (...args: Parameters<typeof message>) => limiter.send(message(...args));
  const rows = [
    // Without one of its own, the common limit; the recipient's goes before the channel's.
    [1_000, 1_001, key(1), ""],
    [10, 11, key(2), ""],
    [10, 11, key(2), channel],
    [0, 1, key(1), channel],
    [1_000_000, 1_000_001, key(3), channel],
  ] as const;
  for (const [most, more, to, of] of rows) {
    expect(await ask(0, to, of)).toEqual({ action: "continue" });
    expect(await ask(most, to, of)).toEqual({ action: "continue" });
    expect(await ask(more, to, of)).toEqual(refused(more, most));
    expect(await ask(Number.MAX_SAFE_INTEGER, to, of)).toEqual(refused(Number.MAX_SAFE_INTEGER, most));
  }
});

test("promise: 10,000 sizes around a limit, and the bytes that would be stored never exceed it", async () => {
  await using limiter = await createHarness(createPayloadLimiter(), { config: { max_bytes: 5_000 } });
  let stored = 0;
  for (let bytes = 1; bytes <= 10_000; bytes += 1) {
    const { action } = await limiter.send(message(bytes));
    if (action === "continue") stored += bytes;
  }
  expect(stored).toBe((5_000 * 5_001) / 2);
});

test("a new limit counts from the next message on; one that is wrong changes nothing and is told", async () => {
  await using limiter = await createHarness(createPayloadLimiter(), { config: { max_bytes: 5 } });
  const ask = (bytes: number) => limiter.send(message(bytes));
  limiter.notify("config.changed", { key: "max_bytes", value: 7 });
  expect(await ask(7)).toEqual({ action: "continue" });
  expect(await ask(8)).toEqual(refused(8, 7));
  limiter.notify("config.changed", { key: "max_bytes", value: 1.5 });
  expect(await ask(8)).toEqual(refused(8, 7));
  expect(limiter.logs.join("\n")).toContain(
    "the limits of before stay: config key 'max_bytes' must be a whole number of bytes, at least 0, not 1.5",
  );
});

test.each([
  [{ max_bytes: -1 }, "config key 'max_bytes' must be a whole number of bytes, at least 0, not -1"],
  [{ max_bytes: 0.5 }, "not 0.5"],
  [{ overrides: [] }, "config key 'overrides' must be a JSON object of names and bytes, not []"],
  [{ overrides: { news: 5 } }, `an object whose names are 16 or 32 bytes in base64, not "news"`],
  [{ overrides: { [key(1)]: "5" } }, `' must be a whole number of bytes, at least 0, not "5"`],
])("refuses %j", (config, message) => {
  expect(() => readLimits({ ...DEFAULTS, ...config })).toThrow(message);
});
