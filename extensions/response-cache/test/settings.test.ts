import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { CONFIG, readPlace, readPolicy, type Config } from "../src/settings.js";
import { config } from "./support/events.js";

test("the manifest declares the same keys, limits and defaults", () => {
  const manifest = JSON.parse(
    readFileSync(new URL("../.synaps-plugin/plugin.json", import.meta.url), "utf8"),
  ) as { extension: { config: { key: string; default?: unknown }[] } };
  const declared = manifest.extension.config;
  expect(declared.map(({ key }) => key)).toEqual(Object.keys(CONFIG));
  for (const { key, default: value } of declared)
    if (value !== undefined) expect(CONFIG[key as keyof typeof CONFIG].default).toEqual(value);
});

test("the defaults cache nothing, and keep answers in memory", () => {
  expect(readPolicy(config())).toMatchObject({ tools: [], agents: [], scope: { of: "session" } });
  expect(readPlace(config())).toEqual({
    memory: { maxEntries: 1_000, maxBytes: 33_554_432 },
    redis: undefined,
  });
});

test.each<[Partial<Config>, string]>([
  [{ ttl_ms: 0 }, "config key 'ttl_ms' must be a whole number from 1 to 2073600000, not 0"],
  [{ max_entry_bytes: 1.5 }, "config key 'max_entry_bytes' must be a whole number from 1 to 262144, not 1.5"],
  [{ max_entries: 0 }, "config key 'max_entries' must be a whole number from 1 to 100000, not 0"],
  [{ scope: "user", user_at: "user_id" }, "config key 'user_at' must name members by JSON pointers"],
  [{ vary: "/data/model x" }, "config key 'vary' must name members by JSON pointers"],
  [{ invalidate: [] }, "config key 'invalidate' must be an object as"],
  [{ invalidate: { write: 3 } }, "config key 'invalidate': 'write' must name tools and agents"],
  [{ tools: "x".repeat(201) }, "config key 'tools' may hold 64 names of at most 200 characters"],
  [{ redis_url: "http://u:hunter2@h" }, "config key 'redis_url' must be redis://"],
  [{ redis_url: "hunter2" }, "config key 'redis_url' must be redis://"],
  [{ redis_url: "redis://h", redis_prefix: "a b" }, "config key 'redis_prefix' must be 1 to 100"],
  [{ redis_url: "redis://h", redis_timeout_ms: 5_000 }, "config key 'redis_timeout_ms' must be a whole"],
])("%j is refused with its key and what it may be, and never with a secret", (changes, message) => {
  const read = () => [readPolicy(config(changes)), readPlace(config(changes))];
  expect(read).toThrow(message);
  expect(read).not.toThrow(/hunter2/);
});

test("what is shown of a Redis is its host and port", () => {
  const { redis } = readPlace(config({ redis_url: "redis://me:hunter2@cache.local:7000/3" }));
  expect(redis).toMatchObject({ shown: "cache.local:7000", prefix: "synaps:response-cache", timeoutMs: 250 });
});
