import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import prettier from "prettier";
import { BASELINE, ROOT } from "./places.mjs";
import { bound } from "./report.mjs";
import { lineChart } from "./svg.mjs";

const PAGE = join(ROOT, "docs", "performance.md");
const PLOTS = join(ROOT, "docs", "performance");
/** `<!-- bench:round-trip -->` up to `<!-- /bench -->`: what stands between is written from the results. */
const MARKED = /(<!-- bench:([a-z-]+) -->)[\s\S]*?(<!-- \/bench -->)/g;

/** Writes the tables and plots of the page from the results; throws when the page asks for what they do not have. */
export async function writeDocs(results) {
  const text = readFileSync(PAGE, "utf8").replace(
    MARKED,
    (_, open, name, close) => `${open}\n\n${section(name, results)}\n\n${close}`,
  );
  const style = await prettier.resolveConfig(PAGE);
  writeFileSync(PAGE, await prettier.format(text, { ...style, filepath: PAGE }));
  mkdirSync(PLOTS, { recursive: true });
  for (const { plots = [] } of Object.values(results.workloads)) {
    for (const plot of plots) writeFileSync(join(PLOTS, `${plot.file}.svg`), lineChart(plot));
  }
}

/** The results as they are committed. */
export async function writeResults(file, results) {
  const style = await prettier.resolveConfig(file);
  writeFileSync(
    file,
    await prettier.format(JSON.stringify(results), { ...style, filepath: file, parser: "json" }),
  );
}

function section(name, results) {
  if (name === "machine") return machine(results);
  if (name === "guard") return guard();
  if (name === "shows") return shows(results);
  const workload = results.workloads[name];
  if (!workload) throw new Error(`docs/performance.md shows '${name}', which the results do not have`);
  const tables = workload.tables.map((one) => `**${one.title}**\n\n${markdownTable(one)}`);
  const plots = (workload.plots ?? []).map(({ file, title }) => `![${title}](performance/${file}.svg)`);
  return [...tables, ...plots].join("\n\n");
}

function machine({ workloads }) {
  const rows = Object.entries(workloads).map(([name, { machine: one }]) => [
    name,
    one.cpu,
    one.node,
    one.load,
    one.when,
  ]);
  return markdownTable({
    columns: ["workload", "machine", "Node", "load average at start and end", "when"],
    rows,
  });
}

function guard() {
  const { figures } = JSON.parse(readFileSync(BASELINE, "utf8"));
  const rows = Object.entries(figures).map(([name, { median, noise, limit }]) => {
    return [name, median.toFixed(2), `${Math.round(noise * 100)} %`, limit.toFixed(2)];
  });
  return markdownTable({ columns: ["figure", "median", "noise", "fails above"], rows });
}

function shows({ workloads }) {
  const rows = Object.values(workloads).flatMap((workload) =>
    workload.shows.map((show) => {
      const spread =
        show.low === show.high
          ? ""
          : ` (${Number(show.low.toPrecision(3))}–${Number(show.high.toPrecision(3))})`;
      const detail = show.detail === undefined ? "" : `; ${show.detail}`;
      return [
        show.text,
        `${show.figure}${spread}${detail}`,
        bound(show),
        show.held ? "held" : "**fell short**",
      ];
    }),
  );
  return markdownTable({ columns: ["promise", "measured", "bound", ""], rows });
}

function markdownTable({ columns, rows }) {
  const lineOf = (cells) => `| ${cells.map((cell) => String(cell).replaceAll("|", "\\|")).join(" | ")} |`;
  return [
    lineOf(columns),
    lineOf(columns.map((_, index) => (index === 0 ? "---" : "--:"))),
    ...rows.map(lineOf),
  ].join("\n");
}
