import { execFileSync } from "node:child_process";
import { mkdirSync, openSync, closeSync, ftruncateSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  inspectHostConfig,
  readHostConfig,
} from "../../../../packages/host/src/loading/host-config/read-host-config.js";
import { tempDir } from "../../../helpers/temp.js";
import { verifies } from "../../../requirements/verifies.js";
import { baseWith, fromToml, mistakesIn } from "./kit.js";

const inspect = (files: Readonly<Record<string, string | Buffer>>) =>
  inspectHostConfig({ baseDir: baseWith(files), env: {} });

/** Message and place of the first mistake of a file. */
function firstOf(files: Readonly<Record<string, string | Buffer>>): [string, number | null, number | null] {
  const [{ message, line, column } = { message: "none", line: null, column: null }] = inspect(files).problems;
  return [message, line, column];
}

describe(verifies("HOSTCONF-003") + "a file that cannot be read", () => {
  it.each<[string, Record<string, string | Buffer>, string, number | null, number | null]>([
    ["TOML without a value", { toml: "[hooks]\nenabled = \n" }, "it is no TOML: invalid value", 2, 11],
    ["TOML with a key twice", { toml: "[host]\nlazy = true\nlazy = false\n" }, "already defined", 3, 1],
    ["TOML with a table twice", { toml: "[host]\n[limits]\n[host]\n" }, "already defined", 3, 2],
    ["deep TOML", { toml: `a = ${"[".repeat(40)}` }, "excessively nested", 1, 37],
    ["JSON without a comma", { json: '{"host": {}\n "limits": {}}' }, "it is no JSON", 2, 2],
    ["no JSON at all", { json: "" }, "it is no JSON", 1, 1],
    ["JSON that is no object", { json: "[]" }, "it must be an object", null, null],
    ["deep JSON", { json: `{"a":${"[".repeat(99)}${"]".repeat(99)}}` }, "nested deeper than 32", null, null],
    [
      "JSON with a key twice",
      { json: '{"host": {"lazy": true,\n "lazy": true}}' },
      "stands there twice",
      2,
      2,
    ],
    ["JSON with a table twice", { json: '{"host": {},\n"host": {}}' }, "stands there twice", 2, 1],
    ["binary", { toml: Buffer.from([0xff, 0xfe, 0x00, 0x01]) }, "it is no text in UTF-8", null, null],
    ["a zero byte", { json: Buffer.from("{}\0") }, "it is no text in UTF-8", null, null],
    ["more than 1 MiB", { toml: "#".repeat(1_048_577) }, "larger than 1048576 bytes", null, null],
  ])("%s", (_, files, message, line, column) => {
    expect(firstOf(files)).toEqual([expect.stringContaining(message), line, column]);
  });

  it("two of them", () => {
    const [message] = firstOf({ toml: "", json: "{}" });
    expect(message).toMatch(/^there are two of them, '.*host\.toml' and '.*host\.json'$/);
  });

  it("a folder that nobody can look into: one mistake, and not the wrong one", () => {
    // As root may look everywhere: a name that no system takes is refused the same way.
    const baseDir = `/${"x".repeat(300)}`;
    const [first] = inspectHostConfig({ baseDir, env: {} }).problems;
    expect(first?.message).toMatch(/^it cannot be read: ENAMETOOLONG/);
  });

  it.each([
    ["a folder", (path: string) => mkdirSync(path)],
    ["a pipe", (path: string) => execFileSync("mkfifo", [path])],
    ["a link that leads nowhere", (path: string) => symlinkSync("/nowhere/at/all", path)],
    ["a gigabyte", gigabyte],
  ])("%s in its place, at once", (_, make) => {
    const base = baseWith({});
    make(join(base, "extensions", "host.toml"));
    expect(() => readHostConfig({ baseDir: base, env: {} })).toThrow(
      expect.objectContaining({
        code: "HOST_CONFIG_INVALID",
        message: expect.stringContaining("cannot be read") as unknown,
      }),
    );
  });

  it("is no base folder that is missing, or a file", () => {
    const folder = tempDir();
    writeFileSync(join(folder, "file"), "");
    for (const baseDir of [join(folder, "missing"), join(folder, "file")])
      expect(inspectHostConfig({ baseDir, env: {} })).toMatchObject({ file: null, problems: [] });
  });

  it("may begin with a byte order mark and have the line ends of Windows", () => {
    expect(fromToml("\uFEFF[host]\r\nlazy = false\r\n").config.host.lazy).toBe(false);
    expect(inspect({ json: '\uFEFF{"host":\r\n{"lazy": false}}' }).config.host.lazy).toBe(false);
    expect(mistakesIn("\uFEFF[host]\r\n\r\n  lazi = 1\r\n")).toEqual([
      "3:3 'host.lazi' is no key of the configuration",
    ]);
  });
});

