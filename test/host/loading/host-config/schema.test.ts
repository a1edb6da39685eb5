import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { fileLayer } from "../../../../packages/host/src/loading/host-config/file-layer.js";
import { inspectHostConfig } from "../../../../packages/host/src/loading/host-config/read-host-config.js";
import { FIXED_KEYS, HOOK_KEYS } from "../../../../packages/host/src/loading/host-config/tables.js";
import { repo } from "../../../helpers/paths.js";
import { verifies } from "../../../requirements/verifies.js";
import { baseWith } from "./kit.js";

const schema = JSON.parse(readFileSync(repo("manifests/host-config.schema.json"), "utf8")) as object;
const fits = new Ajv({ strict: true, strictTypes: false, allErrors: true }).compile(schema);

const NO_PLACES = { at: () => undefined, twice: undefined };

/** Verdicts of the schema and of the host on the same file. */
function verdicts(value: unknown): { schema: boolean; host: boolean } {
  const { problems } = inspectHostConfig({ baseDir: baseWith({ json: JSON.stringify(value) }), env: {} });
  return { schema: fits(value), host: problems.length === 0 };
}

/** A file with one key. */
function fileWith(path: readonly string[], value: unknown): unknown {
  return path.reduceRight((inner, name) => ({ [name]: inner }), value);
}

const KEYS = [
  ...FIXED_KEYS.map(({ path, rule }) => ({ path: [...path], rule })),
  ...HOOK_KEYS.map(({ key, rule }) => ({ path: ["hooks", "of", "some/hook", key], rule })),
];

/** Values that some key takes, and values that none does. */
// prettier-ignore
const VALUES: readonly unknown[] = [
  true, false, null, {}, [], [[]], [""], ["a"], ["a", 1], "", " ", "x", "1",
  0, -0, 1, -1, 0.5, 0.000_001, 1e-7, 2, 1_023, 1_024, 60_000, 60_001, 100_000, 100_001, 1_000_000,
  1_000_001, 1_000_000_000, 1_000_000_001, 2_147_483_647, 2_147_483_648, 2 ** 53 - 1, 2 ** 53, 1e300,
  "first_decision", "host", "rustyclaw", "llmspell", "json", "text", "queue", "before_answer", "open",
  "closed", "none", "summary", "full", "all", "security", "debug", "info", "warn", "error", "trace",
  "standard", "default", "conservative", "production_optimized", "high", "lowest", "hihg",
  "/", "/a/b", "~", "~/a", "~a", "a/b", "./a", "a\u0000", "/a\u0000b", "A_B", "9A", "a.b", "é", "x".repeat(65),
  "peer", "session", "/data/x", "127.0.0.1:0", "127.0.0.1:65535", "127.0.0.1:65536", "127.0.0.1:99999", "[::1]:80", "::1:80", ":80",
  { like: "standard" }, { like: "default" }, { failures: 1 }, { failures: 0 }, { failures: 1.5 },
  { failure_rate: 1 }, { failure_rate: 1.1 }, { failureRate: 1 }, { failures: 1, budget_share: 0 },
  { failures: 1, window_ms: 3_600_001 }, { failures: 1, open_ms: "1" }, { failures: 1, nothing: 1 },
];

describe(verifies("HOSTCONF-007") + "the JSON Schema of the configuration", () => {
  it("takes for each key the values that the host takes, and no others", () => {
    let taken = 0;
    for (const { path } of KEYS) {
      for (const value of VALUES) {
        // Bounds of a policy are the schema's business; a policy without any of them is the host's.
        if (typeof value === "object" && value !== null && Object.keys(value).length === 0) continue;
        const file = JSON.parse(JSON.stringify(fileWith(path, value))) as unknown;
        const { problems } = fileLayer({ file: "host.json", value: file, places: NO_PLACES });
        expect([path.join("."), value, fits(file)]).toEqual([path.join("."), value, problems.length === 0]);
        if (problems.length === 0) taken += 1;
      }
    }
    expect(taken).toBeGreaterThan(KEYS.length * 2);
  });

  it.each<[string, unknown, boolean]>([
    ["nothing", {}, true],
    ["the address of a schema", { $schema: "urn:synaps:host-config" }, true],
    ["empty tables", { host: {}, limits: {}, hooks: { of: {} }, audit: {}, debug: {} }, true],
    ["a list", [], false],
    ["null", null, false],
    ["an unknown table", { hoks: {} }, false],
    ["a table that is none", { hooks: 1 }, false],
    ["a table that is a list", { hooks: [] }, false],
    ["an unknown key", { hooks: { timout_ms: 1 } }, false],
    ["a single hook that is none", { hooks: { of: { a: true } } }, false],
    ["a single hook with an unknown key", { hooks: { of: { a: { enable: true } } } }, false],
    ["a single hook without a name", { hooks: { of: { "": {} } } }, false],
    ["a single hook with a blank name", { hooks: { of: { " ": {} } } }, false],
    ["a single hook with a long name", { hooks: { of: { ["x".repeat(321)]: {} } } }, false],
    ["the longest name of a single hook", { hooks: { of: { ["x".repeat(320)]: {} } } }, true],
    ["a secret", { audit: { key: "hunter2" } }, false],
  ])("%s: both say %s", (_, value, good) => {
    expect(verdicts(value)).toEqual({ schema: good, host: good });
  });

  it("explains every key", () => {
    const text = JSON.stringify(schema);
    const bare = KEYS.filter(({ path }) => !text.includes(`"${path.at(-1)}":{"description":"`));
    expect(bare.map(({ path }) => path.join("."))).toEqual([]);
  });
});
