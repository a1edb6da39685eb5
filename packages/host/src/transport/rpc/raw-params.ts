/** Parameters that are already JSON text. An event is serialised once, however many extensions get it. */
export class RawParams {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** The same for a large event: bytes that all who get it share, and the end that is each one's own. */
export class SharedParams {
  readonly shared: Uint8Array;
  readonly tail: string;

  constructor(shared: Uint8Array, tail: string) {
    this.shared = shared;
    this.tail = tail;
  }
}

export const NULL_PARAMS = new RawParams("null");
