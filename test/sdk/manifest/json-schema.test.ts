import { readdirSync, readFileSync } from "node:fs";
import { manifestJsonSchema, manifestSchema } from "@synaps/sdk/manifest";
import { Ajv } from "ajv";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { repo } from "../../helpers/paths.js";
import { section } from "../../helpers/manifests.js";

const validate = new Ajv({ allErrors: false, allowUnionTypes: true }).compile(manifestJsonSchema());

const name = fc.constantFrom("a", "bash", "before_tool_call", "tools.intercept", "process", "node", "1", "");
const integer = fc.oneof(fc.integer(), fc.constantFrom(0, 1, 3, 64, 65, 60_000, 60_001, 1.5, -1, 2 ** 53));
// The root of all objects is a name that zod leaves out on purpose; JSON Schema knows no such thing.
const key = fc.string({ maxLength: 8 }).filter((text) => text !== "__proto__");
const json = fc.jsonValue({ maxDepth: 2 }).map((value): unknown => clean(JSON.parse(JSON.stringify(value))));
/** Often what the schema wants, sometimes anything. */
const mostly = (arbitrary: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 12, arbitrary }, { weight: 1, arbitrary: fc.oneof(json, fc.constant(null)) });
const record = (shape: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<unknown> =>
  fc.record(
    Object.fromEntries(Object.entries(shape).map(([field, arbitrary]) => [field, mostly(arbitrary)])),
    { requiredKeys: [] },
  );

const hook = record({
  hook: name,
  tool: name,
  match: record({ input_contains: name, input_equals: json, other: json }),
  id: fc.string({ maxLength: 70 }),
  priority: fc.oneof(fc.constantFrom("highest", "high", "normal", "low", "lowest", "first"), integer),
  phase: fc.constantFrom("rewrite", "veto", "both"),
  timeout_ms: integer,
  on_failure: fc.constantFrom("open", "closed", "shut"),
  tools: fc.array(name, { maxLength: 3 }),
  mode: fc.constantFrom("enforce", "shadow", "off"),
  [`x-own`]: json,
});

const config = record({
  key: name,
  type: fc.constantFrom("string", "bool", "number", "boolean"),
  description: name,
  required: fc.boolean(),
  default: json,
  secret_env: name,
  host_context: fc.constantFrom("project_root", "home"),
});

const extension = fc
  .tuple(
    record({
      protocol_version: integer,
      setup: name,
      prebuilt: fc.dictionary(key, record({ url: name, sha256: name }), { maxKeys: 2 }),
      args: fc.array(name, { maxLength: 2 }),
      permissions: fc.array(mostly(name), { maxLength: 2 }),
      hooks: fc.array(mostly(hook), { maxLength: 2 }),
      config: fc.array(mostly(config), { maxLength: 2 }),
      theme_tokens: fc.dictionary(key, mostly(name), { maxKeys: 2 }),
      deferred: fc.dictionary(key, json, { maxKeys: 2 }),
      env: fc.array(name, { maxLength: 2 }),
      sandbox: json,
      max_concurrency: integer,
      activation: fc.constantFrom("eager", "first_event", "deferred", "later"),
    }),
    mostly(fc.constant("process")),
    mostly(name),
  )
  .map(([rest, runtime, command]) => ({ ...(rest as object), runtime, command }));

const texts = fc.array(mostly(name), { maxLength: 2 });
const flag = fc.boolean();
const command = record({
  name,
  description: name,
  command: name,
  args: texts,
  tool: name,
  input: json,
  skill: name,
  prompt: name,
  interactive: flag,
  subcommands: texts,
});
const keybind = record({
  key: name,
  action: fc.constantFrom("slash_command", "load_skill", "inject_prompt", "run_script", "explode"),
  command: name,
  description: name,
});
const helpEntry = record({
  id: name,
  command: name,
  title: name,
  summary: name,
  topic: fc.constantFrom("Branch", "Command", "Tree"),
  common: flag,
  keywords: texts,
  examples: fc.array(mostly(record({ command: name, description: name })), { maxLength: 1 }),
});
const field = record({
  key: name,
  label: name,
  editor: fc.constantFrom("text", "cycler", "picker", "custom", "slider"),
  options: texts,
  default: json,
  numeric: flag,
});
const category = record({ id: name, label: name, fields: fc.array(mostly(field), { maxLength: 2 }) });
const sidecar = record({
  command: name,
  protocol_version: integer,
  model: record({ default_path: name, required: flag }),
  lifecycle: record({ command: name, importance: integer }),
});

const manifest = record({ name, version: name, compatibility: record({ synaps: name }), extension });
/** One surface at a time beside an extension that is in order. */
const surface = fc
  .oneof(
    record({ commands: fc.array(command, { maxLength: 2 }) }),
    record({ keybinds: fc.array(keybind, { maxLength: 2 }) }),
    record({ help: fc.array(helpEntry, { maxLength: 1 }) }),
    record({ settings: record({ categories: fc.array(category, { maxLength: 1 }) }) }),
    record({ provides: record({ sidecar }) }),
  )
  .map((keys) => ({ ...(keys as object), extension: { runtime: "process", command: "node" } }));

/** The same value without the one key that zod leaves out. */
function clean(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(clean);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([field]) => field !== "__proto__");
  return Object.fromEntries(entries.map(([field, inner]) => [field, clean(inner)]));
}

