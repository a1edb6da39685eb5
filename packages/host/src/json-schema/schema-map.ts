import { isJsonObject, type JsonObject, type JsonValue } from "@synaps/sdk/protocol";
import { dialectOf, IN_PLACE, schemasIn, UNCHECKED_KEYWORDS, type Dialect } from "./dialect.js";
import type { Keyword } from "./keyword.js";
import { patternOf } from "./pattern.js";

/** A schema with an address of its own, and the names of its parts. */
export interface Resource {
  readonly uri: string;
  readonly root: JsonObject;
  readonly anchors: Map<string, JsonObject>;
  readonly dynamicAnchors: Map<string, JsonObject>;
}

/** One schema of a document: its resource, and the schema that it refers to. */
export interface Part {
  readonly resource: Resource;
  /** Keywords for each type of values, found when a value of the type comes first. */
  readonly steps: Map<string, readonly Step[]>;
  /** Undefined when there is no reference, or none that leads to a part of the same document. */
  reference?: JsonValue | undefined;
  /** Name of the dynamic anchor that decides the reference when the schema is used. */
  dynamic?: string | undefined;
}

/** A keyword of a schema and its argument. */
export type Step = readonly [keyword: Keyword<never>, argument: JsonValue];

/** Base of addresses in a schema that has none. */
const NO_ADDRESS = "schema:///";
const REFERENCES = ["$ref", "$recursiveRef", "$dynamicRef"] as const;
/** Name of the dynamic anchor that `$recursiveAnchor: true` stands for. */
const RECURSIVE = "$recursiveAnchor";

/** The parts of one schema document, their addresses and references, and everything in it that checks nothing. */
export class SchemaMap {
  readonly dialect: Dialect;
  /** True if some part asks for what other parts have not looked at. */
  asksUnevaluated = false;
  hasPatterns = false;
  readonly #parts = new Map<JsonObject, Part>();
  readonly #resources = new Map<string, Resource>();
  readonly #unchecked = new Set<string>();

  constructor(root: JsonObject) {
    this.dialect = dialectOf(root);
    const own = this.#resource(NO_ADDRESS, root);
    let fresh = this.#walk(root, own);
    // A reference may lead to a place that no keyword knows, and this place may hold further references.
    while (fresh.length > 0) fresh = fresh.flatMap((schema) => this.#connect(schema));
  }

  /** Words of the document that check nothing, in words for people: keywords, references and expressions. */
  get unchecked(): readonly string[] {
    return [...this.#unchecked];
  }

  part(schema: JsonObject): Part | undefined {
    return this.#parts.get(schema);
  }

  /** True if some schema applies itself to the same value again, without an end. */
  isEndless(): boolean {
    const open = new Set<JsonObject>();
    const done = new Set<JsonObject>();
    for (const start of this.#parts.keys()) {
      const path: { schema: JsonObject; left: JsonObject[] }[] = [];
      const enter = (schema: JsonObject): void => {
        open.add(schema);
        path.push({ schema, left: this.#inPlace(schema) });
      };
      if (!done.has(start)) enter(start);
      for (let top = path.at(-1); top; top = path.at(-1)) {
        const next = top.left.pop();
        if (!next) {
          open.delete(top.schema);
          done.add(top.schema);
          path.pop();
        } else if (open.has(next)) return true;
        else if (!done.has(next)) enter(next);
      }
    }
    return false;
  }

  #inPlace(schema: JsonObject): JsonObject[] {
    const { reference } = this.#parts.get(schema) ?? {};
    const others = this.#hidesSiblings(schema)
      ? []
      : Object.keys(schema).flatMap((name) =>
          IN_PLACE.has(name) ? schemasIn(name, schema[name] ?? null).filter(isJsonObject) : [],
        );
    return isJsonObject(reference) ? [reference, ...others] : others;
  }

  #hidesSiblings(schema: JsonObject): boolean {
    return this.dialect.old && typeof schema["$ref"] === "string";
  }

  /** Finds all parts below a schema. Returns the parts that were not known. */
  #walk(from: JsonObject, within: Resource): JsonObject[] {
    const left: [JsonObject, Resource][] = [[from, within]];
    const fresh: JsonObject[] = [];
    for (let next = left.pop(); next; next = left.pop()) {
      const [schema, outer] = next;
      if (this.#parts.has(schema)) continue;
      const resource = this.#hidesSiblings(schema) ? outer : this.#named(schema, outer);
      this.#parts.set(schema, { resource, steps: new Map() });
      fresh.push(schema);
      for (const name of Object.keys(schema)) {
        this.#note(name, schema[name] ?? null);
        for (const one of schemasIn(name, schema[name] ?? null))
          if (isJsonObject(one)) left.push([one, resource]);
      }
    }
    return fresh;
  }

  /** Notes the addresses of one schema. Returns the resource that it belongs to. */
  #named(schema: JsonObject, outer: Resource): Resource {
    let resource = outer;
    const id = schema[this.dialect.id];
    if (typeof id === "string") {
      const [address = "", fragment = ""] = id.split("#", 2);
      const uri = address === "" ? undefined : resolved(address, outer.uri);
      if (uri !== undefined) resource = this.#resource(uri, schema);
      if (fragment !== "" && this.dialect.old) resource.anchors.set(fragment, schema);
    }
    const { $anchor, $dynamicAnchor } = schema;
    if (typeof $anchor === "string") resource.anchors.set($anchor, schema);
    if (typeof $dynamicAnchor === "string") {
      resource.anchors.set($dynamicAnchor, schema);
      resource.dynamicAnchors.set($dynamicAnchor, schema);
    }
    if (schema[RECURSIVE] === true) resource.dynamicAnchors.set(RECURSIVE, schema);
    return resource;
  }

  #resource(uri: string, root: JsonObject): Resource {
    const known = this.#resources.get(uri);
    if (known) return known;
    const resource = { uri, root, anchors: new Map(), dynamicAnchors: new Map() };
    this.#resources.set(uri, resource);
    return resource;
  }

