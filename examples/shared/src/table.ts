/** Columns of numbers are set right; the last column may be long, and goes on below itself. */
const WIDTH = 100;
const GAP = "  ";

/** Lays rows out in columns under their heads. All but the last column are as wide as their longest cell. */
export function tableOf(heads: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const last = heads.length - 1;
  const widths = heads.map((head, column) =>
    Math.max(head.length, ...rows.map((row) => String(row[column] ?? "").length)),
  );
  const indent = widths.slice(0, last).reduce((sum, width) => sum + width + GAP.length, 0);
  const line = (cells: readonly (string | number)[]): string => {
    const fixed = cells.slice(0, last).map((cell, column) => {
      const width = widths[column] ?? 0;
      return typeof cell === "number" ? String(cell).padStart(width) : cell.padEnd(width);
    });
    return [...fixed, wrapped(String(cells[last] ?? ""), indent)].join(GAP).trimEnd();
  };
  const numeric = heads.map((_, column) => typeof rows[0]?.[column] === "number");
  const top = heads.map((head, column) => (numeric[column] ? head.padStart(widths[column] ?? 0) : head));
  return [line(top), ...rows.map(line)].join("\n");
}

function wrapped(text: string, indent: number): string {
  const columns = Math.max(20, WIDTH - indent);
  const lines: string[] = [];
  for (const part of text.split(", ")) {
    const longer = lines.length === 0 ? part : `${lines.at(-1)}, ${part}`;
    if (lines.length > 0 && longer.length <= columns) lines[lines.length - 1] = longer;
    else {
      if (lines.length > 0) lines[lines.length - 1] += ",";
      lines.push(part);
    }
  }
  return lines.join(`\n${" ".repeat(indent)}`);
}
