import type { JsonObject } from "@synaps/sdk/protocol";
import { jsonBytes } from "../untrusted.js";
import type { StreamEvent } from "./provider-types.js";

/** Text and inputs of one stream that are kept: as much as one answer can hold. */
const MAX_SIZE = 4 * 1024 * 1024;
const MAX_BLOCKS = 4_096;

/** Puts the content together from the events, for providers that stream everything and answer with nothing. */
export class StreamedContent {
  readonly #blocks: JsonObject[] = [];
  #usage: JsonObject | undefined;
  #error: string | undefined;
  #size = 0;
  #complete = true;

  add(event: StreamEvent): void {
    switch (event.type) {
      case "text":
      case "thinking":
        return this.#addText(event.type, event.text);
      case "tool_use":
        if (!this.#spend(jsonBytes(event.input))) return;
        return this.#addBlock({ type: "tool_use", id: event.id, name: event.name, input: event.input });
      case "usage":
        this.#usage = event.usage;
        return;
      case "error":
        this.#error ??= event.message;
        return;
      case "done":
    }
  }

  /** Undefined when more came than the bound. */
  get content(): JsonObject[] | undefined {
    return this.#complete ? this.#blocks : undefined;
  }

  get usage(): JsonObject | undefined {
    return this.#usage;
  }

  /** The message of the first error event. */
  get error(): string | undefined {
    return this.#error;
  }

  #addText(type: "text" | "thinking", text: string): void {
    if (!this.#spend(text.length)) return;
    const last = this.#blocks.at(-1);
    if (last?.["type"] === type) last[type] = String(last[type]) + text;
    else this.#addBlock({ type, [type]: text });
  }

  #spend(size: number): boolean {
    this.#size += size;
    if (this.#size > MAX_SIZE) this.#complete = false;
    return this.#complete;
  }

  #addBlock(block: JsonObject): void {
    if (this.#blocks.length < MAX_BLOCKS) this.#blocks.push(block);
    else this.#complete = false;
  }
}
