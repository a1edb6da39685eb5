import { parseManifest } from "@synaps/sdk/manifest";
import { defineCatalog, synapsCatalog, type Catalog } from "@synaps/sdk/protocol";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { jsonErrorOffset } from "../../../packages/sdk/src/manifest/json-offset.js";
import { verifies } from "../../requirements/verifies.js";
import { parse, problemsOf, section } from "../../helpers/manifests.js";

const CONTEXT = { id: "sample", catalogs: [synapsCatalog] };

function hints(extension: unknown): string[] {
  return problemsOf(parse(extension)).map(({ pointer, hint }) => `${pointer} ${hint}`);
}

describe("a slip of the pen", () => {
  it("in a hook, a permission or a match key is refused with the name that was meant", () => {
    expect(hints(section({ hooks: [{ hook: "before_tool_cal" }] }))).toEqual([
      "/extension/hooks/0/hook Did you mean 'before_tool_call'?",
    ]);
    expect(hints(section({ permissions: ["tools.intercept", "tool.register"] }))).toEqual([
      "/extension/permissions/1 Did you mean 'tools.register'?",
    ]);
    expect(hints(section({ hooks: [{ hook: "before_tool_call", match: { input_equal: 1 } }] }))).toEqual([
      "/extension/hooks/0/match/input_equal Did you mean 'input_equals'?",
    ]);
  });

  it("in a key is a warning: the ecosystem has keys that this host does not know", () => {
    const manifest = {
      ...section({
        permission: [],
        "x-own": 1,
        hooks: [{ hook: "before_tool_call", time_out_ms: 5, prioritty: "low" }],
        config: [{ key: "a", requird: true }],
      }),
    };
    const parsed = parse(manifest);
    expect(parsed.kind).toBe("extension");
    expect(problemsOf(parsed).map(({ severity, pointer, hint }) => `${severity} ${pointer} ${hint}`)).toEqual(
      [
        "warning /extension/permission Did you mean 'permissions'?",
        "warning /extension/hooks/0/time_out_ms Did you mean 'timeout_ms'?",
        "warning /extension/hooks/0/prioritty Did you mean 'priority'?",
        "warning /extension/config/0/requird Did you mean 'required'?",
      ],
    );
  });

  it("lists what is known when nothing is near", () => {
    expect(hints(section({ hooks: [{ hook: "whenever" }] }))[0]).toContain("Known: before_tool_call, after_");
  });
});

