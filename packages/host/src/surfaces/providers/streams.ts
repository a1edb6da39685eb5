import { isJsonObject, type JsonObject, type JsonValue } from "@synaps/sdk/protocol";
import { unlikeJson } from "../../delivery/json-likeness.js";
import { isWorthTelling, type Logger } from "../../logger.js";
import type { Extension } from "../../supervision/extension.js";
import { SerialByKey } from "../../time/serial.js";
import type { StreamEvent } from "./provider-types.js";

interface OpenStream {
  extension: Extension;
  sink(event: StreamEvent): void;
  done: boolean;
  malformed: number;
}

/** Takes stream events to their streams. Called by the reader of an extension's output, so it never waits. */
export class Streams {
  readonly #logger: Logger;
  readonly #open = new Map<string, OpenStream>();
  readonly #turns = new SerialByKey<Extension>();
  #last = 0;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** Begins a stream. An extension may name the stream by `token`; `close` returns the number of malformed events. */
  open(extension: Extension, sink: (event: StreamEvent) => void): { token: string; close(): number } {
    this.#last += 1;
    const token = String(this.#last);
    const one = { extension, sink, done: false, malformed: 0 };
    this.#open.set(token, one);
    return {
      token,
      close: () => {
        this.#open.delete(token);
        return one.malformed;
      },
    };
  }

  /** Runs one stream after the other, for an extension whose events name no stream. */
  inTurn<T>(extension: Extension, work: () => Promise<T>): Promise<T> {
    return this.#turns.run(extension, work);
  }

  receive(from: Extension, params: unknown): void {
    const stream = this.#streamOf(from, params);
    // After `done` nothing belongs to the stream any more.
    if (!stream || stream.done) return;
    const event = parseStreamEvent(params);
    if (event) {
      stream.done = event.type === "done";
      stream.sink(event);
      return;
    }
    stream.malformed += 1;
    if (isWorthTelling(stream.malformed))
      this.#logger.warn("a stream event was skipped: it is malformed, or has an integer beyond 2^53", {
        extension: from.id,
        count: stream.malformed,
      });
  }

  /** By its token; without one, the only stream that the extension has. */
  #streamOf(from: Extension, params: unknown): OpenStream | undefined {
    const token = isJsonObject(params) ? params["token"] : undefined;
    if (typeof token === "string") {
      const named = this.#open.get(token);
      return named?.extension === from ? named : undefined;
    }
    const own = [...this.#open.values()].filter(({ extension }) => extension === from);
    return own.length === 1 ? own[0] : undefined;
  }
}

/** Reads `provider.stream.event`: an event as it is, or below `event`. Undefined for a malformed event. */
function parseStreamEvent(params: unknown): StreamEvent | undefined {
  if (!isJsonObject(params)) return undefined;
  const event = isJsonObject(params["event"]) ? params["event"] : params;
  switch (event["type"]) {
    case "text":
      return textual("text", event);
    case "thinking":
      return textual("thinking", event);
    case "tool_use":
      return toolUse(event);
    case "usage": {
      const { type: _, token: __, ...usage } = event;
      return Object.keys(usage).length === 0 ? undefined : { type: "usage", usage };
    }
    case "error":
      return typeof event["message"] === "string" ? { type: "error", message: event["message"] } : undefined;
    case "done":
      return { type: "done" };
    default:
      return undefined;
  }
}

function textual(type: "text" | "thinking", { delta, text }: JsonObject): StreamEvent | undefined {
  const value: JsonValue | undefined = delta ?? text;
  return typeof value === "string" ? { type, text: value } : undefined;
}

function toolUse({ id, name, input }: JsonObject): StreamEvent | undefined {
  if (typeof id !== "string" || id === "" || typeof name !== "string" || name === "") return undefined;
  // A tool must not run with other digits than the model wrote.
  if (unlikeJson(input, "") !== undefined) return undefined;
  return { type: "tool_use", id, name, input: input ?? {} };
}
