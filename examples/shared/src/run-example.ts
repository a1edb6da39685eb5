import { parseArgs } from "node:util";
import { createScratch, type Scratch } from "./scratch.js";
import { stopOnSignals } from "./signals.js";

export interface Stage {
  scratch: Scratch;
  /** Aborted when the user ends the program. */
  signal: AbortSignal;
  print(line: string): void;
}

/** Runs an example as the command that a user types. `what` is said by `--help`. An abort by the signal is no error. */
export async function runExample(
  name: string,
  what: string,
  work: (stage: Stage) => Promise<void>,
): Promise<void> {
  const print = (line: string): void => void process.stdout.write(`${line}\n`);
  const { values } = parseArgs({ options: { help: { type: "boolean", short: "h" } } });
  if (values.help) return print(`Usage: node examples/${name}/dist/main.js [--help]\n${what}`);
  const scratch = createScratch(name);
  const signal = stopOnSignals(scratch.remove);
  try {
    await work({ scratch, signal, print });
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    scratch.remove();
  }
}