describe("text that is no JSON", () => {
  it.each([
    ['{\n  "a": 1,\n}', 3, 1],
    ['{\n  "a": tru\n}', 2, 8],
    ['{\r\n  "a" 1\r\n}', 2, 7],
    ['{"a": "x\ny"}', 1, 9],
    ['{"position 3": }', 1, 16],
    ["", 1, 1],
    ["\n\n", 3, 1],
    ['{"a": [1, 2', 1, 12],
    ["{'a': 1}", 1, 2],
    ['{"a": 01}', 1, 8],
    ['{"a": NaN}', 1, 7],
    ["{} {}", 1, 4],
    ['{"a":1}}', 1, 8],
    ["[1, 2}", 1, 6],
    ['{"a": "\\x"}', 1, 8],
    ['\ufeff{"a": }', 1, 7],
  ])("is refused with its place: %j", (text, line, column) => {
    const parsed = parseManifest(text, CONTEXT);
    expect(problemsOf(parsed)).toMatchObject([
      {
        code: "MANIFEST_NOT_JSON",
        pointer: "",
        message: `Invalid plugin manifest JSON: it stops making sense at line ${line}, column ${column}`,
      },
    ]);
  });

  it("never quotes the file, which may hold a secret", () => {
    const [problem] = problemsOf(parseManifest('{"token": sk-secret}', CONTEXT));
    expect(JSON.stringify(problem)).not.toContain("secret");
  });

  it("is found where the parser of Node finds it, wherever that says so", () => {
    const damaged = fc
      .tuple(
        fc.json(),
        fc.nat(),
        fc.constantFrom("", "x", '"', ",", "}", "]", ":", "\\", "\n", "0", "-", "."),
      )
      .map(([json, at, put]) => {
        const place = at % (json.length + 1);
        return json.slice(0, place) + put + json.slice(place + 1);
      });
    fc.assert(
      fc.property(damaged, (text) => {
        const offset = jsonErrorOffset(text);
        expect(offset).toBeLessThanOrEqual(text.length);
        let reason = "";
        try {
          JSON.parse(text);
        } catch (error) {
          reason = (error as Error).message;
        }
        if (reason === "") expect(offset).toBe(text.length);
        // Of a word, a number or an escape, one reader names the beginning, the other what is wrong in it.
        const named = /at position (\d+)/.exec(reason)?.[1];
        const position = reason.includes("Unexpected end") ? text.length : Number(named);
        if (Number.isNaN(position) || /number|fraction|exponent/i.test(reason)) return;
        expect(Math.abs(offset - position)).toBeLessThanOrEqual(6);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe("parseManifest", () => {
  it("skips a byte order mark", () => {
    const text = `\ufeff${JSON.stringify({ extension: section() })}`;
    expect(parseManifest(text, CONTEXT).kind).toBe("extension");
  });

  it.each(["{}", '{"extension":null}', '{"name":"skills","commands":[{"any":"shape"}]}'])(
    "knows %s for a manifest without an extension",
    (text) => {
      expect(parseManifest(text, CONTEXT)).toEqual({ kind: "no_extension" });
    },
  );

  it("fills in what may be left out", () => {
    const parsed = parse({ runtime: "process", command: "x", permissions: ["tools.register"] });
    expect(parsed).toMatchObject({
      kind: "extension",
      extension: { protocol_version: 1, args: [], hooks: [], config: [], env: [], theme_tokens: {} },
    });
  });

  it("keeps keys that it does not know", () => {
    expect(parse(section({ "x-own": { deep: [1] } }))).toMatchObject({
      extension: { "x-own": { deep: [1] } },
    });
  });

  it("refuses nesting that would overflow the stack, instead of throwing", () => {
    for (const depth of [200, 10_000, 1_000_000]) {
      const text = `{"extension":{"sandbox":${"[".repeat(depth)}${"]".repeat(depth)}}}`;
      expect(problemsOf(parseManifest(text, CONTEXT))[0]?.message).toContain("nested deeper than 128 levels");
    }
    expect(parse(section({ "x-own": JSON.parse("[".repeat(100) + "]".repeat(100)) })).kind).toBe("extension");
  });

  it("never throws, whatever the text", () => {
    const keys = fc.constantFrom(
      "extension",
      "hooks",
      "hook",
      "permissions",
      "__proto__",
      "constructor",
      "match",
    );
    const shaped = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 5 },
        fc.jsonValue({ maxDepth: 1 }),
        fc.array(tie("value"), { maxLength: 3 }),
        fc.dictionary(keys, tie("value"), { maxKeys: 4 }),
      ),
    })).value;
    fc.assert(
      fc.property(shaped, fc.string(), (value, text) => {
        parseManifest(JSON.stringify({ extension: value }), CONTEXT);
        parseManifest(JSON.stringify(value), CONTEXT);
        parseManifest(text, CONTEXT);
      }),
      { numRuns: 300 },
    );
  });
});

describe(verifies("CATALOG-003") + "permissions of a catalog's own", () => {
  const mine = defineCatalog({
    name: "mine",
    chain: "first_decision",
    permissions: { "mine.see": "See", "mine.stop": "Stop" },
    kinds: {
      "mine.x": {
        ...synapsCatalog.kinds.before_tool_call,
        permission: "mine.see",
        actionPermissions: { block: "mine.stop" },
      },
    },
  });
  const parsed = (permissions: string[], catalogs: readonly Catalog[] = [synapsCatalog, mine]) =>
    parseManifest(
      JSON.stringify({
        extension: {
          protocol_version: 3,
          runtime: "process",
          command: "node",
          permissions,
          hooks: [{ hook: "mine.x" }],
        },
      }),
      { id: "sample", catalogs },
    );
  const problems = (...args: Parameters<typeof parsed>) => {
    const result = parsed(...args);
    return result.kind === "invalid" ? result.problems.map(({ code, hint }) => [code, hint]) : result.kind;
  };

  it("are known where the catalog is, and nowhere else", () => {
    expect(problems(["mine.see", "mine.stop"])).toBe("extension");
    expect(problems(["mine.see"], [synapsCatalog])).toContainEqual([
      "PERMISSION_UNKNOWN",
      expect.stringContaining("Known: tools.intercept"),
    ]);
  });

  it("are missed and corrected like all others", () => {
    expect(problems([])).toEqual([["PERMISSION_MISSING", 'Add "mine.see" to /extension/permissions.']]);
    expect(problems(["mine.see", "mine.stopp"])).toEqual([
      ["PERMISSION_UNKNOWN", "Did you mean 'mine.stop'?"],
    ]);
  });
});
