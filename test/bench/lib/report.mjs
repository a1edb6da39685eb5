/** Prints results for people. */

export function printWorkload({ title, tables, shows }, write) {
  write(`\n## ${title}\n`);
  for (const one of tables) write(`\n${one.title}\n${textTable(one)}\n`);
  if (shows.length > 0) write("\n");
  for (const show of shows) write(`${showLine(show)}\n`);
}

export function showLine({ id, text, figure, low, high, floor, atLeast, held, detail }) {
  const spread = low === high ? "" : ` (${low.toPrecision(3)}-${high.toPrecision(3)})`;
  const more = detail === undefined ? "" : `; ${detail}`;
  return `${held ? "held      " : "fell short"} ${id}: ${text}: ${figure}${spread}, ${bound({ floor, atLeast })}${more}`;
}

export const bound = ({ floor, atLeast }) =>
  `${atLeast ? "at least" : "at most"} ${floor.toLocaleString("en-US")}`;

function textTable({ columns, rows }) {
  const widths = columns.map((column, index) =>
    Math.max(column.length, ...rows.map((row) => row[index].length)),
  );
  const lineOf = (cells) =>
    cells
      .map((cell, index) => (index === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[index])))
      .join("  ");
  return [columns, ...rows].map(lineOf).join("\n");
}
