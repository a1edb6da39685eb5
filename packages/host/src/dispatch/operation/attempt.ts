import type { JsonValue } from "@synaps/sdk/protocol";
import { messageOf } from "../../errors.js";
import type { Operation, OperationContext } from "./types.js";

/** One run of an operation: its output, or the message of what it threw. */
export interface Attempt {
  output: string | null;
  isError: boolean;
}

/** Runs the operation once. Never rejects. */
export async function attempt(run: Operation, input: JsonValue, context: OperationContext): Promise<Attempt> {
  try {
    return outputOf(await run(input, context));
  } catch (error) {
    return { output: messageOf(error), isError: true };
  }
}

/** Programs in plain JavaScript may return anything: what is no output is one as JSON. */
function outputOf(result: unknown): { output: string | null; isError: boolean } {
  if (typeof result === "string") return { output: result, isError: false };
  if (result === undefined || result === null) return { output: null, isError: false };
  if (typeof result === "object" && "output" in result) {
    const { output, isError } = result as { output: unknown; isError?: unknown };
    if (typeof output === "string" || output === null) return { output, isError: isError === true };
  }
  return { output: textOf(result), isError: false };
}

/** The operation ran, whatever it returned: a value that JSON cannot carry is no failure of the operation. */
function textOf(result: unknown): string {
  try {
    return JSON.stringify(result) ?? String(result);
  } catch {
    return String(result);
  }
}
