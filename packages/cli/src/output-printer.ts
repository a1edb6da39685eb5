import type { OutputEvent } from "@synaps/host";
import type { Io } from "./io.js";
import { table } from "./table.js";
import { plain, plainWithTabs } from "./text.js";

/** Prints a command's output as text: what was asked for on standard output, everything around it on standard error. */
export class OutputPrinter {
  readonly #io: Io;
  readonly #raw: boolean;
  readonly #labels = new Map<string, string>();

  /** `raw`: texts are pieces of a stream that ends its lines itself, and no messages. */
  constructor(io: Io, raw: boolean) {
    this.#io = io;
    this.#raw = raw;
  }

  print(event: OutputEvent): void {
    const { stdout, stderr } = this.#io;
    switch (event.kind) {
      case "text":
        return this.#text(event.content);
      case "table":
        return void stdout.write(table(event.headers.map(plain), event.rows, stdout));
      case "system":
        return this.#aside(stderr.paint("dim", plain(event.content)));
      case "error":
        return this.#aside(`${stderr.paint("red", "error:")} ${plain(event.content)}`);
      case "done":
        return;
      case "task.start":
        this.#labels.set(event.id, event.label);
        return this.#task(event.id, "started");
      case "task.update":
        return this.#task(event.id, progressText(event));
      case "task.log":
        return this.#task(event.id, event.line);
      case "task.done":
        return this.#task(event.id, event.error === undefined ? "done" : `failed: ${event.error}`);
    }
  }

  #text(content: string): void {
    const safe = content.split("\n").map(plainWithTabs).join("\n");
    void this.#io.stdout.write(this.#raw || safe.endsWith("\n") ? safe : `${safe}\n`);
  }

  #task(id: string, what: string): void {
    this.#aside(this.#io.stderr.paint("cyan", plain(`${this.#labels.get(id) ?? id}: ${what}`)));
  }

  #aside(line: string): void {
    void this.#io.stderr.write(`${line}\n`);
  }
}

function progressText({ current, total, message }: Extract<OutputEvent, { kind: "task.update" }>): string {
  const share = current !== undefined && total ? `${Math.round((100 * current) / total)} %` : undefined;
  return [share ?? (current === undefined ? undefined : String(current)), message]
    .filter((part) => part !== undefined)
    .join("  ");
}
