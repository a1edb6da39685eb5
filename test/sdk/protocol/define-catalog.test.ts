import {
  binary,
  defineCatalog,
  flag,
  list,
  metadataOnly,
  nullable,
  object,
  oneOfTexts,
  synapsCatalog,
  text,
  u64,
  type Catalog,
  type HookKindSpec,
} from "@synaps/sdk/protocol";
import { describe, expect, it } from "vitest";
import { verifies } from "../../requirements/verifies.js";

const PAYLOAD = object({
  message: text(),
  data: object({
    ip: text(),
    secret: metadataOnly(text()),
    tags: list(text()),
    side: oneOfTexts("in", "out"),
    known: flag(),
    bag: { type: "object" },
  }),
});

const SPEC: HookKindSpec = {
  permission: "sample.see",
  toolFilter: false,
  actions: ["continue", "block"],
  delivery: "gate",
  canFailClosed: true,
  since: 3,
  deadlineMs: 1_000,
  description: "Something happens",
  payload: PAYLOAD,
};

const CATALOG: Catalog = {
  name: "sample",
  version: "1.2.3",
  chain: "first_decision",
  permissions: { "sample.see": "See samples", "sample.stop": "Stop samples" },
  kinds: { "sample.event": SPEC },
};

const withKind = (change: object): Catalog => ({
  ...CATALOG,
  kinds: { "sample.event": { ...SPEC, ...change } },
});
const withData = (schema: object): Catalog =>
  withKind({ payload: { type: "object", properties: { data: schema } } });
const attribute = (change: object): Catalog =>
  withKind({
    attributes: { side: { at: "/data/side", type: "string", description: "Side", ...change } },
  });
const KIND = "/kinds/sample.event";
const DATA = `${KIND}/payload/properties/data`;
const SIDE = `${KIND}/attributes/side`;

/** A declaration, the pointer that the error must name, and words of the rule. */
type Wrong = readonly [declaration: unknown, pointer: string, rule: string];

