import { stripControl } from "@synaps/host";

/** Cuts or fills a text to exactly so many columns. */
export function fit(text: string, columns: number): string {
  return clip(text, columns).padEnd(columns);
}

export function clip(text: string, columns: number): string {
  return text.length <= columns ? text : `${text.slice(0, columns - 1)}…`;
}

/** Lays parts out in as few lines as fit. A part that is too long for a line is cut. */
export function flow(parts: readonly string[], between: string, columns: number): string[] {
  const lines: string[] = [];
  for (const part of parts) {
    const last = lines.at(-1);
    const longer = last === undefined ? undefined : `${last}${between}${part}`;
    if (longer !== undefined && longer.length <= columns) lines[lines.length - 1] = longer;
    else lines.push(clip(part, columns));
  }
  return lines;
}

/** Foreign text as lines that fit and cannot move the cursor; at most `most` of them. */
export function lines(text: string, columns: number, most: number): string[] {
  const clean = text
    .trimEnd()
    .split(/\r?\n/)
    .flatMap((line) => flow(stripControl(line).split(" "), " ", columns));
  return clean.length <= most
    ? clean
    : [...clean.slice(0, most - 1), `… (${clean.length - most + 1} more lines)`];
}

export function duration(ms: number): string {
  return ms < 1_000 ? `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms` : `${(ms / 1_000).toFixed(2)} s`;
}
