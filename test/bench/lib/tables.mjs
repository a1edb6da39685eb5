/** Figures as text, and what a table and a promise look like in the results. */

export function fixed(value) {
  if (!Number.isFinite(value)) return "–";
  if (value >= 100) return Math.round(value).toLocaleString("en-US");
  return value.toFixed(value >= 10 ? 1 : 2);
}

export function microseconds(value) {
  if (value < 1) return `${Math.round(value * 1000)} ns`;
  return value < 10_000 ? `${fixed(value)} µs` : `${fixed(value / 1000)} ms`;
}

export function ratioText({ median, low, high }) {
  return `${fixed(median)} (${fixed(low)}–${fixed(high)})`;
}

export function perSecond(value) {
  return value >= 10_000
    ? `${Math.round(value / 1000).toLocaleString("en-US")}k/s`
    : `${Math.round(value)}/s`;
}

export function megabytes(bytes) {
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

export function table(title, columns, rows) {
  return { title, columns, rows: rows.map((row) => row.map(String)) };
}

/** One promise: the figure, its bound, and whether it held. `atLeast` turns the bound round. */
export function atMost(id, text, figure, floor, atLeast = false) {
  const held = atLeast ? figure.median >= floor : figure.median <= floor;
  return {
    id,
    text,
    figure: fixed(figure.median),
    value: figure.median,
    low: figure.low,
    high: figure.high,
    floor,
    atLeast,
    held,
  };
}

export const atLeast = (id, text, figure, floor) => atMost(id, text, figure, floor, true);
