import type { Extension } from "../../supervision/extension.js";
import { isWorthTelling, type Logger } from "../../logger.js";
import type { Services } from "../services.js";
import { parseOutput, type OutputEvent } from "./output-event.js";

/**
 * Takes one event of a command's output, or undefined for an event that makes no sense. Called while the output is read: the
 * sink must be quick and must not throw.
 */
export type OutputSink = (event: OutputEvent | undefined) => void;

/** Brings the output that extensions send to the call that it belongs to. Output without a call is dropped. */
export class OutputRouter {
  readonly #logger: Logger;
  #malformed = 0;
  readonly #sinks = new Map<string, { extension: string; sink: OutputSink }>();

  constructor({ inbound, tasks, logger }: Pick<Services, "inbound" | "tasks" | "logger">) {
    this.#logger = logger;
    inbound.listen("command.output", (from, params) => this.#output(from, params));
    tasks.listen(({ extension, event, requestId }) => {
      for (const [id, open] of this.#sinks) {
        // The reference's tasks do not say which command they belong to: every open one of the extension shows them.
        if (open.extension === extension && (requestId === undefined || requestId === id)) open.sink(event);
      }
    });
  }

  /** Calls that are under way. */
  get size(): number {
    return this.#sinks.size;
  }

  /** Takes output for one call until the returned function is called. */
  open(extension: string, requestId: string, sink: OutputSink): () => void {
    this.#sinks.set(requestId, { extension, sink });
    return () => void this.#sinks.delete(requestId);
  }

  #output(from: Extension, params: unknown): void {
    const parsed = parseOutput(params);
    if (!parsed) return;
    const open = this.#sinks.get(parsed.requestId);
    if (open?.extension !== from.id) return;
    open.sink(parsed.event);
    if (parsed.event) return;
    this.#malformed += 1;
    if (!isWorthTelling(this.#malformed)) return;
    const fields = { extension: from.id, count: this.#malformed };
    this.#logger.warn("an event of a command's output was skipped: it is malformed", fields);
  }
}