const KINDS: readonly Wrong[] = [
  [withKind({ permission: "tools.interzept" }), `${KIND}/permission`, "did you mean 'tools.intercept'?"],
  [withKind({ permission: "sample.seee" }), `${KIND}/permission`, "did you mean 'sample.see'?"],
  [withKind({ permission: 5 }), `${KIND}/permission`, "it must be a text, not a number"],
  [withKind({ actions: ["block"] }), `${KIND}/actions`, "they must include 'continue'"],
  [withKind({ actions: ["continue", "blok"] }), `${KIND}/actions/1`, "did you mean 'block'?"],
  [withKind({ actions: ["continue", "continue"] }), `${KIND}/actions/1`, '"continue" is listed twice'],
  [withKind({ actions: "continue" }), `${KIND}/actions`, "it must be a list, not a string"],
  [withKind({ actions: ["continue", "modify"] }), `${KIND}/modifies`, "must be given together"],
  [withKind({ modifies: "data" }), `${KIND}/modifies`, "must be given together"],
  [withKind({ actions: ["continue", "replace"] }), `${KIND}/replaces`, "must be given together"],
  [
    withKind({ actions: ["continue", "modify"], modifies: "tool_name" }),
    `${KIND}/modifies`,
    "'tool_name' is no field that can be changed; known are tool_input, tool_output, message, data",
  ],
  [
    withKind({ actions: ["continue", "modify"], modifies: "tool_input" }),
    `${KIND}/modifies`,
    "it points nowhere in the payload: there is no 'tool_input'",
  ],
  [
    withKind({ actions: ["continue", "modify"], modifies: "data" }),
    `${KIND}/modifies`,
    "'data' holds a member that is metadata only",
  ],
  [
    withKind({ actions: ["continue", "replace"], replaces: "data", payload: undefined }),
    `${KIND}/replaces`,
    "'replace' needs a field that is a text",
  ],
  [withKind({ requires: ["ip"] }), `${KIND}/requires/0`, "'ip' is no field that can be required"],
  [
    withKind({ requires: ["message"], payload: object({ message: metadataOnly(text()) }) }),
    `${KIND}/requires/0`,
    "'message' is metadata only",
  ],
  [
    withKind({ actionPermissions: { modify: "sample.stop" } }),
    `${KIND}/actionPermissions/modify`,
    "'modify' is no action of this kind",
  ],
  [
    withKind({ actionPermissions: { block: "sample.halt" } }),
    `${KIND}/actionPermissions/block`,
    "'sample.halt' is no permission",
  ],
  [
    withKind({ actionPermissions: { continue: "sample.stop" } }),
    `${KIND}/actionPermissions/continue`,
    "no permission is needed",
  ],
  [withKind({ deadlineMs: 0 }), `${KIND}/deadlineMs`, "it must be 1 to 60000 ms"],
  [withKind({ deadlineMs: 60_001 }), `${KIND}/deadlineMs`, "it must be 1 to 60000 ms"],
  [withKind({ deadlineMs: "1" }), `${KIND}/deadlineMs`, "it must be 1 to 60000 ms"],
  [withKind({ deadlineMs: Number.NaN }), `${KIND}/deadlineMs`, "NaN is no number of JSON"],
  [withKind({ delivery: "observe" }), `${KIND}/actions`, "only a gate may allow more than 'continue'"],
  [
    withKind({ delivery: "observe", actions: ["continue"] }),
    `${KIND}/canFailClosed`,
    "only a gate stops or withholds something",
  ],
  [withKind({ delivery: "gates" }), `${KIND}/delivery`, "did you mean 'gate'?"],
  [withKind({ overflow: "block" }), `${KIND}/overflow`, "only observe and stream have a queue"],
  [
    withKind({ delivery: "observe", actions: ["continue"], canFailClosed: false, chain: "first_decision" }),
    `${KIND}/chain`,
    "only a gate has a chain",
  ],
  [withKind({ chain: "first_decicion" }), `${KIND}/chain`, "did you mean 'first_decision'?"],
  [withKind({ since: 4 }), `${KIND}/since`, "it must be a protocol version: 1, 2, 3"],
  [withKind({ toolFilter: "no" }), `${KIND}/toolFilter`, "it must be true or false, not a string"],
  [withKind({ description: " " }), `${KIND}/description`, "it must be a text of 1 to 500 characters"],
  [withKind({ description: "two\nlines" }), `${KIND}/description`, "in one line"],
  [withKind({ cacheKey: ["/data/ip"] }), `${KIND}/cacheKey`, "nothing without the action 'cache'"],
  [
    withKind({ actions: ["continue", "cache"], cacheKey: ["/data/ipp"] }),
    `${KIND}/cacheKey/0`,
    "it points nowhere in the payload: there is no 'ipp'",
  ],
  [withKind({ actions: ["continue", "cache"], cacheKey: [] }), `${KIND}/cacheKey`, "name a member"],
  [withKind({ forkJoin: "all" }), `${KIND}/forkJoin`, "nothing without the action 'fork'"],
  [
    withKind({ actions: ["continue", "fork"], forkJoin: "any" }),
    `${KIND}/forkJoin`,
    "'any' is no way to join",
  ],
  [{ ...CATALOG, kinds: { "sample.event": [] } }, KIND, "it must be an object, not a list"],
  [{ ...CATALOG, kinds: { "a b": SPEC } }, "/kinds/a b", "a kind is named as in gateway.connection"],
  [{ ...CATALOG, kinds: { "a/b": SPEC } }, "/kinds/a~1b", "a kind is named as in gateway.connection"],
];

