// The mistakes of the four hook systems that this host does not repeat, from `test/fixtures/defects`: a file for each, with
// copies of the mistake as changes of our sources. Reads and checks them, and writes their part of docs/seeds.md.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { cell, changeFaults, DOCUMENTS, root, testCell, testFaults } from "./seed-checks.mjs";

/**
 * A mistake may have several sides; each copy brings one of them into our sources, all of its changes at once.
 * @typedef {{ copy: string, test: import("./seed-checks.mjs").NamedTest,
 *   changes: import("./seed-checks.mjs").Change[] }} Copy
 * @typedef {{ from: string, number: number, defect: string, systems: string[], copies: Copy[] }} Defect
 */

/** Mistakes that the four systems have. */
const DEFECTS = 16;
const MEMBERS = ["number", "defect", "systems", "copies"];
const SENTENCE = /^\S.*\.$/;

/** All defects in the order of their numbers. */
export function readDefects(folder = join(root, "test", "fixtures", "defects")) {
  const files = readdirSync(folder).filter((name) => name.endsWith(".json"));
  const defects = files.map((from) => ({ ...JSON.parse(readFileSync(join(folder, from), "utf8")), from }));
  return /** @type {Defect[]} */ (defects.sort((a, b) => a.number - b.number));
}

/** Complaints about defects: form, numbers, tests that do not exist, and places of changes that are not there once. */
export function defectFaultsOf(/** @type {readonly Defect[]} */ defects) {
  const numbers = defects.map(({ number }) => number);
  const wanted = Array.from({ length: DEFECTS }, (_, at) => at + 1);
  const gaps = wanted.filter((number) => numbers.filter((one) => one === number).length !== 1);
  const faults = defects.flatMap((defect) => faultsOf(defect).map((fault) => `${defect.from}: ${fault}`));
  return [...gaps.map((number) => `defect ${number} has not exactly one file`), ...faults];
}

function faultsOf(/** @type {Defect} */ { from, number, ...rest }) {
  const { defect, systems, copies } = rest;
  const faults = Object.keys(rest)
    .filter((key) => !MEMBERS.includes(key))
    .map((key) => `unknown member '${key}'`);
  if (!from.startsWith(`${String(number).padStart(2, "0")}-`)) faults.push(`it is about defect ${number}`);
  if (!SENTENCE.test(defect ?? "")) faults.push("the defect is no sentence");
  if (!(systems?.length > 0) || systems.some((name) => !Object.hasOwn(DOCUMENTS, name)))
    faults.push("the systems are not some of the four");
  if (!(copies?.length > 0)) return [...faults, "there is no copy"];
  return [...faults, ...copies.flatMap((copy) => copyFaults(number, copy))];
}

function copyFaults(number, /** @type {Copy} */ { copy, test, changes }) {
  const faults = SENTENCE.test(copy ?? "") ? [] : ["what a copy does is no sentence"];
  if (!test.name.startsWith(`defect ${number}: `))
    faults.push(`the test of a copy is not named 'defect ${number}: …'`);
  if (changes.length === 0) faults.push("a copy changes nothing");
  return [...faults, ...testFaults(test), ...changes.flatMap(changeFaults)];
}

/** The part of docs/seeds.md about defects. */
export function defectsText(/** @type {readonly Defect[]} */ defects) {
  const lines = defects.flatMap(({ number, defect, systems, copies }) =>
    copies.map(({ copy, test }, at) => {
      const titles = systems.map((name) => DOCUMENTS[name].title).join(", ");
      const start = at === 0 ? `| ${number} | ${cell(defect)} | ${titles} |` : "| | | |";
      return `${start} ${cell(copy)} | ${testCell(test)} |`;
    }),
  );
  return `## Mistakes that are not repeated

The code of these systems had defects that a port must not repeat. \`test/fixtures/defects\` keeps a copy of each as changes of
our sources: its test passes without them and fails with them. \`npm run seeds -- --run defects\` tries all of them,
\`-- --run d3,d7\` some by number; CI draws one by HEAD's hash.

| | defect | where | the copy | test |
| --: | --- | --- | --- | --- |
${lines.join("\n")}
`;
}
