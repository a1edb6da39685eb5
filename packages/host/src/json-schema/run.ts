import { isJsonObject, type JsonObject, type JsonValue } from "@synaps/sdk/protocol";
import { ARRAY_KEYWORDS } from "./array-keywords.js";
import { COMBINATORS } from "./combinators.js";
import type { Dialect } from "./dialect.js";
import { pointerOf, Seen, type Evaluation, type Keyword, type Keywords, type Place } from "./keyword.js";
import { OBJECT_KEYWORDS } from "./object-keywords.js";
import { patternOf } from "./pattern.js";
import { ANY_KEYWORDS, NUMBER_KEYWORDS, STRING_KEYWORDS } from "./scalar-keywords.js";
import type { Part, Resource, SchemaMap, Step } from "./schema-map.js";
import type { WorkTime } from "./within-time.js";

/** One complaint, and the JSON pointer of the place in the value that it is about. */
export interface SchemaProblem {
  pointer: string;
  message: string;
}

/** Most problems that are reported: more of them only repeat. */
const MAX_PROBLEMS = 10;

/** Keywords for every value, and for values of one type. */
const EVERY: Keywords = { ...ANY_KEYWORDS, ...COMBINATORS };
const BY_TYPE: Readonly<Record<string, Readonly<Record<string, Keyword<never>>>>> = {
  number: { ...EVERY, ...NUMBER_KEYWORDS },
  string: { ...EVERY, ...STRING_KEYWORDS },
  array: { ...EVERY, ...ARRAY_KEYWORDS },
  object: { ...EVERY, ...OBJECT_KEYWORDS },
};

/** Schemas applied between two looks at the time. */
const LOOK_EACH = 8;

/** One check of one value. */
export class Run implements Evaluation {
  readonly dialect: Dialect;
  seen: Seen | undefined;
  readonly #map: SchemaMap;
  readonly #problems: SchemaProblem[] = [];
  readonly #patterns = new Map<string, RegExp | undefined>();
  /** Resources that the evaluation has entered, the outermost one first. */
  readonly #scope: Resource[] = [];
  readonly #time: WorkTime;
  #applied = 0;
  #silent = false;
  #misfit = false;

  constructor(map: SchemaMap, time: WorkTime) {
    this.#map = map;
    this.#time = time;
    this.dialect = map.dialect;
  }

  problemsOf(schema: JsonObject, value: JsonValue): readonly SchemaProblem[] {
    this.descend(schema, value, undefined);
    return this.#problems;
  }

  note(place: Place | undefined, message: string): void {
    this.#misfit = true;
    if (!this.#silent && this.#problems.length < MAX_PROBLEMS)
      this.#problems.push({ pointer: pointerOf(place), message });
  }

  matches(pattern: string, text: string): boolean | undefined {
    if (!this.#patterns.has(pattern)) this.#patterns.set(pattern, patternOf(pattern));
    return this.#patterns.get(pattern)?.test(text);
  }

  silently(check: () => boolean): boolean {
    const before = { silent: this.#silent, misfit: this.#misfit };
    this.#silent = true;
    const fitted = check();
    this.#silent = before.silent;
    this.#misfit = before.misfit;
    return fitted;
  }

  descend(schema: JsonValue, value: JsonValue, place: Place | undefined): boolean {
    const outer = this.seen;
    this.seen = this.#map.asksUnevaluated ? new Seen() : undefined;
    const fitted = this.#apply(schema, value, place);
    this.seen = outer;
    return fitted;
  }

  also(schema: JsonValue, value: JsonValue, place: Place | undefined): boolean {
    const outer = this.seen;
    const inner = outer && new Seen();
    this.seen = inner;
    const fitted = this.#apply(schema, value, place);
    this.seen = outer;
    if (fitted && inner) outer.add(inner);
    return fitted;
  }

  #apply(schema: JsonValue, value: JsonValue, place: Place | undefined): boolean {
    if (schema === false) this.note(place, "is not allowed");
    if (!isJsonObject(schema)) return schema !== false;
    this.#applied += 1;
    if (this.#applied % LOOK_EACH === 0) this.#time.check();
    const part = this.#map.part(schema);
    if (!part) return true;
    const before = this.#misfit;
    this.#misfit = false;
    const entered = part.resource !== this.#scope.at(-1);
    if (entered) this.#scope.push(part.resource);
    const target = this.#target(part);
    if (target !== undefined) this.also(target, value, place);
    for (const [keyword, argument] of this.#steps(schema, part, typeOf(value)))
      keyword(argument, value as never, place, this, schema);
    if (entered) this.#scope.pop();
    const fitted = !this.#misfit;
    this.#misfit = before || !fitted;
    return fitted;
  }

  #steps(schema: JsonObject, part: Part, type: string): readonly Step[] {
    const known = part.steps.get(type);
    if (known) return known;
    const steps = stepsOf(schema, BY_TYPE[type] ?? EVERY, this.dialect);
    part.steps.set(type, steps);
    return steps;
  }

  /** The schema that a reference leads to. A dynamic one leads to the outermost resource that has the anchor. */
  #target({ reference, dynamic }: Part): JsonValue | undefined {
    if (dynamic === undefined) return reference;
    const outermost = this.#scope.find(({ dynamicAnchors }) => dynamicAnchors.has(dynamic));
    return outermost?.dynamicAnchors.get(dynamic) ?? reference;
  }
}

function stepsOf(
  schema: JsonObject,
  keywords: Readonly<Record<string, Keyword<never>>>,
  { old }: Dialect,
): Step[] {
  if (old && typeof schema["$ref"] === "string") return [];
  // All other keywords have to be done before somebody asks for the rest.
  const isLast = (name: string): number => (name.startsWith("unevaluated") ? 1 : 0);
  return Object.keys(schema)
    .filter((name) => Object.hasOwn(keywords, name))
    .sort((a, b) => isLast(a) - isLast(b))
    .map((name) => [keywords[name] as Keyword<never>, schema[name] ?? null]);
}

function typeOf(value: JsonValue): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}
