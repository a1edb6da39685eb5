import type { Output, Style } from "./io.js";
import { plain } from "./text.js";

/** A cell: one text, or several that may stand below each other when the terminal is narrow. */
export type Cell = string | readonly string[] | { text: string; style: Style };

const GAP = "  ";

/** Aligned columns under a heading. Lists are joined by commas, or stacked when the lines would not fit a terminal. */
export function table(heading: readonly string[], rows: readonly (readonly Cell[])[], out: Output): string {
  const flat = render(heading, rows, out, false);
  if (!out.isTerminal || widthOf(flat) <= out.columns) return text(flat);
  return text(render(heading, rows, out, true));
}

interface Rendered {
  line: string;
  width: number;
}

function render(
  heading: readonly string[],
  rows: readonly (readonly Cell[])[],
  out: Output,
  stacked: boolean,
): Rendered[] {
  const blocks = [
    heading.map((title) => [title]),
    ...rows.map((row) => row.map((cell) => linesOf(cell, stacked))),
  ];
  const widths = heading.map((_, column) => Math.max(...blocks.map((block) => longest(block[column] ?? []))));
  return blocks.flatMap((block, index) => {
    const height = Math.max(...block.map((lines) => lines.length), 1);
    return Array.from({ length: height }, (_, line): Rendered => {
      const texts = widths.map((width, column) => (block[column]?.[line] ?? "").padEnd(width));
      const width = texts.join(GAP).trimEnd().length;
      const painted = texts.map((padded, column) => {
        const cell = rows[index - 1]?.[column];
        const style =
          index === 0 ? "bold" : typeof cell === "object" && "style" in cell ? cell.style : undefined;
        const word = padded.trimEnd();
        return style === undefined || word === ""
          ? padded
          : out.paint(style, word) + padded.slice(word.length);
      });
      return { line: painted.join(GAP), width };
    });
  });
}

function linesOf(cell: Cell, stacked: boolean): string[] {
  if (typeof cell === "string") return [plain(cell)];
  if ("text" in cell) return [plain(cell.text)];
  if (cell.length === 0) return ["-"];
  return stacked ? cell.map(plain) : [cell.map(plain).join(",")];
}

function longest(lines: readonly string[]): number {
  return Math.max(0, ...lines.map(({ length }) => length));
}

function widthOf(lines: readonly Rendered[]): number {
  return Math.max(0, ...lines.map(({ width }) => width));
}

function text(lines: readonly Rendered[]): string {
  return lines.map(({ line }) => `${line.trimEnd()}\n`).join("");
}
