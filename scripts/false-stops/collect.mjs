// Finds commands that people wrote for development in what is installed on this machine. It keeps nothing.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { forEachChild, parse } from "unbash";
import { parse as parseYaml } from "yaml";

/**
 * @typedef {object} Found
 * @property {string} command
 * @property {string} file
 * @property {string} source kind of file
 */

/** The project that all commands are judged in. */
export const PROJECT = "/home/me/app";
const UNFILLED = "\u0000";
const MOST_CONTEXT = 8_000;
const MOST_BYTES = 2_000_000;
const MOST_DEPTH = 12;
const SKIPPED = new Set([".git", "proc", "sys", ".pnpm-store", "man", "locale", "doc-base"]);
/** Programs of the system, and what the package manager or an administrator runs as root: nobody types it for development. */
const ADMINISTRATION =
  /^\/(?:var\/lib\/dpkg|usr\/lib\/dpkg|usr\/lib\/git-core|usr\/s?bin|s?bin|etc)\/|\/(?:pre|post)(?:inst|rm)(?:\.\w+)?$/;

/**
 * Every command in some folders, each once per file.
 * @param {readonly string[]} folders
 * @returns {Generator<Found>}
 */
export function* commandsIn(folders) {
  const seen = new Set();
  for (const folder of folders) {
    for (const file of filesIn(folder, 0, seen)) {
      const source = sourceOf(file);
      if (source === undefined) continue;
      for (const command of readCommands(file, source)) yield { command, file, source };
    }
  }
}

/**
 * @param {string} folder
 * @param {number} depth
 * @param {Set<string>} seen
 * @returns {Generator<string>}
 */
function* filesIn(folder, depth, seen) {
  if (depth > MOST_DEPTH) return;
  for (const entry of entriesOf(folder)) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!SKIPPED.has(entry.name)) yield* filesIn(path, depth + 1, seen);
    } else if (entry.isFile() && !ADMINISTRATION.test(path)) {
      const { dev, ino, size } = statSync(path);
      if (size === 0 || size > MOST_BYTES || seen.has(`${dev}:${ino}`)) continue;
      seen.add(`${dev}:${ino}`);
      yield path;
    }
  }
}

/** @param {string} folder */
function entriesOf(folder) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

/** @param {string} file */
function sourceOf(file) {
  const name = basename(file);
  if (name === "package.json") return "package.json";
  if (/^(?:GNU)?[Mm]akefile(?:\.\w+)?$|\.mk$/.test(name)) return "Makefile";
  if (/\/\.github\/(?:workflows|actions)\/.*\.ya?ml$/.test(file)) return "CI";
  if (
    /^\.(?:travis|gitlab-ci|appveyor|drone|cirrus)\.ya?ml$|^appveyor\.ya?ml$|\/\.circleci\/config\.yml$/.test(
      file,
    )
  )
    return "CI";
  if (/\.(?:sh|bash)$/.test(name)) return "shell script";
  if (/\.[A-Za-z0-9_]{1,8}$/.test(name)) return undefined;
  return startsAsShell(file) ? "shell script" : undefined;
}

/** @param {string} file */
const startsAsShell = (file) =>
  /^#! ?\/(?:usr\/)?bin\/(?:env )?(?:ba|da)?sh\b/.test(textOf(file).slice(0, 64));