  #note(name: string, argument: JsonValue): void {
    if (name.startsWith("unevaluated")) this.asksUnevaluated = true;
    if (UNCHECKED_KEYWORDS.has(name)) this.#unchecked.add(`the keyword '${name}'`);
    const patterns =
      name === "pattern" ? [argument] : name === "patternProperties" ? Object.keys(argument ?? {}) : [];
    if (patterns.length > 0) this.hasPatterns = true;
    for (const one of patterns)
      if (typeof one === "string" && !patternOf(one)) this.#unchecked.add(`the pattern ${short(one)}`);
  }

  /** Finds the target of a schema's reference. Returns parts that this made known. */
  #connect(schema: JsonObject): JsonObject[] {
    const part = this.#parts.get(schema);
    const fresh: JsonObject[] = [];
    for (const name of REFERENCES) {
      const reference = schema[name];
      if (!part || typeof reference !== "string") continue;
      const found = this.#find(reference, part.resource);
      if (found === undefined) {
        this.#unchecked.add(`the reference ${short(reference)}`);
        continue;
      }
      const [target, resource] = found;
      if (isJsonObject(target)) fresh.push(...this.#walk(target, resource));
      part.reference = target;
      part.dynamic = this.#dynamic(name, reference, target);
    }
    return fresh;
  }

  #dynamic(name: string, reference: string, target: JsonValue): string | undefined {
    if (name === "$ref" || !isJsonObject(target)) return undefined;
    const anchor = name === "$recursiveRef" ? RECURSIVE : reference.slice(reference.indexOf("#") + 1);
    return this.#parts.get(target)?.resource.dynamicAnchors.get(anchor) === target ? anchor : undefined;
  }

  #find(reference: string, from: Resource): [JsonValue, Resource] | undefined {
    const at = reference.indexOf("#");
    const address = at < 0 ? reference : reference.slice(0, at);
    const fragment = at < 0 ? "" : decoded(reference.slice(at + 1));
    const uri = address === "" ? from.uri : resolved(address, from.uri);
    const resource = uri === undefined ? undefined : this.#resources.get(uri);
    if (!resource) return undefined;
    if (fragment !== "" && !fragment.startsWith("/")) {
      const named = resource.anchors.get(fragment);
      return named && [named, resource];
    }
    let [target, owner]: [JsonValue | undefined, Resource] = [resource.root, resource];
    for (const key of fragment.split("/").slice(1)) {
      if (typeof target !== "object" || target === null) return undefined;
      const name = key.replaceAll("~1", "/").replaceAll("~0", "~");
      target = Object.hasOwn(target, name) ? (target as JsonObject)[name] : undefined;
      if (isJsonObject(target)) owner = this.#parts.get(target)?.resource ?? owner;
    }
    return target === undefined ? undefined : [target, owner];
  }
}

function resolved(address: string, base: string): string | undefined {
  try {
    return new URL(address, base).href;
  } catch {
    return undefined;
  }
}

function decoded(fragment: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment;
  }
}

/** Longest part of a schema's own text that is told. */
const MAX_TOLD = 80;

function short(text: string): string {
  return `'${text.length > MAX_TOLD ? `${text.slice(0, MAX_TOLD)}…` : text}'`;
}
