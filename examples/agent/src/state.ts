import { readFile, writeFile } from "node:fs/promises";
import type { JsonValue } from "@synaps/sdk/protocol";
import type { Points } from "./points.js";

const SYSTEM = { type: "system", name: "state" } as const;
const FORM = 2;

/** A value with the number of times that it was written. */
export interface Versioned {
  value: JsonValue;
  version: number;
}

/** Somebody else has written the value since it was read. */
export class Conflict extends Error {
  override readonly name = "Conflict";
}

/** Values in one file, each with a version, so that no writer overwrites what it has not read. */
export class State {
  readonly #points: Points;
  readonly #file: string;
  #values = new Map<string, Versioned>();

  private constructor(points: Points, file: string) {
    this.#points = points;
    this.#file = file;
  }

  /** Reads the file. One of the first form, without versions, takes the form of now. */
  static async open(points: Points, file: string): Promise<State> {
    const state = new State(points, file);
    const read = JSON.parse(await readFile(file, "utf8").catch(() => `{"form":${FORM},"values":{}}`)) as
      { form: number; values: Record<string, Versioned> } | { form?: never };
    if (read.form === FORM) state.#values = new Map(Object.entries(read.values));
    else await state.#migrate(read as Record<string, JsonValue>);
    return state;
  }

  /** Undefined for a value that is not there, or when an extension has the reading left out. */
  async read(key: string): Promise<Versioned | undefined> {
    const asked = await this.#points.step("agent.before_state_read", { component: SYSTEM, input: key });
    if (asked === undefined) return undefined;
    const found = this.#values.get(asked.input);
    const output = found?.value ?? null;
    await this.#points.tell("agent.after_state_read", { component: SYSTEM, input: key, output });
    return found;
  }

  /** `seen` is the version that was read; 0 for a new value. Rejects with `Conflict` when there is another one by now. */
  async write(key: string, value: JsonValue, seen: number): Promise<void> {
    const asked = await this.#points.step("agent.before_state_write", {
      component: SYSTEM,
      input: { key, value },
    });
    if (asked === undefined) return;
    const now = this.#values.get(key);
    if ((now?.version ?? 0) !== seen) {
      const input = { key, value, seen, found: now?.version ?? 0 };
      await this.#points.tell("agent.state_conflict", {
        component: SYSTEM,
        input,
        output: now?.value ?? null,
      });
      throw new Conflict(`'${key}' was written by somebody else: version ${now?.version ?? 0}, not ${seen}`);
    }
    const written = (asked.input as { value: JsonValue }).value;
    this.#values.set(key, { value: written, version: seen + 1 });
    await this.#save();
    await this.#points.tell("agent.after_state_write", { component: SYSTEM, input: key, output: written });
  }

  async #migrate(old: Record<string, JsonValue>): Promise<void> {
    this.#values = new Map(Object.entries(old).map(([key, value]) => [key, { value, version: 1 }]));
    await this.#save();
    await this.#points.tell("agent.state_migration", {
      component: SYSTEM,
      from_state: "1",
      to_state: String(FORM),
      value: this.#values.size,
    });
  }

  async #save(): Promise<void> {
    await writeFile(this.#file, JSON.stringify({ form: FORM, values: Object.fromEntries(this.#values) }));
  }
}