function gigabyte(path: string): void {
  const file = openSync(path, "w");
  ftruncateSync(file, 2 ** 30);
  closeSync(file);
}

describe(verifies("HOSTCONF-002") + "a value that is refused", () => {
  const whole = (most: number) => `must be a whole number from 1 to ${most}`;

  it.each<[string, string]>([
    ["host.lazy = 1", "'host.lazy' must be true or false, and is another number"],
    ["host.chain = 'strictest'", "'host.chain' must be 'first_decision' or 'rewrite_then_veto'"],
    ["host = 3", "'host' must be a table"],
    ["host = 1979-05-27", "'host' must be a table"],
    ["[[host]]", "'host' must be a table"],
    [
      "limits.crash_budget = 0",
      `'limits.crash_budget' ${whole(Number.MAX_SAFE_INTEGER)}, and is another number`,
    ],
    [
      "limits.crash_budget = 1.5",
      `'limits.crash_budget' ${whole(Number.MAX_SAFE_INTEGER)}, and is another number`,
    ],
    ["limits.crash_budget = inf", `'limits.crash_budget' ${whole(Number.MAX_SAFE_INTEGER)}, and is infinite`],
    [
      "limits.crash_budget = 9223372036854775807",
      `'limits.crash_budget' ${whole(Number.MAX_SAFE_INTEGER)}, and is a larger number`,
    ],
    [
      "limits.drain_ms = nan",
      "'limits.drain_ms' must be a number from 0 to 2147483647, and is no number (nan)",
    ],
    [
      "limits.drain_ms = -1",
      "'limits.drain_ms' must be a number from 0 to 2147483647, and is another number",
    ],
    ["limits.drain_ms = '5'", "'limits.drain_ms' must be a number from 0 to 2147483647, and is a text"],
    [
      "limits.drain_ms = 2147483648",
      "'limits.drain_ms' must be a number from 0 to 2147483647, and is another number",
    ],
    ["limits.drain_ms = 07:32:00", "'limits.drain_ms' must be a number from 0 to 2147483647, and is a date"],
    ["hooks.enabled = 1979-05-27T07:32:00Z", "'hooks.enabled' must be true or false, and is a date"],
    ["hooks.enabled = []", "'hooks.enabled' must be true or false, and is a list"],
    ["hooks.enabled = {}", "'hooks.enabled' must be true or false, and is a table"],
    [
      "hooks.breaker = 'standart'",
      "'hooks.breaker' is no breaker: there is no policy 'standart', only 'default', 'standard', 'production_optimized', 'conservative'",
    ],
    [
      "hooks.breaker = { open_ms = 0 }",
      "'hooks.breaker' is no breaker: 'open_ms' must be a number from 1 to 3600000",
    ],
    [
      "hooks.breaker = { openMs = 1 }",
      "'hooks.breaker' is no breaker: unknown key 'openMs': its keys are written with '_'",
    ],
    [
      "hooks.breaker = { open_ms = 5 }",
      "'hooks.breaker' is no breaker: it never opens: give it 'failures', 'failure_rate', 'slow_calls', 'slow_rate' or 'budget_ms'",
    ],
    [
      "hooks.breaker = []",
      "'hooks.breaker' is no breaker: it must be 'default', 'standard', 'production_optimized', 'conservative', or an object",
    ],
    ["hooks.of = 1", "'hooks.of' must be a table"],
    ["hooks.of.a = 1", "'hooks.of.a' must be a table"],
    ["hooks.of.'' = {}", `'hooks.of.""' must have a name of 1 to 320 characters`],
    [
      "hooks.of.a.timeout_ms = 60001",
      "'hooks.of.a.timeout_ms' must be a whole number from 1 to 60000, and is another number",
    ],
    [
      "hooks.of.a.priority = 'hihg'",
      "'hooks.of.a.priority' must be a whole number or one of highest, high, normal, low, lowest",
    ],
    [
      "hooks.of.a.priority = 0.5",
      "'hooks.of.a.priority' must be a whole number or one of highest, high, normal, low, lowest, and is another number",
    ],
    ["audit.folder = 'logs'", "'audit.folder' must be an absolute path, or one that begins with '~/'"],
    ["audit.folder = '~bob/x'", "'audit.folder' must be an absolute path, or one that begins with '~/'"],
    [
      "audit.max_file_bytes = 1023",
      "'audit.max_file_bytes' must be a whole number from 1024 to 9007199254740991, and is another number",
    ],
    [
      "audit.events = []",
      "'audit.events' must be 'all', 'security' or a list of kinds: 1 to 1000 texts of at most 256 characters",
    ],
    [
      "audit.events = ['']",
      "'audit.events' must be 'all', 'security' or a list of kinds: 1 to 1000 texts of at most 256 characters",
    ],
    ["audit.events = 'al'", "'audit.events' must be 'all', 'security' or a list of kinds"],
    ["audit.key_env = 'A B'", "'audit.key_env' must be the name of an environment variable"],
    [
      "metrics.listen = '127.0.0.1'",
      "'metrics.listen' must be an address and a port, as 127.0.0.1:9090 or [::1]:9090",
    ],
    [
      "metrics.listen = '127.0.0.1:65536'",
      "'metrics.listen' must be an address and a port, as 127.0.0.1:9090 or [::1]:9090",
    ],
    [
      "debug.max_traces = 1e9",
      "'debug.max_traces' must be a whole number from 1 to 100000, and is another number",
    ],
  ])("%s", (toml, mistake) => {
    expect(mistakesIn(toml)).toEqual([expect.stringMatching(/^1:\d+ /)]);
    expect(mistakesIn(toml)[0]?.replace(/^\S+ /, "")).toBe(mistake);
  });

  it.each([
    ["rate_limit_per_minute", "write false, or leave the key out"],
    ["timeout_ms", "write false, or leave the key out"],
    ["circuit_breaker_threshold", "write false, or leave the key out"],
  ])("hooks.%s = 0 says how to switch it off, and that is taken", (key, remedy) => {
    expect(fromToml(`hooks.${key} = 0`).problems[0]?.hint).toContain(remedy);
    expect(fromToml(`[hooks]\ndefaults = "llmspell"\n${key} = false\n`).problems).toEqual([]);
  });

  it.each(["capacity", "refill_per_sec"])("rate_limit.%s = 0 says how to switch it off", (key) => {
    expect(fromToml(`rate_limit.${key} = 0`).problems[0]?.hint).toContain("set rate_limit.enabled = false");
  });

  it.each([
    ["[hooks]\ntimout_ms = 1", "Did you mean 'hooks.timeout_ms'?"],
    ["[hooks]\nmetricsHook = true", "Did you mean 'hooks.metrics_hook'?"],
    ["[limits]\nrateLimitPerMinute = 1", "Known are "],
    ["[hooks]\nrateLimitPerMinute = 1", "Did you mean 'hooks.rate_limit_per_minute'?"],
    ["[hooks]\nchain_budget_ms = 1", "Did you mean 'limits.chain_budget_ms'?"],
    ["[hoks]", "Did you mean 'hooks'?"],
    ["[nothing_like_it]", "Known are host, limits, hooks, audit, metrics, rate_limit, logging, debug."],
    ["[hooks.off.a]\nenabled = true", "Did you mean 'hooks.of'?"],
    ["[hooks.of.a]\nenable = true", "Did you mean 'hooks.of.a.enabled'?"],
    ["[hooks]\ndefaults = 'rustclaw'", "Did you mean 'rustyclaw'?"],
    ["[audit]\nkey = 'x'", 'Put it into an environment variable, and name the variable: key_env = "NAME".'],
  ])("%j: %s", (toml, hint) => {
    const { problems } = fromToml(toml);
    expect(problems.map((one) => one.hint)).toEqual([expect.stringContaining(hint)]);
  });

  it("stands beside all other mistakes of the file, up to a hundred, and the rest of the file counts", () => {
    const { config, problems } = fromToml("[host]\nlazy = 1\ncontrol = true\nx = 1\n[hoks]\n");
    expect(problems.map(({ key }) => key)).toEqual(["host.lazy", "host.x", "hoks"]);
    expect(config.host).toMatchObject({ lazy: true, control: true });
    const many = Array.from({ length: 1_000 }, (_, at) => `k${at} = 1`).join("\n");
    expect(fromToml(many).problems).toHaveLength(100);
    const wrong = (): unknown =>
      readHostConfig({ baseDir: baseWith({ toml: "a = 1\nb = 1\nc = 1" }), env: {} });
    expect(wrong).toThrow(
      expect.objectContaining({ hint: expect.stringContaining("There are 2 more mistakes.") as unknown }),
    );
  });

  it("with the name of a member of every object changes no object", () => {
    for (const name of ["__proto__", "constructor", "toString"]) {
      const json = `{"hooks": {"of": {"${name}": {"enabled": false}}}, "${name}": {"polluted": 1}}`;
      const { config, problems } = inspect({ json });
      expect(problems.map(({ key }) => key)).toEqual([name]);
      expect(Object.entries(config.hooks.of)).toEqual([
        [name, { enabled: false, priority: null, timeoutMs: null, breaker: null }],
      ]);
      const toml = `[hooks.of.${name}]\nenabled = false\n`;
      expect(Object.keys(fromToml(toml).config.hooks.of)).toEqual([name]);
      expect(mistakesIn(`[hooks]\n${name} = 1`)).toHaveLength(1);
    }
    expect(Reflect.get({}, "polluted")).toBeUndefined();
  });

  it("for ten thousand single hooks at most", () => {
    const hooks = (count: number): string =>
      JSON.stringify({
        hooks: {
          of: Object.fromEntries(Array.from({ length: count }, (_, at) => [`h${at}`, { enabled: true }])),
        },
      });
    expect(inspect({ json: hooks(10_000) }).problems).toEqual([]);
    expect(firstOf({ json: hooks(10_001) })[0]).toBe("has 10001 entries");
  });

  it(verifies("HOSTCONF-004") + "is never printed", () => {
    const secret = "hunter2-hunter2";
    const keys = ["host.lazy", "host.chain", "limits.drain_ms", "hooks.defaults", "hooks.of.a.priority"];
    const more = [
      "audit.key",
      "audit.folder",
      "audit.key_env",
      "audit.events",
      "metrics.listen",
      "rate_limit.per",
    ];
    const files = [
      ...[...keys, ...more, "unknown", "hooks.of.a"].map((key) => `${key} = "${secret}-${" x".repeat(9)}"`),
      `[audit]\nkey = "${secret}`,
      `[audit]\nkey = ${secret}`,
      `[audit]\nkey = "${secret}" "`,
    ];
    for (const toml of files) {
      const { problems } = fromToml(toml);
      expect(problems).toHaveLength(1);
      expect(JSON.stringify(problems)).not.toContain("hunter2");
      expect(() => readHostConfig({ baseDir: baseWith({ toml }), env: {} })).toThrow(
        expect.not.objectContaining({ message: expect.stringContaining("hunter2") as unknown }),
      );
    }
    const json = `{"audit": {"key": "${secret}", nope}}`;
    expect(JSON.stringify(inspect({ json }).problems)).not.toContain("hunter2");
  });

  it("has its place behind texts of every form", () => {
    const texts = ["'\\'", '"\\""', '"""a"\n\\"""b"""', "'''\n''''", '["#", "]"]'].map(
      (text, at) => `t${at} = ${text}`,
    );
    const places = fromToml(`${texts.join("\n")}\nlast = 1\n`).problems.map(({ key, line }) => [key, line]);
    expect(places.at(-1)).toEqual(["last", 8]);
  });

  it("is named without characters that move a cursor", () => {
    const [one] = fromToml('"\\u001b[31m\\u202e" = 1').problems;
    expect(one?.key).toBe(String.raw`"\u001b[31m\u202e"`);
    expect(fromToml(`${"k".repeat(10_000)} = 1`).problems[0]?.key.length).toBe(400);
  });
});
