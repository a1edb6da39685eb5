import { didYouMean } from "@synaps/sdk/protocol";
import type { HostConfigProblem } from "./host-config.js";
import type { Place } from "./key-places.js";
import type { Layer } from "./layers.js";
import { keyText, shownKey, snakeName } from "./names.js";
import type { Rule } from "./rules.js";
import type { Source } from "./source.js";
import { FIXED_KEYS, HOOK_KEYS, MAX_ID_LENGTH, MOST_HOOKS, TABLE_NAMES } from "./tables.js";

/** Mistakes of one file that are told. */
const MOST_PROBLEMS = 100;

/** Keys at the top that are no tables: editors look for the address of a schema there. */
const SCHEMA_KEY = "$schema";

type Table = Readonly<Record<string, unknown>>;

/** Checks all values of a file. Every mistake is told, up to a hundred. */
export function fileLayer(source: Source): Layer {
  const check = new FileCheck(source);
  check.whole();
  return check;
}

class FileCheck implements Layer {
  readonly settings: Layer["settings"] = new Map();
  readonly problems: HostConfigProblem[] = [];
  readonly #source: Source;

  constructor(source: Source) {
    this.#source = source;
  }

  whole(): void {
    const { value } = this.#source;
    if (!isTable(value)) return this.#wrong([], "it must be an object", "Write { }, and tables in it.");
    for (const [name, table] of Object.entries(value)) {
      if (name === SCHEMA_KEY) continue;
      if (!TABLE_NAMES.includes(name)) this.#unknown([name], TABLE_NAMES);
      else if (!isTable(table))
        this.#wrong([name], "must be a table", `Write [${name}], and its keys below.`);
      else this.#table(name, table);
    }
  }

  #table(name: string, table: Table): void {
    const keys = FIXED_KEYS.filter(({ path }) => path[0] === name);
    for (const [key, value] of Object.entries(table)) {
      const path = [name, key];
      const known = keys.find((one) => one.path[1] === key);
      if (known) this.#value(path, known.rule, value);
      else if (name === "hooks" && key === "of") this.#hooks(value);
      else if (name === "audit" && key === "key") this.#secret(path);
      else this.#unknown(path, [...keys.map((one) => one.path[1]), ...(name === "hooks" ? ["of"] : [])]);
    }
  }

  #hooks(hooks: unknown): void {
    const path = ["hooks", "of"];
    if (!isTable(hooks))
      return this.#wrong(path, "must be a table", 'Write [hooks.of."<id>"], and its keys below.');
    const entries = Object.entries(hooks);
    if (entries.length > MOST_HOOKS)
      return this.#wrong(path, `has ${entries.length} entries`, `At most ${MOST_HOOKS} are read.`);
    for (const [id, entry] of entries) {
      const at = [...path, id];
      if (id.trim() === "" || id.length > MAX_ID_LENGTH)
        this.#wrong(at, `must have a name of 1 to ${MAX_ID_LENGTH} characters`);
      else if (!isTable(entry))
        this.#wrong(at, "must be a table", 'Write [hooks.of."<id>"], and its keys below.');
      else this.#hook(at, entry);
    }
  }

  #hook(at: readonly string[], entry: Table): void {
    for (const [key, value] of Object.entries(entry)) {
      const known = HOOK_KEYS.find((one) => one.key === key);
      if (known) this.#value([...at, key], known.rule, value);
      else
        this.#unknown(
          [...at, key],
          HOOK_KEYS.map((one) => one.key),
        );
    }
  }

  #value(path: readonly string[], rule: Rule, given: unknown): void {
    const reading = rule.read(given);
    if (reading.wrong !== undefined) return this.#wrong(path, reading.wrong, reading.hint);
    const line = this.#place(path)?.line ?? null;
    const origin = { from: "file", line, variable: null } as const;
    this.settings.set(keyText(path), { path, value: reading.value, origin });
  }

  #secret(path: readonly string[]): void {
    this.#wrong(
      path,
      "must not stand in a file: it is a secret",
      'Put it into an environment variable, and name the variable: key_env = "NAME".',
    );
  }

  #unknown(path: readonly string[], known: readonly string[]): void {
    // Looking for the key that was meant takes time.
    if (this.problems.length >= MOST_PROBLEMS) return;
    const key = path.at(-1) ?? "";
    const meant = didYouMean(key, known) ?? didYouMean(snakeName(key), known);
    const beside = path.slice(0, -1);
    const elsewhere = path.length === 2 ? FIXED_KEYS.find((one) => one.path[1] === key)?.text : undefined;
    const best = meant === undefined ? elsewhere : shownKey([...beside, meant]);
    const hint = best === undefined ? `Known are ${known.join(", ")}.` : `Did you mean '${best}'?`;
    this.#wrong(path, "is no key of the configuration", hint);
  }

  #wrong(path: readonly string[], message: string, hint = "Correct the value."): void {
    if (this.problems.length >= MOST_PROBLEMS) return;
    const place = this.#place(path);
    this.problems.push({
      severity: "error",
      key: shownKey(path),
      file: this.#source.file,
      line: place?.line ?? null,
      column: place?.column ?? null,
      variable: null,
      message,
      hint,
    });
  }

  #place(path: readonly string[]): Place | undefined {
    return this.#source.places.at(path);
  }
}

function isTable(value: unknown): value is Table {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);
}
