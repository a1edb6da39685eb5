/** The numbers of a text, by series: `name{label="value"}`. Fails on a series that stands there twice. */
export function seriesOf(text: string): Map<string, number> {
  const series = new Map<string, number>();
  for (const line of text.split("\n").filter((one) => one !== "" && !one.startsWith("#"))) {
    const at = line.lastIndexOf(" ");
    const name = line.slice(0, at);
    if (series.has(name)) throw new Error(`${name} stands there twice`);
    series.set(name, Number(line.slice(at + 1)));
  }
  return series;
}
