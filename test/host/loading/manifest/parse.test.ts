import { manifestJsonSchema, parseManifest } from "@synaps/sdk/manifest";
import { PROTOCOL_VERSIONS, synapsCatalog } from "@synaps/sdk/protocol";
import { expect, it } from "vitest";
import { verifies } from "../../../requirements/verifies.js";
import { parse, problem, VALID } from "./support.js";

it(verifies("MAN-016") + "on_usage needs protocol 2", () => {
  const usage = { permissions: ["privacy.llm_content"], hooks: [{ hook: "on_usage" }] };
  expect(problem(usage)).toMatchObject({
    pointer: "/extension/hooks/0/hook",
    message: "hook 'on_usage' needs protocol_version 2 or newer",
    hint: "Set /extension/protocol_version to 2.",
  });
  for (const protocol_version of [2, 3])
    expect(parse({ ...VALID, ...usage, protocol_version }).kind).toBe("extension");
});

it(verifies("MAN-017") + "unknown keys are ignored; one that looks like a slip is pointed out", () => {
  const parsed = parse({ ...VALID, author: "me", "x-extra": 1, hook: [], assets: {}, prebuilt: {} });
  if (parsed.kind !== "extension") throw new Error(parsed.kind);
  expect(parsed.warnings).toMatchObject([
    { code: "MANIFEST_UNKNOWN_KEY", pointer: "/extension/hook", hint: "Did you mean 'hooks'?" },
  ]);
});

it(verifies("MAN-018") + "a plugin without an extension section is no extension and no error", () => {
  expect(
    parseManifest('{"name":"skills-only","skills":[]}', { id: "x", catalogs: [synapsCatalog] }).kind,
  ).toBe("no_extension");
});

it(verifies("MAN-019") + "everything that is wrong is listed, in the reference's order", () => {
  const parsed = parse({
    runtime: "process",
    protocol_version: 9,
    command: "",
    permissions: ["nope"],
    hooks: [{ hook: "zzz" }],
  });
  if (parsed.kind !== "invalid") throw new Error(parsed.kind);
  expect(parsed.problems.map(({ pointer }) => pointer)).toEqual([
    "/extension/protocol_version",
    "/extension/command",
    "/extension/permissions/0",
    "/extension/hooks/0/hook",
  ]);
});

it(verifies("MAN-020") + "a manifest that is no JSON is met with the place where it breaks", () => {
  for (const [text, line, column] of [
    ['{\n  "name": "x",\n  "extension": {,}\n}', 3, 17],
    ['{\n  "a": x\n}\n\n\n', 2, 8],
    ['{"a": 1', 1, 8],
    ["hello there, this is not even close to a manifest", 1, 1],
    ['{"a": "tab\there"}', 1, 11],
  ] as const) {
    const parsed = parse(text);
    expect(parsed, text).toMatchObject({
      problems: [
        {
          code: "MANIFEST_NOT_JSON",
          pointer: "",
          message: `Invalid plugin manifest JSON: it stops making sense at line ${line}, column ${column}`,
        },
      ],
    });
  }
});

it(
  verifies("MAN-021", "MAN-022") + "theme tokens are optional: with them or without, nothing else changes",
  () => {
    const plain = parse(VALID);
    const themed = parse({ ...VALID, theme_tokens: { accent: "#ffaa00" } });
    if (plain.kind !== "extension" || themed.kind !== "extension") throw new Error("invalid");
    expect(plain.extension.theme_tokens).toEqual({});
    expect({ ...themed.extension, theme_tokens: {} }).toEqual(plain.extension);
  },
);

it(verifies("MAN-023") + "the schema for editors knows theme tokens and does not require them", () => {
  const text = JSON.stringify(manifestJsonSchema());
  expect(text).toContain('"theme_tokens":{"default":{},"type":"object"');
  expect(text).not.toMatch(/"required":\[[^\]]*theme_tokens/);
});

it(verifies("MAN-026") + "versions 1, 2 and 3 are supported; without one it is 1", () => {
  expect(PROTOCOL_VERSIONS).toEqual([1, 2, 3]);
  const parsed = parse(VALID);
  expect(parsed.kind === "extension" && parsed.extension.protocol_version).toBe(1);
});
