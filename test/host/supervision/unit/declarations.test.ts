import type { Permission } from "@synaps/sdk/protocol";
import { describe, expect, it } from "vitest";
import { verifies } from "../../../requirements/verifies.js";
import { checkDeclarations } from "../../../../packages/host/src/supervision/declarations.js";

const ALL = new Set<Permission>(["tools.register", "providers.register"]);
const TOOL = { name: "t", description: "d", input_schema: { type: "object" } };
const MODEL = { id: "m" };
const PROVIDER = { id: "p", display_name: "P", description: "d", models: [MODEL] };

function check(capabilities: unknown, permissions = ALL, config = {}) {
  return checkDeclarations(capabilities, permissions, config);
}

/** What is wrong with these tools, providers or capabilities; undefined when nothing is. */
function problem(
  kind: "tools" | "providers" | "capabilities",
  list: unknown,
  config = {},
): string | undefined {
  const result = check({ [kind]: list }, ALL, config);
  return result.ok ? undefined : result.problem;
}

const tool = (change: object): string | undefined => problem("tools", [{ ...TOOL, ...change }]);
const provider = (change: object, config = {}): string | undefined =>
  problem("providers", [{ ...PROVIDER, ...change }], config);
const capability = (change: object): string | undefined =>
  problem("capabilities", [{ kind: "k", name: "n", ...change }]);

/** Values that are no name, and what is said about each, with the words for the name. */
function nameProblems(what: string): [unknown, string][] {
  const strange = (shown: string): string =>
    `${what} '${shown}' may not have colons, spaces or control characters`;
  return [
    [undefined, `${what} must not be empty`],
    ["", `${what} must not be empty`],
    [5, `${what} must not be empty`],
    ["x".repeat(65), `${what} '${"x".repeat(64)}…' is over 64 characters`],
    ["a:b", strange("a:b")],
    ["a b", strange("a b")],
    ["a\u00a0b", strange("a\u00a0b")],
    ["a\tb\x7f", strange("a?b?")],
    ["\u0000", strange("?")],
    ["\u001f", strange("?")],
  ];
}

describe("what an extension declares", () => {
  it("is nothing when there is no list", () => {
    const nothing = { ok: true, value: { tools: [], providers: [], capabilities: [] } };
    for (const declared of [undefined, null, 5, "text", [], {}, { tools: null, providers: null, other: 1 }])
      expect(check(declared, new Set())).toEqual(nothing);
  });

  it(verifies("TOOL-024") + "is bounded, models of all providers together included", () => {
    const names = (count: number): object[] =>
      Array.from({ length: count }, (_, n) => ({ ...TOOL, name: `t${n}` }));
    expect(problem("tools", names(4_096))).toBeUndefined();
    expect(problem("tools", names(4_097))).toBe("it lists 4097 tools: at most 4096 are allowed");
    const models = Array.from({ length: 100 }, (_, n) => ({ id: `m${n}` }));
    const providers = Array.from({ length: 41 }, (_, n) => ({ ...PROVIDER, id: `p${n}`, models }));
    expect(problem("providers", providers)).toBe("its providers have 4100 models: at most 4096 are allowed");
    expect(problem("providers", providers.slice(1))).toBeUndefined();
  });

  it("stands in lists of objects", () => {
    for (const kind of ["tools", "providers", "capabilities"] as const) {
      for (const wrong of [{}, "text", 0, false]) expect(problem(kind, wrong)).toBe(`${kind} must be a list`);
      const one = { tools: "a tool", providers: "a provider", capabilities: "a capability" }[kind];
      for (const wrong of [null, "text", []]) expect(problem(kind, [wrong])).toBe(`${one} must be an object`);
    }
  });

  it("needs its permissions, when there is anything of a kind", () => {
    const problemOf = (capabilities: object, ...permissions: Permission[]): unknown => {
      const result = check(capabilities, new Set(permissions));
      return result.ok ? undefined : result.problem;
    };
    expect(problemOf({ tools: [TOOL] }, "providers.register")).toBe(
      "tools need the permission 'tools.register'",
    );
    expect(problemOf({ providers: [PROVIDER] }, "tools.register")).toBe(
      "providers need the permission 'providers.register'",
    );
    expect(problemOf({ tools: [TOOL], providers: [PROVIDER] }, ...ALL)).toBeUndefined();
    const audio = { kind: "k", name: "n", permissions: ["tools.register"] };
    expect(problemOf({ capabilities: [audio] })).toBe("capability 'n' need the permission 'tools.register'");
    expect(problemOf({ capabilities: [audio] }, "tools.register")).toBeUndefined();
  });
});