/** @param {string} file */
function textOf(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

/**
 * @param {string} file
 * @param {string} source
 * @returns {string[]}
 */
function readCommands(file, source) {
  const text = textOf(file);
  try {
    if (source === "package.json") return scriptsOf(JSON.parse(text));
    if (source === "Makefile") return recipesOf(text);
    if (source === "CI") return stepsOf(parseYaml(text, { logLevel: "silent" })).flatMap(statementsOf);
    return statementsOf(text);
  } catch {
    return [];
  }
}

/** @param {{ scripts?: Record<string, unknown> }} manifest */
const scriptsOf = (manifest) =>
  Object.values(manifest.scripts ?? {}).flatMap((script) =>
    typeof script === "string" && script !== "" ? [script] : [],
  );

/**
 * What stands behind `run`, `script` and the like, however deep.
 * @param {unknown} node
 * @param {string} [key]
 * @returns {string[]}
 */
function stepsOf(node, key = "") {
  if (typeof node === "string") {
    const isStep = /^(?:run|script|install|command|commands|before_\w+|after_\w+|\w+_script)$/.test(key);
    return isStep ? [node.replace(/\$\{\{[^}]*\}\}/g, "${CI_VALUE}")] : [];
  }
  if (Array.isArray(node)) return node.flatMap((item) => stepsOf(item, key));
  if (typeof node !== "object" || node === null) return [];
  return Object.entries(node).flatMap(([name, value]) => stepsOf(value, name));
}

/**
 * Recipes of a Makefile as the shell gets them; variables of another file stay variables. One that needs functions of make is
 * no command yet, and left out.
 * @param {string} text
 */
function recipesOf(text) {
  const joined = text.replace(/\\\n[ \t]*/g, " ");
  const variables = new Map(
    [...joined.matchAll(/^(?:export[ \t]+)?([A-Za-z_][\w.-]*)[ \t]*[:?]?=[ \t]*([^\n#]*)/gm)].map((match) => [
      match[1],
      match[2].trim(),
    ]),
  );
  // The folder that a package was built in was its project then.
  for (const [name, value] of variables)
    if (/^abs_(?:top_)?(?:build|src)dir$/.test(name) && value.startsWith("/")) variables.set(name, PROJECT);
  variables.set("RM", "rm -f").set("MAKE", "make").set("SHELL", "/bin/sh");
  /** @type {(recipe: string, depth: number) => string} */
  const fill = (recipe, depth) =>
    recipe.replace(/\$\$|\$[({]([^(){}$\s]*)[)}]|\$([@<^*?%])/g, (whole, name, automatic) => {
      if (whole === "$$") return depth === 0 ? "\u0001" : "$$";
      if (automatic !== undefined) return "out/target";
      const value = variables.get(name);
      if (value !== undefined && depth < 6) return fill(value, depth + 1);
      return name !== "" && /^\w+$/.test(name) ? `\u0001{${name}}` : UNFILLED;
    });
  return joined
    .split("\n")
    .filter((line) => line.startsWith("\t"))
    .map((line) => fill(line.replace(/^\s*[-@+ ]*/, ""), 0))
    .filter(
      (line) => line !== "" && !line.startsWith("#") && !line.includes(UNFILLED) && !/\$\(\w+ /.test(line),
    )
    .map((line) => line.replaceAll("\u0001", "$"));
}

/**
 * The statements of a script one by one, each behind the variables that are set before it.
 * @param {string} text
 * @returns {string[]}
 */
function statementsOf(text) {
  const { commands, errors = [] } = parse(text);
  if (errors.length > 0) return [];
  const found = [];
  let before = "";
  for (const statement of commands) {
    const part = text.slice(statement.pos, statement.end);
    const isSetting = isAssignment(statement.command);
    if (!isSetting && part.trim() !== "") found.push(before + part);
    for (const assignment of assignmentsIn(statement)) {
      const line = `${text.slice(assignment.pos, assignment.end)}\n`;
      if (line.indexOf("\n") < line.length - 1) continue;
      if (before.length + line.length < MOST_CONTEXT) before += line;
    }
  }
  return found;
}

/** @param {import("unbash").SyntaxNode} node */
const isAssignment = (node) => node.type === "Command" && !node.name && node.prefix.length > 0;

/**
 * @param {import("unbash").SyntaxNode} node
 * @returns {import("unbash").SyntaxNode[]}
 */
function assignmentsIn(node) {
  if (isAssignment(node)) return [node];
  const found = [];
  forEachChild(node, (child) => {
    found.push(...assignmentsIn(child));
  });
  return found;
}
