import { forbiddenEnvName, overrideName, PRIORITIES, priorityNumber } from "@synaps/sdk/manifest";
import { describe, expect, it } from "vitest";
import { complaints, hookComplaints, parse, section } from "../../helpers/manifests.js";

const HOOK = "/extension/hooks/0";

describe("hooks", () => {
  it("takes each priority by name or number", () => {
    for (const priority of [...Object.keys(PRIORITIES), 0, -5, 2 ** 31]) {
      expect(hookComplaints({ priority })).toEqual([]);
    }
    const parsed = parse(section({ hooks: [{ hook: "before_tool_call", priority: "high" }] }));
    expect(parsed.kind === "extension" && priorityNumber(parsed.extension.hooks[0]?.priority)).toBe(-100);
    expect([priorityNumber(undefined), priorityNumber(7), priorityNumber("lowest")]).toEqual([
      0,
      7,
      2 ** 31 - 1,
    ]);
  });

  it.each(["High", "first", 1.5, null, true, "5"])(
    "refuses the priority %j and lists the names",
    (priority) => {
      expect(hookComplaints({ priority })).toEqual([
        `${HOOK}/priority: Failed to parse extension manifest: Invalid input: expected an integer or one of highest, high, normal, low, lowest`,
      ]);
    },
  );

  it("takes both phases and no other", () => {
    expect([hookComplaints({ phase: "rewrite" }), hookComplaints({ phase: "veto" })]).toEqual([[], []]);
    expect(hookComplaints({ phase: "both" })[0]).toContain(`${HOOK}/phase:`);
  });

  it("keeps deadlines between 1 ms and 60 s", () => {
    expect([1, 60_000].flatMap((timeout_ms) => hookComplaints({ timeout_ms }))).toEqual([]);
    for (const timeout_ms of [0, -1, 60_001, 1.5, "100", null]) {
      expect(hookComplaints({ timeout_ms })).toHaveLength(1);
    }
  });

  it.each([
    [["a", "b"], []],
    [[undefined, undefined], []],
    [["a", "a"], [1]],
    [
      ["a", "a", "a"],
      [1, 2],
    ],
    [["before_tool_call#2", undefined], [1]],
    [[undefined, "before_tool_call#1"], [1]],
    [[undefined, "before_tool_call#2", undefined], []],
  ])("ids %j: those that are taken are at %j", (ids, taken) => {
    const hooks = ids.map((id) => ({ hook: "before_tool_call", ...(id === undefined ? {} : { id }) }));
    const found = complaints({ protocol_version: 3, hooks });
    expect(found.map((text) => Number(/hooks\/(\d)\/id: the hook id/.exec(text)?.[1]))).toEqual(taken);
  });

  it("fails closed only with the permission, and only where there is something to stop", () => {
    const closed = { on_failure: "closed" };
    expect(hookComplaints(closed, ["hooks.fail_closed"])).toEqual([]);
    expect(hookComplaints({ hook: "after_tool_call", ...closed }, ["hooks.fail_closed"])).toEqual([]);
    expect(hookComplaints({ on_failure: "open" })).toEqual([]);
    expect(hookComplaints(closed)).toEqual([
      `${HOOK}/on_failure: on_failure 'closed' lacks permission 'hooks.fail_closed'`,
    ]);
    for (const hook of ["before_message", "on_session_start", "on_session_end", "on_compaction"]) {
      expect(hookComplaints({ hook, ...closed }, ["hooks.fail_closed"])).toEqual([
        `${HOOK}/on_failure: hook '${hook}' cannot fail closed: it stops nothing`,
      ]);
    }
  });

  it("refuses what is not built where ignoring it would be unsafe, and warns otherwise", () => {
    expect(hookComplaints({ mode: "enforce" })).toEqual([]);
    expect(hookComplaints({ mode: "shadow" })[0]).toContain(`${HOOK}/mode: mode 'shadow' is not supported`);
    expect([complaints({ activation: "eager" }), complaints({ activation: "first_event" })]).toEqual([
      [],
      [],
    ]);
    const sandboxed = parse(section({ sandbox: { network: false } }));
    expect(sandboxed).toMatchObject({
      kind: "extension",
      warnings: [{ severity: "warning", code: "MANIFEST_NOT_ENFORCED", pointer: "/extension/sandbox" }],
    });
  });

  it("lists all problems, not only the first", () => {
    const found = complaints({
      protocol_version: 9,
      command: " ",
      permissions: ["nope", "tools.override"],
      hooks: [{ hook: "before_tool_call" }, { hook: "nope" }],
      env: ["LD_PRELOAD"],
    });
    expect(found.map((text) => text.split(":")[0])).toEqual([
      "/extension/env/0",
      "/extension/protocol_version",
      "/extension/command",
      "/extension/permissions/0",
      "/extension/permissions/1",
      "/extension/hooks/0/hook",
      "/extension/hooks/1/hook",
    ]);
  });
});

