/** Words that tell the series of a family apart. */
export type Labels = Readonly<Record<string, string>>;

/** One number of a family. `suffix`: the part behind the family's name, for histograms. */
export interface Sample {
  readonly labels: Labels;
  readonly value: number;
  readonly suffix?: "_bucket" | "_sum" | "_count";
}

/** Numbers of one meaning, under one name. `samples` is called for each reading. */
export interface Family {
  readonly name: string;
  readonly help: string;
  readonly type: "counter" | "gauge" | "histogram";
  samples(): readonly Sample[];
}

/** Longest label, in UTF-16 code units. Longer ones are cut. */
const MAX_LABEL = 128;

/** One half of a character of two. */
const HALF = /\p{Surrogate}/gu;

/** The text as a label that every reader takes: cut, and without halves of characters. */
export function labelOf(text: string): string {
  return text.slice(0, MAX_LABEL).replaceAll(HALF, "\ufffd");
}

/**
 * The samples with labels that every reader takes. Series whose labels are the same then are one series with the sum of
 * their numbers: a text with one series twice is refused as a whole.
 */
export function distinct(samples: readonly Sample[]): Sample[] {
  const byLabels = new Map<string, Sample>();
  for (const { labels, value, suffix } of samples) {
    const own = Object.fromEntries(Object.entries(labels).map(([name, text]) => [name, labelOf(text)]));
    const key = JSON.stringify([suffix, own]);
    const sum = value + (byLabels.get(key)?.value ?? 0);
    byLabels.set(key, { labels: own, value: sum, ...(suffix && { suffix }) });
  }
  return [...byLabels.values()];
}
