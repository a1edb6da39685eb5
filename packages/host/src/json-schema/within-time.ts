import { createContext, Script, type Context } from "node:vm";

/** Most times that the wanted time may pass on the clock, while the machine is busy with something else. */
const MOST_ON_CLOCK = 6;

/** Thrown by a work that looks at its time itself. */
export class TooLate extends Error {}

/**
 * Time for a piece of work. Time in which the processor did not work for this process does not count, up to a bound: a
 * busy machine must not refuse what is harmless.
 */
export class WorkTime {
  readonly #ms: number;
  readonly #from = performance.now();
  readonly #cpu = process.cpuUsage();
  #until: number;

  constructor(ms: number) {
    this.#ms = ms;
    this.#until = this.#from + ms;
  }

  /** Milliseconds that are left now; 0 or less when the time is over. */
  left(): number {
    const now = performance.now();
    if (now < this.#until) return this.#until - now;
    const { user, system } = process.cpuUsage(this.#cpu);
    const worked = (user + system) / 1_000;
    this.#until = Math.min(now + this.#ms - worked, this.#from + this.#ms * MOST_ON_CLOCK);
    return this.#until - now;
  }

  /** Throws when the time is over. */
  check(): void {
    if (performance.now() >= this.#until && this.left() <= 0) throw new TooLate();
  }
}

const script = new Script("work()");
let context: Context | undefined;

/**
 * Runs a work and returns its value; undefined when it is not done in time. The engine ends the work wherever it is,
 * within a regular expression too, and begins it again if time is left. Throws what the work throws.
 */
export function endedInTime<T>(time: WorkTime, work: () => T): { value: T } | undefined {
  for (let left = time.left(); left > 0; left = time.left()) {
    const done = once(Math.ceil(left), work);
    if (done) return done;
  }
  return undefined;
}

function once<T>(ms: number, work: () => T): { value: T } | undefined {
  context ??= createContext(Object.create(null) as object);
  context["work"] = work;
  try {
    return { value: script.runInContext(context, { timeout: ms }) as T };
  } catch (error) {
    if ((error as { code?: unknown } | undefined)?.code === "ERR_SCRIPT_EXECUTION_TIMEOUT") return undefined;
    throw error;
  } finally {
    context["work"] = undefined;
  }
}
