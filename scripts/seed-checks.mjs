// Checks and cells of docs/seeds.md that rows (`seed-rows.mjs`) and defects (`seed-defects.mjs`) share.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * A test, by a part of its full name, and texts of sources that are replaced while they are read.
 * @typedef {{ file: string, name: string }} NamedTest
 * @typedef {{ file: string, find: string, replace: string }} Change
 */

export const root = join(dirname(fileURLToPath(import.meta.url)), "..");

/** The documents by the short name that a row or a defect gives. */
export const DOCUMENTS = {
  messaging: {
    title: "quicprochat's server hooks",
    start:
      "Catalog `messaging`: six events of a chat server whose messages nobody but the receiver can read.",
  },
  proxy: {
    title: "Refractium's protocol hooks",
    start: "Catalog `proxy`: the byte stream of each connection of a proxy, in both directions.",
  },
  gateway: {
    title: "RustyClaw's lifecycle hooks",
    start: "Catalog `gateway`: twelve events of an agent gateway, from its start to its stop.",
  },
  agent: {
    title: "rs-llmspell's agent hooks",
    start: "Catalog `agent`: the points of agents, tools and workflows, and hooks within the program.",
  },
};

export function testFaults(/** @type {NamedTest} */ { file, name }) {
  const source = sourceOf(file);
  if (source === undefined) return [`there is no ${file}`];
  return source.includes(name) ? [] : [`${file} has no test '${name}'`];
}

export function changeFaults(/** @type {Change} */ { file, find, replace }) {
  const source = sourceOf(file);
  if (source === undefined) return [`there is no ${file}`];
  const times = source.split(find).length - 1;
  const faults = times === 1 ? [] : [`'${find}' stands ${times} times in ${file}`];
  if (!/^(?:packages|extensions)\/[\w-]+\/src\//.test(file))
    faults.push(`${file} is no source of a package or an extension`);
  if (find === replace) faults.push(`'${find}' does not change`);
  return faults;
}

function sourceOf(file) {
  try {
    return readFileSync(join(root, file), "utf8");
  } catch {
    return undefined;
  }
}

export function testCell(/** @type {NamedTest} */ { file, name }) {
  return `\`${file}\`: ${cell(name.replaceAll(/[`*_<>[\]]/g, (sign) => `\\${sign}`))}`;
}

/** A bar ends no cell. */
export function cell(text) {
  return text.replaceAll("|", "\\|");
}
