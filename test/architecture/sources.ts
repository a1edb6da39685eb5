import { readdirSync, readFileSync, statSync } from "node:fs";
import { posix } from "node:path";
import { repo } from "../helpers/paths.js";

export interface Import {
  from: string;
  /** Erased by the compiler, so that it binds nothing at run time. */
  typeOnly: boolean;
}

export interface Source {
  /** Path from the root of the repository, with slashes. */
  path: string;
  lines: number;
  /** The text without comments. */
  code: string;
  imports: Import[];
}

const SKIPPED = new Set(["node_modules", "dist", "data", "corpus", "coverage"]);
const COMMENT = /\/\*[\s\S]*?\*\/|(?<=^|[\s;{}(),])\/\/.*$/gm;
const STATEMENT = /^\s*(?:import|export)\s+(type\s+)?(?:[^;"']*?\sfrom\s+)?["']([^"'\n]+)["']/gm;
const DYNAMIC = /\bimport\(\s*["']([^"'\n]+)["']/g;

/** All `.ts` files (or those with another ending) below folders of the repository; folders that do not exist are empty. */
export function sourcesIn(folders: readonly string[], ending = ".ts"): Source[] {
  return folders.flatMap((folder) => filesBelow(folder, ending)).map(read);
}

/** Names of the folders directly below one. */
export function foldersIn(folder: string): string[] {
  return readdirSync(repo(folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !SKIPPED.has(entry.name))
    .map((entry) => entry.name);
}

/** The file of the repository that a relative import means; undefined for packages and built-ins. */
export function resolveImport(source: Source, { from }: Import): string | undefined {
  if (!from.startsWith(".")) return undefined;
  return posix.join(posix.dirname(source.path), from).replace(/\.js$/, ".ts");
}

function filesBelow(folder: string, ending: string): string[] {
  if (!statSync(repo(folder), { throwIfNoEntry: false })) return [];
  return readdirSync(repo(folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return SKIPPED.has(entry.name) ? [] : filesBelow(path, ending);
    return entry.name.endsWith(ending) && !entry.name.endsWith(".d.ts") ? [path] : [];
  });
}

function read(path: string): Source {
  const text = readFileSync(repo(path), "utf8");
  const code = text.replaceAll(COMMENT, "");
  const statements = [...code.matchAll(STATEMENT)].map(([, type, from]): Import => {
    return { from: from ?? "", typeOnly: type !== undefined };
  });
  const dynamic = [...code.matchAll(DYNAMIC)].map(([, from]): Import => ({
    from: from ?? "",
    typeOnly: false,
  }));
  return { path, lines: text.split("\n").length - 1, code, imports: [...statements, ...dynamic] };
}
