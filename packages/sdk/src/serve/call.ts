import type { CallContext, ExtensionContext } from "../define-extension.js";

/** The context of one call. Its signal is made when somebody looks at it: most handlers never do. */
export class Call implements CallContext {
  readonly id: string;
  readonly root: string | null;
  readonly config: ExtensionContext["config"];
  readonly configuration: ExtensionContext["configuration"];
  readonly memory: ExtensionContext["memory"];
  readonly widgets: ExtensionContext["widgets"];
  readonly events: ExtensionContext["events"];
  readonly log: (message: string) => void;
  #controller: AbortController | undefined;
  #aborted = false;

  constructor({ id, root, config, configuration, memory, widgets, events, log }: ExtensionContext) {
    this.id = id;
    this.root = root;
    this.config = config;
    this.configuration = configuration;
    this.memory = memory;
    this.widgets = widgets;
    this.events = events;
    this.log = log;
  }

  get signal(): AbortSignal {
    if (!this.#controller) {
      this.#controller = new AbortController();
      if (this.#aborted) this.#controller.abort();
    }
    return this.#controller.signal;
  }

  abort(): void {
    this.#aborted = true;
    this.#controller?.abort();
  }
}
