import type { JsonValue } from "@synaps/sdk/protocol";
import type { Points } from "./points.js";

const SYSTEM = { type: "system", name: "bus" } as const;

type Handler = (value: JsonValue) => void | Promise<void>;

/** The program's own events. A handler that fails costs the others nothing. */
export class Bus {
  readonly #points: Points;
  readonly #handlers = new Map<string, Handler[]>();

  constructor(points: Points) {
    this.#points = points;
  }

  on(name: string, handler: Handler): void {
    this.#handlers.set(name, [...(this.#handlers.get(name) ?? []), handler]);
  }

  async emit(name: string, value: JsonValue): Promise<void> {
    const asked = await this.#points.step("agent.before_event_emit", {
      component: SYSTEM,
      input: { name, value },
    });
    if (asked === undefined) return;
    const agreed = (asked.input as { value: JsonValue }).value;
    for (const handler of this.#handlers.get(name) ?? []) {
      try {
        await handler(agreed);
      } catch (error) {
        const { message } = error as Error;
        await this.#points.tell("agent.event_handler_error", {
          component: SYSTEM,
          input: name,
          error: message,
        });
      }
    }
    await this.#points.tell("agent.after_event_emit", { component: SYSTEM, input: name, output: agreed });
  }
}