describe("environment names", () => {
  it.each([
    ["LD_PRELOAD", "it changes what code a program loads"],
    ["ld_library_path", "it changes what code a program loads"],
    ["DYLD_INSERT_LIBRARIES", "it changes what code a program loads"],
    ["NODE_OPTIONS", "it changes what code a program loads"],
    ["NODE_PATH", "it changes what code a program loads"],
    ["PYTHONSTARTUP", "it changes what code a program loads"],
    ["PYTHONPATH", "it changes what code a program loads"],
    ["PERL5OPT", "it changes what code a program loads"],
    ["RUBYOPT", "it changes what code a program loads"],
    ["JAVA_TOOL_OPTIONS", "it changes what code a program loads"],
    ["BASH_ENV", "it changes what code a program loads"],
    ["GIT_SSH_COMMAND", "it changes what code a program loads"],
    ["ANTHROPIC_API_KEY", "it is a host credential"],
    [" openai_api_key ", "it is a host credential"],
    ["AWS_SECRET_ACCESS_KEY", "it is a host credential"],
    ["SYNAPS_BASE_DIR", "it belongs to the host namespace SYNAPS_*"],
    ["SYNAPS_EXTENSION_OTHER_KEY", "it belongs to the host namespace SYNAPS_*"],
    [" ", "the name is empty"],
  ])("refuses %s: %s", (name, why) => {
    expect(forbiddenEnvName(name, "my-ext")).toBe(why);
  });

  it.each(["GITHUB_TOKEN", "NODE_ENV", "PYTHONUNBUFFERED", "MY_LD_PATH", "SYNAPS_EXTENSION_MY_EXT_TOKEN"])(
    "allows %s",
    (name) => {
      expect(forbiddenEnvName(name, "my-ext")).toBeUndefined();
    },
  );

  it("are checked in env and in secret_env, each at its place", () => {
    expect(complaints({ protocol_version: 3, env: ["FINE", "NODE_OPTIONS", "a b", "1X"] })).toEqual([
      "/extension/env/1: env 'NODE_OPTIONS' is not allowed: it changes what code a program loads",
      "/extension/env/2: env 'a b' is not allowed: it is not a variable name",
      "/extension/env/3: env '1X' is not allowed: it is not a variable name",
    ]);
    expect(complaints({ config: [{ key: "token", secret_env: "OPENAI_API_KEY" }] })[0]).toContain(
      "/extension/config/0/secret_env: secret_env 'OPENAI_API_KEY' is not allowed",
    );
    // Its value becomes configuration: no loader ever sees it.
    expect(complaints({ config: [{ key: "profile", secret_env: "BASH_ENV" }] })).toEqual([]);
  });

  it("override configuration by the extension's name", () => {
    expect(overrideName("my-ext.v2", "api-key")).toBe("SYNAPS_EXTENSION_MY_EXT.V2_API_KEY");
  });
});
