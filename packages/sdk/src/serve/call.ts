import type { JsonValue } from "../protocol/json.js";
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
  #given: Record<string, JsonValue> | undefined;

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

  /** Bound to this call, so that handlers can take it out of the context as they take `log`. */
  get annotate(): CallContext["annotate"] {
    return (name: string, value: JsonValue) => {
      this.#given ??= Object.create(null) as Record<string, JsonValue>;
      this.#given[name] = value;
    };
  }

  /** The result of a hook as it travels, with the annotations beside it. */
  annotated(result: string): string {
    if (this.#given === undefined) return result;
    return `${result.slice(0, -1)},"annotations":${JSON.stringify(this.#given)}}`;
  }

  abort(): void {
    this.#aborted = true;
    this.#controller?.abort();
  }
}
