// The licences of packages that a bundle holds: they ask to be named wherever their code goes.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * Name, version and licence text of every package of others among the inputs of a bundle; empty when there is none.
 * @param {string} workspace
 * @param {string[]} inputs paths below the workspace
 * @returns {string}
 */
export function thirdPartyNotices(workspace, inputs) {
  const folders = new Set(
    inputs.filter((path) => path.includes("node_modules/")).map((path) => packageFolder(workspace, path)),
  );
  return [...folders]
    .map((folder) => notice(folder))
    .sort()
    .join("\n");
}

/**
 * The nearest folder above a file whose package.json has a name: packages hold further ones without.
 * @param {string} workspace
 * @param {string} path
 * @returns {string}
 */
function packageFolder(workspace, path) {
  let folder = dirname(join(workspace, path));
  while (!isNamed(join(folder, "package.json"))) folder = dirname(folder);
  return folder;
}

/** @param {string} file */
function isNamed(file) {
  return existsSync(file) && JSON.parse(readFileSync(file, "utf8")).name !== undefined;
}

/** @param {string} folder */
function notice(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one));
  const text = file === undefined ? `Licence: ${license}` : readFileSync(join(folder, file), "utf8").trim();
  return `${name} ${version}\n\n${text}\n`;
}
