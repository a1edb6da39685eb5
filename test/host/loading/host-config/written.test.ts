import { describe, expect, it } from "vitest";
import { writtenValues } from "../../../../packages/host/src/loading/host-config/written.js";
import { inspectHostConfig } from "../../../../packages/host/src/loading/host-config/read-host-config.js";
import { baseWith, fromToml } from "./kit.js";

describe("a configuration written down again", () => {
  it.each([
    ["of defaults", ""],
    ["of llmspell", '[hooks]\ndefaults = "llmspell"'],
    [
      "of llmspell without its limits",
      '[hooks]\ndefaults = "llmspell"\ntimeout_ms = false\nrate_limit_per_minute = false',
    ],
    [
      "of everything",
      `[host]
chain = "first_decision"
lazy = false
[limits]
drain_ms = 0.5
[hooks]
breaker = { like = "standard", slow_calls = 3 }
audit_log_hook = true
audit_log_path = "/a/b.log"
[hooks.of."a.b/c#1"]
enabled = false
priority = "lowest"
breaker = { failures = 1 }
[hooks.of.__proto__]
timeout_ms = 1
[audit]
events = ["a", "b"]
fsync = false
[rate_limit]
refill_per_sec = 0.25
`,
    ],
  ])("makes the same one: %s", (_, toml) => {
    const { config, problems } = fromToml(toml);
    expect(problems).toEqual([]);
    const tables = Object.create(null) as Record<string, unknown>;
    for (const { path, value } of writtenValues(config)) {
      if (value === null) continue;
      let table = tables;
      for (const name of path.slice(0, -1))
        table = (table[name] ??= Object.create(null)) as Record<string, unknown>;
      table[path.at(-1) ?? ""] = value;
    }
    const again = inspectHostConfig({ baseDir: baseWith({ json: JSON.stringify(tables) }), env: {} });
    expect(again.problems).toEqual([]);
    expect(again.config).toEqual(config);
  });
});
