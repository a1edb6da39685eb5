import { appendFileSync } from "node:fs";

type Cells = Readonly<Record<string, string | number>>;

/** Adds cells to the row with this key, in a table that `npm run test:agents` prints at its end. */
export function row(table: string, key: Cells, cells: Cells): void {
  const file = process.env["SYNAPS_AGENTS_ROWS"];
  if (file !== undefined) appendFileSync(file, `${JSON.stringify({ table, key, cells })}\n`);
}

/** Text for a cell: short, on one line. */
export function cell(text: string | undefined, most = 90): string {
  if (text === undefined) return "-";
  const line = text.replaceAll(/\s+/g, " ").trim();
  return line.length > most ? `${line.slice(0, most)}...` : line;
}
