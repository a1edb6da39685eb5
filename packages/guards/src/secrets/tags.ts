const TAG = /\[redacted:[a-z0-9-]{1,64}#\d{1,6}\]/g;

/** Splits a text at the tags of an earlier pass: texts at even places, tags at odd ones. */
export function splitAtTags(text: string): string[] {
  const parts: string[] = [];
  let at = 0;
  for (const match of text.matchAll(TAG)) {
    parts.push(text.slice(at, match.index), match[0]);
    at = match.index + match[0].length;
  }
  parts.push(text.slice(at));
  return parts;
}

/** Hands out tags: the same secret gets the same number, also where two rules found it. */
export class Tags {
  readonly #bySecret = new Map<string, string>();
  readonly #counts = new Map<string, number>();

  /** Tags that already stand in the text keep their numbers to themselves. */
  constructor(text: string) {
    for (const [tag] of text.matchAll(TAG)) {
      const [rule = "", number = "0"] = tag.slice("[redacted:".length, -1).split("#");
      this.#counts.set(rule, Math.max(this.#counts.get(rule) ?? 0, Number(number)));
    }
  }

  /** The replacement of one secret. Line breaks inside it are kept, so that what follows keeps its line number. */
  replacementOf(ruleId: string, secret: string): string {
    let tag = this.#bySecret.get(secret);
    if (tag === undefined) {
      const number = (this.#counts.get(ruleId) ?? 0) + 1;
      this.#counts.set(ruleId, number);
      tag = `[redacted:${ruleId}#${number}]`;
      this.#bySecret.set(secret, tag);
    }
    return tag + (secret.match(/\r?\n/g)?.join("") ?? "");
  }
}
