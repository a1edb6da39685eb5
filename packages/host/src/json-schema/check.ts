import { isJsonObject, type JsonObject, type JsonValue } from "@synaps/sdk/protocol";
import { ARRAY_KEYWORDS, OBJECT_KEYWORDS } from "./collection-keywords.js";
import { COMBINATORS } from "./combinators.js";
import type { Evaluation, Keywords } from "./keyword.js";
import { Patterns } from "./pattern.js";
import { localReference } from "./reference.js";
import { ANY_KEYWORDS, NUMBER_KEYWORDS, STRING_KEYWORDS } from "./scalar-keywords.js";

/** One complaint, and the JSON pointer of the place in the value that it is about. */
export interface SchemaProblem {
  pointer: string;
  message: string;
}

export type CheckResult =
  | { type: "fits" }
  | { type: "misfits"; problems: readonly SchemaProblem[] }
  /** The schema asks for more work than a check is worth. */
  | { type: "unchecked"; reason: string };

/** Largest schema that is used, as JSON text. Real ones have a few KiB. */
const MAX_SCHEMA_LENGTH = 256 * 1024;
/** Work of one check. An honest schema needs about one step for each value in the input. */
const MAX_STEPS = 50_000;
/** Time that all regular expressions of one check may take. Each match has a limit of its own, but there may be thousands. */
const MAX_PATTERNS_MS = 500;
/** Most schemas within schemas, references included. */
const MAX_DEPTH = 100;
/** Most problems that are reported: more of them only repeat. */
const MAX_PROBLEMS = 10;
const MAX_POINTER_LENGTH = 200;

class TooMuch extends Error {}

/**
 * Checks values against one JSON Schema that an untrusted extension wrote. Interprets it: nothing is compiled, fetched
 * or run. Knows the assertions of the drafts 4 to 2020-12 but `unevaluated*`, dynamic and foreign references; `format`
 * and unknown keywords say nothing, as the drafts have it. Never throws; the work is bounded.
 */
export class SchemaCheck {
  readonly #schema: JsonObject;
  readonly #patterns = new Patterns();
  readonly #tooLarge: boolean;

  constructor(schema: JsonObject) {
    this.#schema = schema;
    this.#tooLarge = sizeOf(schema) > MAX_SCHEMA_LENGTH;
  }

  check(value: JsonValue): CheckResult {
    if (this.#tooLarge) return { type: "unchecked", reason: "the schema is too large" };
    const run = new Run(this.#schema, this.#patterns);
    try {
      run.descend(this.#schema, value, "");
    } catch (error) {
      // A value that is too deep for the stack ends here as well.
      const reason = error instanceof TooMuch ? error.message : "the input is too deep";
      return { type: "unchecked", reason };
    }
    return run.problems.length === 0 ? { type: "fits" } : { type: "misfits", problems: run.problems };
  }
}

class Run implements Evaluation {
  readonly #root: JsonObject;
  readonly #patterns: Patterns;
  problems: SchemaProblem[] = [];
  #steps = 0;
  #depth = 0;
  #patternsMs = 0;
  #silent = false;
  #misfit = false;

  constructor(root: JsonObject, patterns: Patterns) {
    this.#root = root;
    this.#patterns = patterns;
  }

  spend(steps: number): void {
    this.#steps += steps;
    if (this.#steps > MAX_STEPS) throw new TooMuch(`it would take over ${MAX_STEPS} steps`);
  }

  note(pointer: string, message: string): void {
    this.#misfit = true;
    if (!this.#silent && this.problems.length < MAX_PROBLEMS)
      this.problems.push({ pointer: pointer.slice(0, MAX_POINTER_LENGTH), message });
  }

  matches(pattern: string, text: string): boolean | undefined {
    this.spend(10);
    const fromMs = performance.now();
    const matched = this.#patterns.test(pattern, text);
    this.#patternsMs += performance.now() - fromMs;
    if (this.#patternsMs > MAX_PATTERNS_MS) throw new TooMuch("its patterns take too long");
    return matched;
  }

  fits(schema: JsonValue, value: JsonValue, pointer: string): boolean {
    const before = { silent: this.#silent, misfit: this.#misfit };
    this.#silent = true;
    this.#misfit = false;
    this.descend(schema, value, pointer);
    const fitted = !this.#misfit;
    this.#silent = before.silent;
    this.#misfit = before.misfit;
    return fitted;
  }

  descend(schema: JsonValue, value: JsonValue, pointer: string): void {
    this.spend(1 + bulkOf(value));
    if (schema === false) return this.note(pointer, "is not allowed");
    if (!isJsonObject(schema)) return;
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) throw new TooMuch(`it nests schemas over ${MAX_DEPTH} deep`);
    const reference = schema["$ref"];
    if (typeof reference === "string") this.spend(reference.length >> 4);
    const target = localReference(this.#root, reference);
    if (target !== undefined) this.descend(target, value, pointer);
    this.#apply(ANY_KEYWORDS, schema, value, pointer);
    this.#apply(COMBINATORS, schema, value, pointer);
    if (typeof value === "number") this.#apply(NUMBER_KEYWORDS, schema, value, pointer);
    else if (typeof value === "string") this.#apply(STRING_KEYWORDS, schema, value, pointer);
    else if (Array.isArray(value)) this.#apply(ARRAY_KEYWORDS, schema, value, pointer);
    else if (isJsonObject(value)) this.#apply(OBJECT_KEYWORDS, schema, value, pointer);
    this.#depth -= 1;
  }

  #apply<V extends JsonValue>(keywords: Keywords<V>, schema: JsonObject, value: V, pointer: string): void {
    for (const name of Object.keys(schema)) {
      if (!Object.hasOwn(keywords, name)) continue;
      keywords[name]?.(schema[name] ?? null, value, pointer, this, schema);
    }
  }
}

/** Steps that the size of a value costs each schema that is applied to the value. */
function bulkOf(value: JsonValue): number {
  if (typeof value === "string") return value.length >> 10;
  if (Array.isArray(value)) return value.length >> 6;
  return isJsonObject(value) ? Object.keys(value).length >> 4 : 0;
}

function sizeOf(schema: JsonObject): number {
  try {
    return JSON.stringify(schema).length;
  } catch {
    // The schema is too deep for the stack.
    return Number.POSITIVE_INFINITY;
  }
}
