/** Parameters that are already JSON text. An event is serialised once, however many extensions get it. */
export class RawParams {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export const NULL_PARAMS = new RawParams("null");
