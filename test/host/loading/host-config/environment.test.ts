import { describe, expect, it } from "vitest";
import {
  inspectHostConfig,
  readHostConfig,
} from "../../../../packages/host/src/loading/host-config/read-host-config.js";
import { FIXED_KEYS } from "../../../../packages/host/src/loading/host-config/tables.js";
import { tempDir } from "../../../helpers/temp.js";
import { verifies } from "../../../requirements/verifies.js";
import { fromToml } from "./kit.js";

type Env = Readonly<Record<string, string>>;

const inspect = (env: Env) => inspectHostConfig({ baseDir: tempDir(), env });
const told = (env: Env): string[] =>
  inspect(env).problems.map(({ variable, message, hint }) => `${variable} ${message}. ${hint}`);

describe(verifies("HOSTCONF-005") + "a variable of the environment", () => {
  it("sets every key of the fixed tables, and says so", () => {
    const samples: Readonly<Record<string, string>> = {
      "host.chain": "first_decision",
      "hooks.defaults": "rustyclaw",
      "hooks.circuit_breaker_threshold": "0.5",
      "hooks.breaker": "conservative",
      "hooks.audit_log_path": "/var/log/a",
      "audit.folder": "/var/log/b",
      "audit.format": "text",
      "audit.durability": "before_answer",
      "audit.on_failure": "closed",
      "audit.key_env": "SECRET_OF_THE_CHAIN",
      "audit.content": "full",
      "audit.events": "a, b.*",
      "audit.max_file_bytes": "2048",
      "metrics.listen": "[::1]:1",
      "rate_limit.per": "peer",
      "logging.level": "debug",
      "logging.max_data_bytes": "70",
    };
    for (const { text, rule, variable, initial } of FIXED_KEYS) {
      const other = typeof initial === "boolean" ? String(!initial) : "7";
      const sample =
        samples[text] ?? (rule.schema["type"] === "boolean" && initial === null ? "true" : other);
      const { origins, problems } = inspect({ [variable]: sample, SECRET_OF_THE_CHAIN: "s" });
      expect([text, problems]).toEqual([text, []]);
      expect(origins.get(text)).toEqual({ from: "environment", line: null, variable });
    }
    const { config } = inspect({ SYNAPS_HOST_AUDIT_EVENTS: "a, b.*", SYNAPS_HOST_METRICS_LISTEN: "[::1]:1" });
    expect([config.audit.events, config.metrics.listen]).toEqual([["a", "b.*"], "[::1]:1"]);
  });

  it("is a switch by any of the usual words, and as if it were not there when it is empty", () => {
    const enabled = (text: string) => inspect({ SYNAPS_HOST_HOOKS_ENABLED: text }).config.hooks.enabled;
    expect(["false", "0", "no", "OFF", " off "].map(enabled)).toEqual(Array(5).fill(false));
    expect(["true", "1", "yes", "on", "", "  "].map(enabled)).toEqual(Array(6).fill(true));
    expect(told({ SYNAPS_HOST_HOOKS_TIMEOUT_MS: "false", SYNAPS_HOST_HOOKS_ENABLED: " " })).toEqual([]);
  });

  it("counts nothing when it is unusable, which is told and keeps no host from starting", () => {
    const env = {
      SYNAPS_HOST_HOOKS_ENABLED: "flase",
      SYNAPS_HOST_LIMITS_DRAIN_MS: "5s",
      SYNAPS_HOST_LIMITS_PING_MS: "0x10",
      SYNAPS_HOST_LIMITS_CRASH_BUDGET: "Infinity",
      SYNAPS_HOST_HOOKS_RATE_LIMIT_PER_MINUTE: "0",
    };
    expect(told(env)).toEqual([
      "SYNAPS_HOST_LIMITS_CRASH_BUDGET must be a whole number from 1 to 9007199254740991, and is a text. Correct it, or unset it.",
      "SYNAPS_HOST_LIMITS_PING_MS must be a number from 0 to 2147483647, and is a text. Correct it, or unset it.",
      "SYNAPS_HOST_LIMITS_DRAIN_MS must be a number from 0 to 2147483647, and is a text. Correct it, or unset it.",
      "SYNAPS_HOST_HOOKS_ENABLED must be true or false, and is a text. Correct it, or unset it.",
      expect.stringContaining("To switch the limit off, write false"),
    ]);
    const { config, warnings } = readHostConfig({ baseDir: tempDir(), env });
    expect([config.hooks.enabled, config.limits.drainMs, warnings.length]).toEqual([true, 5_000, 5]);
    expect(warnings[3]).toBe(
      "SYNAPS_HOST_HOOKS_ENABLED: 'hooks.enabled' must be true or false, and is a text. Correct it, or unset it.",
    );
  });

  it("that sets nothing is told, with the name that was meant, twenty of them at most", () => {
    expect(
      told({
        SYNAPS_HOST_HOOK_ENABLED: "1",
        SYNAPS_HOST_AUDIT_KEY: "hunter2",
        SYNAPS_HOST_HOOKS_OF_A_ENABLED: "0",
        SYNAPS_HOST_SOMETHING_ELSE: "1",
        SYNAPS_HOSTS: "1",
      }),
    ).toEqual([
      "SYNAPS_HOST_HOOK_ENABLED sets nothing: there is no such key. Did you mean SYNAPS_HOST_HOOKS_ENABLED?",
      "SYNAPS_HOST_AUDIT_KEY sets nothing: there is no such key. Name the variable that holds the secret: SYNAPS_HOST_AUDIT_KEY_ENV=NAME.",
      "SYNAPS_HOST_HOOKS_OF_A_ENABLED sets nothing: there is no such key. Single hooks are configured in the file only.",
      "SYNAPS_HOST_SOMETHING_ELSE sets nothing: there is no such key. Names are SYNAPS_HOST_<TABLE>_<KEY>.",
    ]);
    const many = Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`SYNAPS_HOST_X${at}`, "1"]));
    expect(inspect(many).problems).toHaveLength(20);
  });

  it("of the ecosystem and of rs-llmspell counts too, and less than the host's own", () => {
    const { config, origins } = inspect({
      SYNAPS_DISABLE_PROJECT_PLUGINS: "yes",
      SYNAPS_EXTENSIONS_EAGER: "1",
      LLMSPELL_HOOKS_ENABLED: "false",
      LLMSPELL_HOOKS_RATE_LIMIT: "60",
      SYNAPS_HOST_HOOKS_ENABLED: "true",
      SYNAPS_HOST_HOOKS_DEFAULTS: "llmspell",
    });
    expect(config.host).toMatchObject({ projectExtensions: false, lazy: false });
    expect(config.hooks).toMatchObject({ enabled: true, rateLimitPerMinute: 60 });
    expect(origins.get("host.lazy")?.variable).toBe("SYNAPS_EXTENSIONS_EAGER");
    expect(origins.get("hooks.rate_limit_per_minute")?.variable).toBe("LLMSPELL_HOOKS_RATE_LIMIT");
    // Set for that program, they switch no guard of another one off.
    expect(inspect({ LLMSPELL_HOOKS_ENABLED: "false" }).config.hooks.enabled).toBe(true);
    expect(
      fromToml('[hooks]\ndefaults = "llmspell"\n', { env: { LLMSPELL_HOOKS_ENABLED: "true" } }).config.hooks
        .enabled,
    ).toBe(true);
    expect(inspect({ SYNAPS_EXTENSIONS_EAGER: "0" }).origins.get("host.lazy")?.from).toBe("default");
  });
});

