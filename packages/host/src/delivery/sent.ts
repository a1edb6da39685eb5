import type { Request } from "./request.js";

/** Kinds of requests that `doing` names, at most. */
const MAX_NAMED = 3;

/** The requests that are with the process now. Adding and removing take constant time. */
export class Sent {
  readonly #requests: Request[] = [];

  get size(): number {
    return this.#requests.length;
  }

  add(request: Request): void {
    request.place = this.#requests.push(request) - 1;
  }

  /** The last request takes the place of the removed one. */
  remove(request: Request): void {
    if (this.#requests[request.place] !== request) return;
    const last = this.#requests.pop();
    if (last === undefined || last === request) return;
    this.#requests[request.place] = last;
    last.place = request.place;
  }

  has(lane: Request["lane"]): boolean {
    return this.#requests.some((request) => request.lane === lane);
  }

  takeAll(): Request[] {
    // In the order of sending, which `remove` does not keep.
    return this.#requests.splice(0).sort((a, b) => a.wireId - b.wireId);
  }

  /** The requests in words; undefined when there is none. */
  doing(): string | undefined {
    if (this.#requests.length === 0) return undefined;
    const counts = new Map<string, number>();
    for (const request of this.#requests) {
      const what = nameOf(request);
      counts.set(what, (counts.get(what) ?? 0) + 1);
    }
    const named = [...counts].map(([what, times]) => (times > 1 ? `${times} x ${what}` : what));
    return `it had ${named.slice(0, MAX_NAMED).join(", ")}${named.length > MAX_NAMED ? " and others" : ""}`;
  }
}

function nameOf({ event, method }: Request): string {
  if (!event) return method;
  const { kind, toolName: tool } = event;
  return tool === null ? kind : `${kind} of '${tool.slice(0, 64).replace(/\p{Cc}/gu, "?")}'`;
}
