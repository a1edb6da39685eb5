import type { Request } from "./request.js";

/**
 * The requests that are with the process. The last one takes the place of one that leaves. A Set would make a new table
 * every so often, and each old table keeps its requests alive until all of the heap is looked through.
 */
export class InFlight {
  #requests: Request[] = [];
  #sendings = 0;

  get size(): number {
    return this.#requests.length;
  }

  add(request: Request): void {
    request.order = this.#sendings += 1;
    request.place = this.#requests.push(request) - 1;
  }

  remove(request: Request): void {
    const last = this.#requests.pop();
    if (last === undefined || last === request) return;
    this.#requests[request.place] = last;
    last.place = request.place;
  }

  /** True if a request of the same lane that was sent before this one is still with the process. */
  overtaken({ lane, order }: Request): boolean {
    return this.#requests.some((other) => other.lane === lane && other.order < order);
  }

  /** All of them, in the order of sending. */
  all(): Request[] {
    return [...this.#requests].sort((a, b) => a.order - b.order);
  }

  /** Takes all of them, in the order of sending. */
  takeAll(): Request[] {
    const all = this.all();
    this.#requests = [];
    return all;
  }
}
