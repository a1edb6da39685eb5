import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { tempDir, writeExtension } from "../../helpers/temp.js";
import { verifies } from "../../requirements/verifies.js";
import { cli } from "./command.js";

/** A base folder with a configuration, and one installed extension with two hooks. */
function baseWith(toml?: string): string {
  const base = tempDir();
  mkdirSync(join(base, "extensions"));
  if (toml !== undefined) writeFileSync(join(base, "extensions", "host.toml"), toml);
  writeExtension(join(base, "plugins"), "my-guard", {
    protocol_version: 3,
    runtime: "process",
    command: "node",
    permissions: ["tools.intercept"],
    hooks: [{ hook: "before_tool_call", id: "look" }, { hook: "after_tool_call" }],
  });
  return base;
}

const run = (base: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  cli(["host-config", ...args], { env: { SYNAPS_BASE_DIR: base, ...env } });

describe(verifies("HOSTCONF-020") + "host-config check", () => {
  it("is content with no file, and with a right one", async () => {
    const none = await run(baseWith(), ["check"]);
    expect([none.code, none.stdout]).toEqual([0, "no host.toml and no host.json: the defaults: ok\n"]);
    const base = baseWith('[hooks.of.my-guard]\nenabled = false\n[hooks.of."my-guard/look"]\npriority = 1\n');
    const right = await run(base, ["check"]);
    expect([right.code, right.stdout, right.stderr]).toEqual([
      0,
      `${join(base, "extensions", "host.toml")}: ok\n`,
      "",
    ]);
  });

  it("lists every mistake of the file and of the variables, with its place and a remedy", async () => {
    const base = baseWith("[hooks]\ntimout_ms = 1\nenabled = 1\n");
    const file = join(base, "extensions", "host.toml");
    const env = { SYNAPS_HOST_HOOK_ENABLED: "1" };
    const { code, stdout } = await run(base, ["check"], env);
    expect(stdout.split("\n")).toEqual([
      `${file}:2:1  error  'hooks.timout_ms' is no key of the configuration`,
      "  hint: Did you mean 'hooks.timeout_ms'?",
      `${file}:3:1  error  'hooks.enabled' must be true or false, and is another number`,
      "  hint: Correct the value.",
      "SYNAPS_HOST_HOOK_ENABLED  warn  sets nothing: there is no such key",
      "  hint: Did you mean SYNAPS_HOST_HOOKS_ENABLED?",
      `${file}: 3 mistakes`,
      "",
    ]);
    expect(code).toBe(1);
    const json = await run(base, ["check", "--json"], env);
    expect(json.code).toBe(1);
    expect(JSON.parse(json.stdout)).toMatchObject({
      schemaVersion: 1,
      file,
      valid: false,
      problems: [
        { severity: "error", key: "hooks.timout_ms", file, line: 2, column: 1, variable: null },
        { severity: "error", key: "hooks.enabled", file, line: 3, column: 1 },
        { severity: "warning", key: "", file: null, line: null, variable: "SYNAPS_HOST_HOOK_ENABLED" },
      ],
      notes: [],
      unmatched: [],
    });
  });

  it("says which names nothing installed has, also in a file with mistakes", async () => {
    const base = baseWith(
      'x = 1\n[hooks.of."my-guard/lok"]\nenabled = false\n[hooks.of."my-guard/after_tool_call#1"]\nenabled = true\n[hooks.of.mine]\nenabled = true\n',
    );
    const { code, stdout } = await run(base, ["check", "--json"]);
    expect(code).toBe(1);
    expect((JSON.parse(stdout) as { unmatched: unknown }).unmatched).toEqual([
      { id: "my-guard/lok", line: 3, hint: "Did you mean 'my-guard/look'?" },
      { id: "mine", line: 7, hint: "A hook of a program may have it. Installed ones: synaps-ext list" },
    ]);
    const text = await run(base, ["check"]);
    expect(text.stdout).toContain("host.toml:3  warn  nothing that is installed has the name 'my-guard/lok'");
  });

  it("notes a reading that the author may not expect, and is content", async () => {
    const base = baseWith('[hooks]\naudit_log_hook = true\naudit_log_path = "/var/log/audit.log"\n');
    const { code, stdout } = await run(base, ["check"]);
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(/^note: .*the folder '\/var\/log\/audit'\n.*: ok\n$/),
    ]);
  });
});

describe(verifies("HOSTCONF-021") + "host-config show", () => {
  it("prints the whole configuration as a file that makes the same one", async () => {
    const base = baseWith(
      '[hooks]\ndefaults = "llmspell"\ntimeout_ms = false\nbreaker = { like = "standard", slow_calls = 3 }\n[hooks.of."my-guard/look"]\npriority = "high"\n[audit]\nevents = ["a", "b\\"\\u007f"]\n',
    );
    const first = await run(base, ["show"]);
    expect([first.code, first.stderr]).toEqual([0, ""]);
    expect(first.stdout).toContain('[hooks.of."my-guard/look"]\npriority = -100\n');
    expect(first.stdout).toContain("timeout_ms = false\nrate_limit_per_minute = 100\n");
    expect((await run(baseWith(first.stdout), ["show"])).stdout).toBe(first.stdout);
    const origins = await run(baseWith((await run(base, ["show", "--origin"])).stdout), ["show"]);
    expect(origins.stdout).toBe(first.stdout);
    const json = await run(base, ["show", "--json"]);
    const { config } = JSON.parse(json.stdout) as { config: Record<string, unknown> };
    expect(config).toMatchObject({
      hooks: { timeout_ms: false, of: { "my-guard/look": { priority: -100 } } },
      metrics: { listen: "127.0.0.1:9090" },
    });
  });

  it("says with --origin where each value comes from", async () => {
    const base = baseWith("[host]\nlazy = false\n");
    const file = join(base, "extensions", "host.toml");
    const env = { SYNAPS_HOST_LIMITS_DRAIN_MS: "7" };
    const { stdout } = await run(base, ["show", "--origin"], env);
    expect(stdout).toContain(`lazy = false  # ${file}:2\nproject_extensions = true  # default\n`);
    expect(stdout).toContain("drain_ms = 7  # SYNAPS_HOST_LIMITS_DRAIN_MS\n");
    const json = await run(base, ["show", "--origin", "--json"], env);
    expect(JSON.parse(json.stdout)).toMatchObject({
      file,
      origins: {
        "host.lazy": { from: "file", line: 2, variable: null },
        "limits.drain_ms": { from: "environment", line: null, variable: "SYNAPS_HOST_LIMITS_DRAIN_MS" },
        "host.control": { from: "default", line: null, variable: null },
      },
    });
  });

  it("shows nothing of a broken file, and of the environment says what changes nothing", async () => {
    const broken = await run(baseWith("[host]\nlazy = 1\n"), ["show"]);
    expect([broken.code, broken.stdout]).toEqual([1, ""]);
    expect(broken.stderr).toContain("host.toml:2:1  error  'host.lazy' must be true or false");
    const { code, stderr } = await run(baseWith(), ["show"], { SYNAPS_HOST_HOST_LAZY: "maybe" });
    expect([code, stderr]).toEqual([
      0,
      "warn: SYNAPS_HOST_HOST_LAZY: 'host.lazy' must be true or false, and is a text. Correct it, or unset it.\n",
    ]);
  });
});
