import type { JsonObject } from "@synaps/sdk/protocol";
import type { StreamEvent } from "./provider-types.js";

/** Text that is kept of one stream, in UTF-16 units: as much as one answer can hold. */
const MAX_TEXT = 4 * 1024 * 1024;
const MAX_BLOCKS = 4_096;

/** Puts the content together from the events, for providers that stream everything and answer with nothing. */
export class StreamedContent {
  readonly #blocks: JsonObject[] = [];
  #usage: JsonObject | undefined;
  #error: string | undefined;
  #text = 0;
  #complete = true;

  add(event: StreamEvent): void {
    switch (event.type) {
      case "text":
      case "thinking":
        return this.#addText(event.type, event.text);
      case "tool_use":
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

  /** Undefined when more came than is kept. */
  get content(): JsonObject[] | undefined {
    return this.#complete ? this.#blocks : undefined;
  }

  get usage(): JsonObject | undefined {
    return this.#usage;
  }

  /** What the first error event said. */
  get error(): string | undefined {
    return this.#error;
  }

  #addText(type: "text" | "thinking", text: string): void {
    this.#text += text.length;
    if (this.#text > MAX_TEXT) {
      this.#complete = false;
      return;
    }
    const last = this.#blocks.at(-1);
    if (last?.["type"] === type) last[type] = String(last[type]) + text;
    else this.#addBlock({ type, [type]: text });
  }

  #addBlock(block: JsonObject): void {
    if (this.#blocks.length < MAX_BLOCKS) this.#blocks.push(block);
    else this.#complete = false;
  }
}
