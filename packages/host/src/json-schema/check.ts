import type { JsonObject, JsonValue } from "@synaps/sdk/protocol";
import { Run, type SchemaProblem } from "./run.js";
import { SchemaMap } from "./schema-map.js";
import { endedInTime, TooLate, WorkTime } from "./within-time.js";

export type { SchemaProblem } from "./run.js";

export type CheckResult = { type: "fits" } | { type: "misfits"; problems: readonly SchemaProblem[] };

/** Largest schema that is used, as JSON text. Real ones have a few KiB. */
const MAX_SCHEMA_LENGTH = 256 * 1024;
/** Time of the processor for one check as a whole: enough for hundreds of thousands of values. */
const MAX_MS = 150;
/** Time that is left to a schema that ran out of time again and again: honest inputs take less. */
const LEAST_MS = 10;

/**
 * Checks values against one JSON Schema that an untrusted extension wrote. Interprets it: nothing is compiled, fetched
 * or run but regular expressions. Knows the drafts 4, 6, 7, 2019-09 and 2020-12 except for foreign documents; `unchecked`
 * names the rest. Never throws. A value that cannot be checked in time, or is too deep, does not fit.
 */
export class SchemaCheck {
  /** Parts of the schema that check nothing, in words for people. */
  readonly unchecked: readonly string[];
  readonly #schema: JsonObject;
  readonly #map: SchemaMap | undefined;
  #ms = MAX_MS;

  constructor(schema: JsonObject) {
    this.#schema = schema;
    const unusable = reasonAgainst(schema);
    const map = unusable === undefined ? new SchemaMap(schema) : undefined;
    const endless = map?.isEndless() === true;
    if (map && !endless) this.#map = map;
    const all = unusable ?? (endless ? "it applies itself to the same value without end" : undefined);
    this.unchecked = all === undefined ? (map?.unchecked ?? []) : [`the whole schema (${all})`];
  }

  /** Every value fits a schema that cannot be used at all. */
  check(value: JsonValue): CheckResult {
    const problems = this.#problems(value);
    return problems.length === 0 ? { type: "fits" } : { type: "misfits", problems };
  }

  #problems(value: JsonValue): readonly SchemaProblem[] {
    const map = this.#map;
    if (!map) return [];
    const time = new WorkTime(this.#ms);
    const work = (): readonly SchemaProblem[] => new Run(map, time).problemsOf(this.#schema, value);
    try {
      // Only the engine can end a regular expression.
      const done = map.hasPatterns ? endedInTime(time, work) : { value: work() };
      if (!done) return this.#late();
      this.#ms = Math.min(MAX_MS, this.#ms * 2);
      return done.value;
    } catch (error) {
      if (error instanceof TooLate) return this.#late();
      return [{ pointer: "", message: "is nested too deep to be checked" }];
    }
  }

  /** Every check that comes to nothing costs the host its time, so that the next one gets less of it. */
  #late(): readonly SchemaProblem[] {
    const message = `could not be checked against the schema within ${this.#ms} ms`;
    this.#ms = Math.max(LEAST_MS, Math.ceil(this.#ms / 2));
    return [{ pointer: "", message }];
  }
}

function reasonAgainst(schema: JsonObject): string | undefined {
  try {
    return JSON.stringify(schema).length > MAX_SCHEMA_LENGTH ? "it is over 256 KiB" : undefined;
  } catch {
    // The schema is too deep for the stack.
    return "it is nested too deep";
  }
}
