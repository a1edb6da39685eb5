import { setTimeout as pause } from "node:timers/promises";
import type { Host, InterceptResult, OperationContext } from "@synaps/host";
import type { agentCatalog } from "@synaps/sdk/catalogs";
import type { JsonObject, JsonValue } from "@synaps/sdk/protocol";

type Kind = keyof (typeof agentCatalog)["kinds"];

/** What extensions are told of an operation: the component and its input, and whatever else is worth knowing. */
export interface Operation extends Record<string, JsonValue | undefined> {
  component: { type: "agent" | "tool" | "workflow" | "system" | "custom"; name: string; id?: string };
  input?: JsonValue;
}

/** An operation of a tool also has the envelope's fields for tools. */
export interface Call {
  data: Operation;
  /** Aborted when the program gives the operation up: it does not run again then. */
  signal: AbortSignal;
  tool_name?: string;
  tool_input?: JsonValue;
}

/** The output of work that was done, with facts that only the work knows, as the model and its tokens. */
export interface Done {
  output: string;
  facts?: JsonObject;
}

export type Work<I> = (input: I, context: OperationContext) => Promise<Done>;

type RunOperation = Parameters<Host["intercept"]>[2];

/** Kinds around an operation: asked before it, after it, and after it failed. */
export interface Around {
  before: Kind;
  after: Kind;
  failed: Kind;
}

/** A failure of work that knows facts all the same: tokens of turns before it were used. */
export class Failed extends Error {
  override readonly name = "Failed";
  readonly facts: JsonObject;

  constructor(cause: Error, facts: JsonObject) {
    super(cause.message, { cause });
    this.facts = facts;
  }
}

/** A step or an operation that an extension did not allow. */
export class Refused extends Error {
  override readonly name = "Refused";
}

/** The places at which this program asks and tells extensions. Each of its parts calls these at its own place. */
export class Points {
  readonly #host: Host;

  constructor(host: Host) {
    this.#host = host;
  }

  /** Something has happened. For what ends, resolves when everybody was told; nobody else is waited for. */
  async tell(kind: Kind, data: Operation): Promise<void> {
    await this.#host.emit({ kind, data: plain(data) });
  }

  /**
   * A step is about to be done: resolves with the facts as extensions left them, or with undefined if one of them had it left
   * out. Rejects with `Refused` when it was blocked.
   */
  async step<D extends Operation>(kind: Kind, data: D): Promise<D | undefined> {
    const outcome = await this.#host.emit({ kind, data: plain(data) });
    if (outcome.action === "block") throw new Refused(`${outcome.by}: ${outcome.reason}`);
    if (outcome.action === "skip") return undefined;
    return outcome.action === "modify" ? (outcome.input as D) : data;
  }

  /**
   * Does work between its hooks. `host.intercept` asks before and carries the answers out: it blocks, rewrites, answers from its
   * cache, leaves out, sends elsewhere, runs again and in parts. The kind after it depends on how the work ends, so it is
   * raised here, with what only the work knows.
   */
  around<I>(kinds: Around, call: Call, work: Work<I>): Promise<InterceptResult> {
    const { signal, data, ...fields } = call;
    const event = { ...fields, data: plain(data) };
    const run: RunOperation = async (input, context) => {
      const ran =
        "tool_name" in call ? { ...event, tool_input: input } : { ...event, data: input as JsonObject };
      for (let times = 1; ; times += 1) {
        const { output, facts, isError } = await work(input as I, context).then(doneOf, failureOf);
        const outcome = await this.#host.emit({
          ...ran,
          kind: isError ? kinds.failed : kinds.after,
          tool_output: output,
          data: { ...ran.data, ...facts },
        });
        if (outcome.action === "replace") return outcome.output;
        const again = "retry" in outcome ? outcome.retry : undefined;
        if (again === undefined || times >= again.maxAttempts || signal.aborted) return { output, isError };
        await pause(again.delayMs, undefined, { signal }).catch(() => undefined);
      }
    };
    return this.#host.intercept({ before: kinds.before }, event, run, { signal });
  }
}

const doneOf = (done: Done): Done & { isError: boolean } => ({ ...done, isError: false });

function failureOf(error: Error): Done & { isError: boolean } {
  const facts = { ...(error instanceof Failed ? error.facts : {}), error: error.message };
  return { output: error.message, facts, isError: true };
}

/** The output of an operation; one that was refused or has failed is an error. */
export function outputOf(result: InterceptResult): string {
  if (!("output" in result)) throw new Refused(`${result.by}: ${result.reason}`);
  if (result.isError) throw new Error(result.output ?? "it failed without a reason");
  return result.output ?? "";
}

/** Members without a value are left out, as JSON does. */
function plain(data: Operation): JsonObject {
  return JSON.parse(JSON.stringify(data)) as JsonObject;
}