const PAYLOADS: readonly Wrong[] = [
  [withKind({ payload: { type: "array" } }), `${KIND}/payload/type`, "a payload describes an object"],
  [withKind({ payload: { type: "object" } }), `${KIND}/payload`, "'properties' is missing"],
  [
    withKind({ payload: object({ dta: text() }) }),
    `${KIND}/payload/properties/dta`,
    "'dta' is no member of an event; did you mean 'data'?",
  ],
  [
    withKind({ payload: { type: "object", properties: { message: { type: "number" } } } }),
    `${KIND}/payload/properties/message/type`,
    "'message' of an event is of type string or null",
  ],
  [withData({ typ: "string" }), DATA, "there is no 'typ'; did you mean 'type'?"],
  [withData({ anyOf: [] }), DATA, "there is no 'anyOf'"],
  [withData({ type: "text" }), `${DATA}/type`, "'text' is no type"],
  [withData({ type: [] }), `${DATA}/type`, "a list of types cannot be empty"],
  [withData({ type: "number", minLength: 1 }), `${DATA}/minLength`, "something about type 'string'"],
  [withData({ type: "string", minLength: -1 }), `${DATA}/minLength`, "a whole number from 0"],
  [withData({ type: "string", minLength: 2, maxLength: 1 }), `${DATA}/minLength`, "no value would ever fit"],
  [withData({ type: "number", minimum: "1" }), `${DATA}/minimum`, "it must be a number, not a string"],
  [withData({ enum: [] }), `${DATA}/enum`, "no value would ever fit"],
  [withData({ type: "string", enum: [1] }), `${DATA}/enum`, "1 is not of a type that the schema allows"],
  [withData({ enum: [{}] }), `${DATA}/enum`, "or no plain value"],
  [withData({ const: 1, enum: [1] }), DATA, "exclude each other"],
  [withData({ type: "string", contentEncoding: "hex" }), `${DATA}/contentEncoding`, "'hex' is no encoding"],
  [withData({ type: "string", bytes: 32 }), `${DATA}/bytes`, "only a text with 'contentEncoding'"],
  [withData(binary({ min: 2, max: 1 })), `${DATA}/bytes`, "a list of such numbers, or {min, max}"],
  [withData(binary([])), `${DATA}/bytes`, "a list of such numbers, or {min, max}"],
  [withData({ type: "string", format: "date" }), `${DATA}/format`, "'date' is no format"],
  [withData({ ...u64(), contentEncoding: "base64" }), DATA, "exclude each other"],
  [
    withData({ type: "object", properties: {}, required: ["a"] }),
    `${DATA}/required/0`,
    "one of 'properties'",
  ],
  [
    withData({ type: "object", additionalProperties: {} }),
    `${DATA}/additionalProperties`,
    "it must be true or false, not an object",
  ],
  [withData({ metadataOnly: false }), `${DATA}/metadataOnly`, "it can only be true"],
  [withData(list(metadataOnly(text()))), `${DATA}/items/metadataOnly`, "on a member of an object"],
  [withData(object({ a: { type: "string", items: {} } })), `${DATA}/properties/a/items`, "type 'array'"],
];

const ATTRIBUTES: readonly Wrong[] = [
  [attribute({ at: "/data/sid" }), `${SIDE}/at`, "it points nowhere in the payload: there is no 'sid'"],
  [attribute({ at: "/data/tags/0" }), `${SIDE}/at`, "it points nowhere in the payload: there is no '0'"],
  [attribute({ at: "/dat" }), `${SIDE}/at`, "it points nowhere: an event has /tool_name"],
  [attribute({ at: "data" }), `${SIDE}/at`, "it must be a JSON pointer"],
  [attribute({ at: "/data/~2" }), `${SIDE}/at`, "it must be a JSON pointer"],
  [attribute({ at: "/data/constructor" }), `${SIDE}/at`, "there is no 'constructor'"],
  [attribute({ type: "text" }), `${SIDE}/type`, "'text' is no type of an attribute"],
  [attribute({ type: "number" }), `${SIDE}/type`, "what '/data/side' names is no number"],
  [attribute({ type: "strings" }), `${SIDE}/type`, "what '/data/side' names is no strings"],
  [attribute({ values: ["up"] }), `${SIDE}/values/0`, 'the payload never has the value "up"'],
  [attribute({ values: [1] }), `${SIDE}/values/0`, "it must be a string"],
  [attribute({ values: [] }), `${SIDE}/values`, "cannot be empty"],
  [attribute({ type: "address", values: ["in"] }), `${SIDE}/values`, "addresses cannot be listed"],
  [attribute({ type: "address", at: "/data/tags" }), `${SIDE}/type`, "what '/data/tags' names is no address"],
  [attribute({ value: ["in"] }), SIDE, "did you mean 'values'?"],
  [attribute({ description: undefined }), SIDE, "'description' is missing"],
  [withKind({ attributes: { "a b": {} } }), `${KIND}/attributes/a b`, "the name of an attribute"],
];

const CATALOGS: readonly Wrong[] = [
  [{ ...CATALOG, name: " " }, "/name", "a name has 1 to 64"],
  [{ ...CATALOG, name: "../evil" }, "/name", "a name has 1 to 64"],
  [{ ...CATALOG, version: "1.0" }, "/version", "a semantic version"],
  [{ ...CATALOG, version: 1 }, "/version", "a semantic version"],
  [{ ...CATALOG, chain: "veto" }, "/chain", "'veto' is no chain policy"],
  [{ ...CATALOG, permissions: [] }, "/permissions", "it must be an object, not a list"],
  [{ ...CATALOG, permissions: { see: "See" } }, "/permissions/see", "a permission is named as in"],
  [
    { ...CATALOG, permissions: { "tools.intercept": "All is well" } },
    "/permissions/tools.intercept",
    "exists already",
  ],
  [{ ...CATALOG, permissions: { "tools.override": "x" } }, "/permissions/tools.override", "exists already"],
  [{ ...CATALOG, permissions: { "sample.see": "\u001b[2J" } }, "/permissions/sample.see", "in one line"],
  [{ ...CATALOG, kind: {} }, "", "did you mean 'kinds'?"],
  [{ name: "sample", chain: "first_decision" }, "", "'kinds' is missing"],
  [undefined, "", "it must be an object, not nothing"],
  [[], "", "it must be an object, not a list"],
];

