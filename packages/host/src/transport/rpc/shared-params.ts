/**
 * Parameters of a large event: bytes that all its recipients share, and the end that is each one's own. Other parameters
 * are JSON text. An event is serialised once, however many extensions get it.
 */
export class SharedParams {
  readonly shared: Uint8Array;
  readonly tail: string;

  constructor(shared: Uint8Array, tail: string) {
    this.shared = shared;
    this.tail = tail;
  }
}