describe(verifies("HOSTCONF-006") + "settings that speak of the same thing", () => {
  const HOOKS = (toml: string, env: Env = {}) => fromToml(`[hooks]\n${toml}`, { env });

  it("a breaker and a threshold exclude each other in one layer; of two layers the later one counts", () => {
    const both = 'breaker = "standard"\ncircuit_breaker_threshold = 0.5\n';
    expect(HOOKS(both).problems).toMatchObject([
      {
        key: "hooks.circuit_breaker_threshold",
        line: 3,
        severity: "error",
        message: expect.stringContaining("excludes") as unknown,
      },
    ]);
    const later = HOOKS('breaker = "standard"', { SYNAPS_HOST_HOOKS_CIRCUIT_BREAKER_THRESHOLD: "0.5" });
    expect(later.config.hooks).toMatchObject({ breaker: null, circuitBreakerThreshold: 0.5 });
    const earlier = HOOKS("circuit_breaker_threshold = 0.5", { SYNAPS_HOST_HOOKS_BREAKER: "standard" });
    expect(earlier.config.hooks).toMatchObject({ breaker: "standard", circuitBreakerThreshold: null });
    const other = HOOKS('defaults = "llmspell"\nbreaker = "standard"');
    expect(other.config.hooks).toMatchObject({ breaker: "standard", circuitBreakerThreshold: null });
    expect([...later.problems, ...earlier.problems, ...other.problems]).toEqual([]);
  });

  it("RustyClaw's switch of the audit stands for what [audit] does not say", () => {
    const { config, warnings, origins } = HOOKS(
      'audit_log_hook = true\naudit_log_path = "/var/log/claw/audit.log"\n',
    );
    expect(config.audit).toMatchObject({ enabled: true, events: "security", folder: "/var/log/claw/audit" });
    expect(warnings).toEqual([expect.stringContaining("is written to the folder '/var/log/claw/audit'")]);
    expect(origins.get("audit.enabled")).toEqual({ from: "file", line: 2, variable: null });
    const said = HOOKS(
      'audit_log_hook = true\naudit_log_path = "/a/.log"\n[audit]\nevents = "all"\nenabled = false\n',
    );
    expect(said.config.audit).toMatchObject({ enabled: false, events: "all", folder: "/a/.log" });
    expect(HOOKS('audit_log_path = "/a/b.log"\n').config.audit).toMatchObject({
      enabled: false,
      folder: null,
    });
    const off = fromToml("[hooks]\naudit_log_hook = true", { options: { audit: false } });
    expect(off.config.audit.enabled).toBe(false);
  });

  it("the listener leaves this machine only when that is said", () => {
    const listen = (address: string, more = "") =>
      fromToml(`[metrics]\nlisten = "${address}:9090"\n${more}`).problems.map(({ key }) => key);
    expect(["127.0.0.1", "127.9.9.9", "localhost", "[::1]"].flatMap((one) => listen(one))).toEqual([]);
    for (const address of [
      "0.0.0.0",
      "[::]",
      "10.0.0.1",
      "example.org",
      "127.0.0.1.example.org",
      "1270.0.0.1",
    ])
      expect([address, listen(address)]).toEqual([address, ["metrics.listen"]]);
    expect(listen("0.0.0.0", "allow_remote = true")).toEqual([]);
    expect(() =>
      readHostConfig({ baseDir: tempDir(), env: { SYNAPS_HOST_METRICS_LISTEN: "0.0.0.0:1" } }),
    ).toThrow("SYNAPS_HOST_METRICS_LISTEN: 'metrics.listen' is an address that other machines may reach");
  });

  it("a control message must fit into the bucket", () => {
    const keys = (toml: string) => fromToml(`[rate_limit]\n${toml}`).problems.map(({ key }) => key);
    expect(keys("capacity = 1")).toEqual([]);
    expect(keys("control_cost = 31")).toEqual(["rate_limit.control_cost"]);
    expect(keys("capacity = 40\ncontrol_cost = 31")).toEqual([]);
  });

  it("the secret of the chain is there when the audit is on, and is no part of the configuration", () => {
    const toml = '[audit]\nenabled = true\nchain = true\nkey_env = "CHAIN_KEY"\n';
    expect(fromToml(toml).problems).toMatchObject([{ key: "audit.key_env", line: 4 }]);
    expect(fromToml(toml.replace("enabled = true", "")).problems).toEqual([]);
    const read = fromToml(toml, { env: { CHAIN_KEY: "hunter2" }, options: { audit: { key: "hunter3" } } });
    expect(read.problems).toEqual([]);
    expect(JSON.stringify([read.config, [...read.origins], read.warnings])).not.toContain("hunter");
  });
});