describe("a tool", () => {
  it("is handed on with what the host knows of it", () => {
    const result = check({
      tools: [
        { ...TOOL, idempotent: true, other: 1 },
        { ...TOOL, name: "x".repeat(64), idempotent: "yes" },
        { ...TOOL, name: "ä-ö_/.", idempotent: false },
      ],
    });
    expect(result).toStrictEqual({
      ok: true,
      value: {
        tools: [
          { ...TOOL, idempotent: true },
          { ...TOOL, name: "x".repeat(64) },
          { ...TOOL, name: "ä-ö_/." },
        ],
        providers: [],
        capabilities: [],
      },
    });
  });

  it("has a name, a description and a schema", () => {
    for (const [name, words] of nameProblems("tool name")) expect(tool({ name })).toBe(words);
    for (const description of [undefined, "", " \n", 5])
      expect(tool({ description })).toBe("tool 't' needs a description");
    for (const input_schema of [undefined, null, [], "{}"])
      expect(tool({ input_schema })).toBe("tool 't' needs an input_schema that is an object");
  });

  it("has a name of its own", () => {
    expect(problem("tools", [TOOL, { ...TOOL, name: "u" }, TOOL])).toBe("duplicate tool 't'");
    expect(problem("tools", [TOOL, { ...TOOL, name: "u" }])).toBeUndefined();
  });
});

describe("a provider", () => {
  it("is handed on with all that it says, as are its models", () => {
    const said = {
      ...PROVIDER,
      id: "a-z_09",
      extra: 1,
      models: [{ id: "m", context_window: 5 }, { id: "n" }],
    };
    expect(check({ providers: [said] })).toStrictEqual({
      ok: true,
      value: { tools: [], providers: [said], capabilities: [] },
    });
  });

  it("has an id of few characters, a name, a description and models", () => {
    for (const [id, words] of nameProblems("provider id")) expect(provider({ id })).toBe(words);
    for (const id of ["A", "ä", "a.b", "Xa", "aX"])
      expect(provider({ id })).toBe(`provider id '${id}' may only have a-z, 0-9, '_' and '-'`);
    expect(provider({ display_name: " " })).toBe("provider 'p' needs a display_name");
    expect(provider({ description: "" })).toBe("provider 'p' needs a description");
    expect(provider({ models: {} })).toBe("models of provider 'p' must be a list");
    for (const models of [undefined, []])
      expect(provider({ models })).toBe("provider 'p' needs at least one model");
    expect(provider({ models: ["m"] })).toBe("a model must be an object");
    for (const [id, words] of nameProblems("model id")) expect(provider({ models: [{ id }] })).toBe(words);
    expect(provider({ models: [MODEL, { id: "n" }, MODEL] })).toBe("duplicate model 'm'");
  });

  it("has an id of its own", () => {
    expect(problem("providers", [PROVIDER, PROVIDER])).toBe("duplicate provider 'p'");
    expect(problem("providers", [PROVIDER, { ...PROVIDER, id: "q" }])).toBeUndefined();
  });

  it("gets the configuration that it requires", () => {
    for (const config_schema of [undefined, null, {}, { required: null }, { required: [] }])
      expect(provider({ config_schema })).toBeUndefined();
    for (const config_schema of [5, [], "text"])
      expect(provider({ config_schema })).toBe("config_schema of provider 'p' must be an object");
    expect(provider({ config_schema: { required: {} } })).toBe("required of provider 'p' must be a list");
    expect(provider({ config_schema: { required: [5] } })).toBe("required of provider 'p' must list strings");
    const config_schema = { required: ["a", "b"] };
    expect(provider({ config_schema }, { a: "", b: null })).toBeUndefined();
    expect(provider({ config_schema }, { a: 1 })).toBe(
      "missing required provider config 'b' of provider 'p'",
    );
  });
});

describe("another capability", () => {
  it("is handed on by kind and name, also twice", () => {
    const said = { kind: "k", name: "n", permissions: [], other: 1 };
    expect(check({ capabilities: [said, said] })).toStrictEqual({
      ok: true,
      value: { tools: [], providers: [], capabilities: Array(2).fill({ kind: "k", name: "n" }) },
    });
  });

  it("has a kind, a name, and permissions that exist", () => {
    expect(capability({ kind: " " })).toBe("a capability needs a kind");
    expect(capability({ name: undefined })).toBe("a capability needs a name");
    expect(capability({ permissions: "all" })).toBe("permissions of capability 'n' must be a list");
    expect(capability({ permissions: ["no.such"] })).toBe(
      "capability 'n' lists the unknown permission 'no.such'",
    );
    expect(capability({ permissions: [["tools.register"]] })).toBe(
      `capability 'n' lists the unknown permission '["tools.register"]'`,
    );
  });
});
