import { describe, expect, it } from "vitest";
import { DEFAULT_LIMITS } from "../../../../packages/host/src/options.js";
import { differences } from "../../../../packages/host/src/loading/host-config/differences.js";
import { readHostConfig } from "../../../../packages/host/src/loading/host-config/read-host-config.js";
import { tempDir } from "../../../helpers/temp.js";
import { verifies } from "../../../requirements/verifies.js";
import { baseWith, fromToml, mistakesIn } from "./kit.js";

const DEFAULTS = readHostConfig({ baseDir: "/nowhere/at/all", env: {} }).config;

describe(verifies("HOSTCONF-001") + "the configuration of a host", () => {
  it("without a file is all defaults, and frozen at every depth", () => {
    const { config, file, warnings, origins } = readHostConfig({ baseDir: tempDir(), env: {} });
    expect([file, warnings]).toEqual([null, []]);
    expect(config.limits).toEqual(DEFAULT_LIMITS);
    expect(config.hooks).toMatchObject({
      defaults: "host",
      enabled: true,
      timeoutMs: null,
      metricsHook: true,
    });
    expect(new Set([...origins.values()].map(({ from }) => from))).toEqual(new Set(["default"]));
    expect(() => Object.assign(config.hooks.of, { a: {} })).toThrow(TypeError);
    expect(() => Object.assign(config.limits, { drainMs: 1 })).toThrow(TypeError);
  });

  it("takes the file over the defaults, the environment over the file, the program over both", () => {
    const toml = "[host]\nlazy = false\ncontrol = true\n[limits]\ndrain_ms = 1\nping_ms = 2\nstart_ms = 3\n";
    const env = { SYNAPS_HOST_LIMITS_PING_MS: "20", SYNAPS_HOST_LIMITS_START_MS: "30" };
    const { config, origins } = fromToml(toml, {
      env,
      options: { limits: { startMs: 300 }, control: false },
    });
    const { drainMs, pingMs, startMs, stdinEndMs } = config.limits;
    expect([drainMs, pingMs, startMs, stdinEndMs]).toEqual([1, 20, 300, DEFAULT_LIMITS.stdinEndMs]);
    expect(config.host).toMatchObject({ lazy: false, control: false });
    expect(origins.get("limits.drain_ms")).toEqual({ from: "file", line: 5, variable: null });
    expect(origins.get("limits.ping_ms")).toEqual({
      from: "environment",
      line: null,
      variable: "SYNAPS_HOST_LIMITS_PING_MS",
    });
    expect(origins.get("limits.start_ms")?.from).toBe("options");
    expect(origins.get("host.control")?.from).toBe("options");
    expect(origins.get("limits.stdin_end_ms")?.from).toBe("default");
  });

  it("reads JSON as it reads TOML", () => {
    const toml =
      '[hooks]\nenabled = false\nbreaker = { like = "standard", open_ms = 5 }\n[hooks.of."a/b"]\npriority = "high"\n';
    const json = JSON.stringify({
      hooks: {
        enabled: false,
        breaker: { like: "standard", open_ms: 5 },
        of: { "a/b": { priority: "high" } },
      },
    });
    const read = (files: Record<string, string>) =>
      readHostConfig({ baseDir: baseWith(files), env: {} }).config;
    expect(read({ json })).toEqual(read({ toml }));
    expect(read({ json }).hooks).toMatchObject({
      enabled: false,
      breaker: { like: "standard", openMs: 5 },
      of: { "a/b": { enabled: null, priority: -100, timeoutMs: null, breaker: null } },
    });
  });

  it("takes the defaults of llmspell's table for what the file leaves out", () => {
    const { hooks } = fromToml('[hooks]\ndefaults = "llmspell"\nenabled = true\ntimeout_ms = false\n').config;
    expect(hooks).toMatchObject({
      enabled: true,
      timeoutMs: null,
      rateLimitPerMinute: 100,
      circuitBreakerThreshold: 0.01,
    });
  });

  it("tells a misspelt key with its place and with the key that was meant", () => {
    expect(mistakesIn("[hooks]\n  timout_ms = 1\n")).toEqual([
      "2:3 'hooks.timout_ms' is no key of the configuration",
    ]);
    expect(() => readHostConfig({ baseDir: baseWith({ toml: "[hooks]\ntimout_ms = 1" }), env: {} })).toThrow(
      expect.objectContaining({
        code: "HOST_CONFIG_INVALID",
        hint: expect.stringContaining("Did you mean 'hooks.timeout_ms'?") as unknown,
      }),
    );
  });
});

describe(verifies("HOSTCONF-008") + "two configurations", () => {
  it("differ in the keys whose values differ, and each says if a running host takes it over", () => {
    const after = fromToml(
      "[hooks]\nenabled = false\n[limits]\ndrain_ms = 1\n[hooks.of.guard]\nenabled = false\n",
    ).config;
    expect(differences(DEFAULTS, after)).toEqual([
      { key: "limits.drain_ms", before: DEFAULT_LIMITS.drainMs, after: 1, live: false },
      { key: "hooks.enabled", before: true, after: false, live: true },
      { key: "hooks.of.guard.enabled", before: null, after: false, live: true },
    ]);
    expect(differences(after, after)).toEqual([]);
    expect(differences(after, DEFAULTS).map(({ after: is }) => is)).toEqual([
      DEFAULT_LIMITS.drainMs,
      true,
      null,
    ]);
  });
});