const everyObject = (value: unknown): object[] =>
  typeof value === "object" && value !== null ? [value, ...Object.values(value).flatMap(everyObject)] : [];

describe(
  verifies("CATALOG-001") + "defineCatalog refuses what no host can carry out, and names the place",
  () => {
    it.each([...KINDS, ...PAYLOADS, ...ATTRIBUTES, ...CATALOGS])("%j", (declaration, pointer, rule) => {
      let message = "";
      try {
        defineCatalog(declaration as Catalog);
      } catch (error) {
        expect(error).toBeInstanceOf(TypeError);
        ({ message } = error as Error);
      }
      expect(message).toMatch(pointer === "" ? /is wrong: / : / is wrong at /);
      expect(message).toContain(pointer === "" ? "" : ` at ${pointer}: `);
      expect(message).toContain(rule);
    });

    it("takes what is right: payload, attributes, a key of a cache, a way to join forks, a policy of its own", () => {
      const kind = {
        actions: ["continue", "cache", "fork"],
        chain: "rewrite_then_veto",
        cacheKey: ["/data/ip", "/message"],
        forkJoin: "settled",
        attributes: {
          side: { at: "/data/side", type: "string", values: ["in"], description: "Side" },
          secret: { at: "/data/secret", type: "string", description: "May be looked at in the host" },
          tags: { at: "/data/tags", type: "strings", description: "Tags" },
          user: { at: "/data/bag/user", type: "string", description: "In a bag of anything" },
        },
      };
      expect(() => defineCatalog(withKind(kind))).not.toThrow();
      const channel = object({ id: binary([0, 16]), key: nullable(binary(32)), seq: u64() });
      expect(() => defineCatalog(withData(channel))).not.toThrow();
      expect(() => defineCatalog(structuredClone(synapsCatalog) as Catalog)).not.toThrow();
    });
  },
);

describe("hostile declarations", () => {
  it("runs no getter and refuses one", () => {
    let ran = 0;
    const kind = Object.defineProperty({ ...SPEC }, "deadlineMs", {
      enumerable: true,
      get: () => (ran += 1),
    });
    const wrong = { ...CATALOG, kinds: { "sample.event": kind } } as Catalog;
    expect(() => defineCatalog(wrong)).toThrow(`at ${KIND}/deadlineMs: it is a getter, not a value`);
    expect(ran).toBe(0);
  });

  it("ends at a cycle, at a depth and at a number of values", () => {
    const cycle: Record<string, unknown> = { type: "array" };
    cycle["items"] = cycle;
    expect(() => defineCatalog(withData(cycle))).toThrow("it nests deeper than 64 levels");
    let wide: object = { type: "string" };
    for (let level = 0; level < 24; level += 1) wide = { properties: { a: wide, b: wide } };
    expect(() => defineCatalog(withData(wide))).toThrow("it has more than 100000 values");
    const long: unknown[] = [];
    long.length = 1_000_000_000;
    expect(() => defineCatalog(withData({ enum: long }))).toThrow("more than 100000 values");
  });

  it.each([
    ["a function", { description: () => "x" }],
    ["an instance of a class", { payload: new (class Payload {})() }],
    ["a date", { description: new Date(0) }],
    ["a bigint", { deadlineMs: 5n }],
    ["a member called __proto__", { payload: JSON.parse('{"__proto__": {}}') }],
    ["a proxy that throws", { payload: new Proxy({}, { ownKeys: () => fail() }) }],
  ])("refuses %s", (_what, change) => {
    expect(() => defineCatalog(withKind(change))).toThrow(/is wrong/);
  });

  it("freezes a copy, so that nothing changes afterwards", () => {
    const mine = structuredClone(CATALOG) as Catalog;
    const catalog = defineCatalog(mine);
    expect(catalog).toEqual(mine);
    expect(everyObject(catalog).every(Object.isFrozen)).toBe(true);
    expect(everyObject(mine).some(Object.isFrozen)).toBe(false);
    expect(defineCatalog(catalog)).toBe(catalog);
  });

  it("fills in the version of a catalog that names none", () => {
    const { version: _, ...unversioned } = CATALOG;
    expect(defineCatalog(unversioned).version).toBe("1.0.0");
  });
});

function fail(): never {
  throw new Error("no");
}
