// An esbuild plugin: what our packages import from an entry of one another, the bundler reads from the file that has it.
// Where code is split, esbuild puts all that an entry names into one chunk, which every command would read whole.
import { readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

const NAMED_IMPORT = /^import \{([^}]*)\} from "(@synaps\/[\w/-]+)";$/gm;
const NAMED_EXPORT = /^export \{([^}]*)\} from "(\.[^"]*)";$/gm;

/**
 * `entries` gets the paths of the entries that were looked into, below the workspace: they decide about the bundle too.
 * @param {string} workspace
 * @param {Set<string>} entries
 * @returns {import("esbuild").Plugin}
 */
export function directImports(workspace, entries) {
  /** @type {Map<string, Map<string, { file: string; name: string }>>} */
  const known = new Map();
  /** @param {string} specifier */
  const exportsOf = (specifier) => {
    const path = entryPath(workspace, specifier);
    entries.add(relative(workspace, path).replaceAll("\\", "/"));
    const names = known.get(path) ?? exportedNames(path);
    known.set(path, names);
    return names;
  };
  return {
    name: "direct-imports",
    setup(build) {
      build.onLoad({ filter: /[\\/]packages[\\/]\w+[\\/]dist[\\/].*\.js$/ }, ({ path }) => {
        const contents = readFileSync(path, "utf8").replace(NAMED_IMPORT, (_, list, specifier) => {
          const names = exportsOf(specifier);
          return pairs(list)
            .map(([name, as]) => {
              const { file, name: there } = names.get(name) ?? { file: specifier, name };
              return `import { ${there} as ${as} } from ${JSON.stringify(file)};`;
            })
            .join(" ");
        });
        return { contents, loader: "js" };
      });
    },
  };
}

/**
 * The built file behind an entry of one of our packages.
 * @param {string} workspace
 * @param {string} specifier
 */
function entryPath(workspace, specifier) {
  const [, name = "", ...entry] = specifier.split("/");
  const folder = join(workspace, "packages", name);
  const { exports } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  return join(folder, exports[["."].concat(entry).join("/")].default);
}

/**
 * What an entry passes on: the name outside, then the file and the name there.
 * @param {string} path
 */
function exportedNames(path) {
  const names = new Map();
  for (const [, list = "", from = ""] of readFileSync(path, "utf8").matchAll(NAMED_EXPORT)) {
    for (const [name, as] of pairs(list)) names.set(as, { file: join(dirname(path), from), name });
  }
  return names;
}

/**
 * Name and new name of each part of `a, b as c`.
 * @param {string} list
 */
function pairs(list) {
  const parts = list.split(",").filter((part) => part.trim() !== "");
  return parts.map((part) => {
    const [name = "", as = name] = part.trim().split(" as ");
    return [name, as];
  });
}
