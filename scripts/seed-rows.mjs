// The promises of the four hook systems that this host replaces, from `test/seeds/rows`: reads and checks them, and writes
// the text of docs/seeds.md about them. `seeds.mjs` is the command, `test/seeds` holds the page and the rows to the sources.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { cell, changeFaults, DOCUMENTS, root, testCell, testFaults } from "./seed-checks.mjs";

/**
 * One promise. A kept one has all of `api`, `test` and `mutation`; one that is not kept yet says why in `notYet`.
 * @typedef {import("./seed-checks.mjs").Change & { build?: boolean }} MutationOfRow
 * @typedef {{ number: number, from: string, document: string, part?: string, promise: string,
 *   api?: string, test?: import("./seed-checks.mjs").NamedTest, mutation?: MutationOfRow, notYet?: string }} SeedRow
 */

const FOLDER = join("test", "seeds", "rows");
const MEMBERS = ["document", "part", "promise", "api", "test", "mutation", "notYet"];

/** Order of the rows within a document. A row without a part stands last. */
const PARTS = [
  "overview",
  "events",
  "fields",
  "actions",
  "order",
  "failure",
  "built in",
  "configuration",
  "own hooks",
  "inspection",
  "testing",
  "speed",
  "advice",
];

/** All rows in the order of the page, numbered from 1. Throws for a file that is no list of rows. */
export function readRows(folder = join(root, FOLDER)) {
  const files = readdirSync(folder).filter((name) => name.endsWith(".json"));
  const rows = files.sort().flatMap((from) => {
    const list = JSON.parse(readFileSync(join(folder, from), "utf8"));
    if (!Array.isArray(list)) throw new Error(`${from} is no list of rows`);
    return list.map((row) => ({ from, ...row }));
  });
  const documents = Object.keys(DOCUMENTS);
  const place = ({ document, part }) => {
    const at = PARTS.indexOf(part);
    return documents.indexOf(document) * 100 + (at === -1 ? PARTS.length : at);
  };
  const ordered = rows.sort((a, b) => place(a) - place(b));
  return /** @type {SeedRow[]} */ (ordered.map((row, at) => ({ number: at + 1, ...row })));
}

/** Complaints about rows: form, doubles, tests that do not exist, and places of mutations that are not there once. */
export function faultsOf(/** @type {readonly SeedRow[]} */ rows) {
  const promises = new Map();
  return rows.flatMap((row) => {
    const at = `${row.from}, "${row.promise}"`;
    const double = promises.get(`${row.document} ${row.promise}`);
    promises.set(`${row.document} ${row.promise}`, row.from);
    return [
      ...formFaults(row),
      ...(double === undefined ? [] : [`the same promise stands in ${double}`]),
      ...(row.test ? testFaults(row.test) : []),
      ...(row.mutation ? mutationFaults(row.mutation) : []),
    ].map((fault) => `${at}: ${fault}`);
  });
}

function formFaults(/** @type {SeedRow} */ row) {
  const faults = Object.keys(row)
    .filter((key) => !MEMBERS.includes(key) && key !== "number" && key !== "from")
    .map((key) => `unknown member '${key}'`);
  if (!Object.hasOwn(DOCUMENTS, row.document)) faults.push(`unknown document '${row.document}'`);
  if (row.part !== undefined && !PARTS.includes(row.part)) faults.push(`unknown part '${row.part}'`);
  if (!/^\S.*\.$/.test(row.promise ?? "")) faults.push("the promise is no sentence");
  const kept = [row.api, row.test, row.mutation].filter((member) => member !== undefined).length;
  if (row.notYet === undefined && kept < 3) faults.push("api, test or mutation is missing");
  if (row.notYet !== undefined && (kept > 0 || row.notYet.trim() === ""))
    faults.push("notYet stands with its reason and without api, test and mutation");
  return faults;
}

function mutationFaults(/** @type {MutationOfRow} */ mutation) {
  const faults = changeFaults(mutation);
  if (mutation.find.includes("\n")) faults.push(`'${mutation.find}' is not one line`);
  return faults;
}

/** The text of docs/seeds.md up to the defects. */
export function pageOf(/** @type {readonly SeedRow[]} */ rows) {
  const documents = Object.entries(DOCUMENTS);
  const counts = documents.map(([document, { title }]) => {
    const own = rows.filter((row) => row.document === document);
    const kept = own.filter(({ notYet }) => notYet === undefined).length;
    return `| [${title}](#${anchorOf(title)}) | ${own.length} | ${kept} | ${own.length - kept} |`;
  });
  const sections = documents.map(([document, { title, start }]) =>
    sectionOf(
      title,
      start,
      rows.filter((row) => row.document === document),
    ),
  );
  return `# Coming from another hook system

<!-- Written by \`npm run seeds\` from \`test/seeds/rows\` and \`test/fixtures/defects\`: change these. -->

This host replaces four hook systems that run inside of one program each. Every promise of their guides has a row here: the
promise in our words, what to call instead, the test that proves it, and one changed line of the sources that makes this test
fail. A promise that is not kept yet says so and why.

| coming from | promises | kept | not yet |
| --- | --: | --: | --: |
${counts.join("\n")}

\`npm run seeds -- --run all\` applies every change to a copy and runs the row's test: it must fail with the change and pass
without; \`-- --run 12,13\` takes rows by number, \`-- --run drawn\` what CI draws by HEAD's hash: two rows and a defect. CI draws from rows whose
test reads the sources; the others are marked \`build\` and need a build of the packages for each change.

${sections.join("\n")}
`;
}

function sectionOf(title, start, rows) {
  const kept = rows.filter(({ notYet }) => notYet === undefined);
  const missing = rows.filter(({ notYet }) => notYet !== undefined);
  const lines = kept.map(
    ({ number, promise, api, test, mutation }) =>
      `| ${number} | ${cell(promise)} | ${cell(api)} | ${testCell(test)} | ${mutationCell(mutation)} |`,
  );
  const table = [
    "| | promise | here | test | a change that this test notices |",
    "| --: | --- | --- | --- | --- |",
  ];
  const parts = [`## ${title}`, "", start, "", ...table, ...lines, ""];
  if (missing.length === 0) return parts.join("\n");
  const reasons = missing.map(
    ({ number, promise, notYet }) => `| ${number} | ${cell(promise)} | ${cell(notYet)} |`,
  );
  return [...parts, "Not yet:", "", "| | promise | why |", "| --: | --- | --- |", ...reasons, ""].join("\n");
}

function mutationCell({ file, find, replace, build }) {
  return `${build ? "build; " : ""}\`${file}\`: ${codeCell(find)} becomes ${replace.trim() === "" ? "nothing" : codeCell(replace)}`;
}

/** Fenced so that backticks in the code stand for themselves; a bar ends no cell. */
function codeCell(code) {
  const text = cell(code.trim());
  return text.includes("`") ? `\`\` ${text} \`\`` : `\`${text}\``;
}

function anchorOf(title) {
  return title
    .toLowerCase()
    .replaceAll(/[^\w\s-]/g, "")
    .replaceAll(" ", "-");
}
