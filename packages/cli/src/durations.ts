const UNITS = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["min", 60_000],
  ["s", 1_000],
] as const;

/** A span of time by its two largest units: "9 min 3 s". */
export function duration(ms: number): string {
  const first = UNITS.findIndex(([, size]) => ms >= size);
  if (first === -1) return "less than 1 s";
  let rest = ms;
  return UNITS.slice(first, first + 2)
    .flatMap(([unit, size]) => {
      const amount = Math.floor(rest / size);
      rest -= amount * size;
      return amount === 0 ? [] : [`${amount} ${unit}`];
    })
    .join(" ");
}

/** Local time of day to the millisecond: "10:22:33.004". */
export function timeOfDay(at: number): string {
  const date = new Date(at);
  const clock = [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) => padded(part, 2));
  return `${clock.join(":")}.${padded(date.getMilliseconds(), 3)}`;
}

function padded(number: number, width: number): string {
  return String(number).padStart(width, "0");
}