function agree(value: unknown): boolean {
  // As it stands in a file: no undefined, no -0.
  const read: unknown = JSON.parse(JSON.stringify(value));
  const accepted = manifestSchema.safeParse(read).success;
  expect(validate(read), JSON.stringify(read)).toBe(accepted);
  return accepted;
}

describe("the JSON Schema and the schema that the host uses", () => {
  it.each([
    ["manifests", manifest, 150],
    ["surfaces beside an extension", surface, 100],
  ] as const)(
    "agree on generated %s, of which enough are valid and enough are not",
    (_, generated, least) => {
      const counts = { accepted: 0, refused: 0 };
      fc.assert(
        fc.property(generated, (value) => {
          counts[agree(value) ? "accepted" : "refused"] += 1;
        }),
        { numRuns: 1_500 },
      );
      expect(Math.min(counts.accepted, counts.refused)).toBeGreaterThan(least);
    },
  );

  it("agree on the samples after one change anywhere", () => {
    const samples = readdirSync(repo("manifests/valid")).map((file): unknown =>
      JSON.parse(readFileSync(repo(`manifests/valid/${file}`), "utf8")),
    );
    const change = fc.oneof(json, name, integer, fc.constant(undefined));
    fc.assert(
      fc.property(fc.constantFrom(...samples), fc.nat(), change, (sample, place, value) => {
        agree(changed(sample, place, value));
      }),
      { numRuns: 1_000 },
    );
  });

  it("agree on anything at all", () => {
    fc.assert(fc.property(json, (value) => void agree(value)));
  });

  it("agree on the shortest manifest that there is", () => {
    expect(agree({ extension: section() })).toBe(true);
    expect(agree({ extension: section({ runtime: undefined }) })).toBe(false);
  });

  it("name the schema by a URN, and describe the keys for editors", () => {
    const schema = manifestJsonSchema();
    expect(schema["$id"]).toBe("urn:synaps:extension-manifest");
    expect(schema["$schema"]).toBe("http://json-schema.org/draft-07/schema#");
    expect(JSON.stringify(schema)).toContain("Program to start");
  });
});

/** A copy with the n-th value in it (counted round) replaced, or removed when the new value is undefined. */
function changed(sample: unknown, place: number, value: unknown): unknown {
  const copy = structuredClone(sample);
  const spots: [Record<string, unknown>, string][] = [];
  const walk = (node: unknown): void => {
    if (typeof node !== "object" || node === null) return;
    for (const field of Object.keys(node)) {
      spots.push([node as Record<string, unknown>, field]);
      walk((node as Record<string, unknown>)[field]);
    }
  };
  walk(copy);
  const [holder, field] = spots[place % spots.length] ?? [{}, ""];
  if (value === undefined && !Array.isArray(holder)) delete holder[field];
  else holder[field] = value ?? null;
  return copy;
}
