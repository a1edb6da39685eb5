import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { repo } from "./paths.js";

interface PackageJson {
  name: string;
  exports: Record<string, { types: string } | string>;
}

/** A name that a file of declarations exports. */
export interface Declaration {
  name: string;
  hasDocstring: boolean;
}

const LIST = /^export (?:type )?\{([^}]*)\}(?: from "([^"]+)")?;/gm;
const OWN = /^export (?:declare )?(?:abstract )?(?:function|interface|type|const|class|enum) (\w+)/gm;

/** The built declarations of each entry of a package, by the entry's name. */
export function entriesOf(folder: string): [entry: string, file: string][] {
  const { name, exports } = JSON.parse(
    readFileSync(repo(`packages/${folder}/package.json`), "utf8"),
  ) as PackageJson;
  return Object.entries(exports).flatMap(([entry, target]): [string, string][] =>
    typeof target === "string" ? [] : [[name + entry.slice(1), repo(`packages/${folder}/${target.types}`)]],
  );
}

/** What a file of declarations exports: its own declarations, and those that it hands on from other files. */
export function declarationsOf(file: string): Declaration[] {
  const text = readFileSync(file, "utf8");
  const own = [...text.matchAll(OWN)].map(([, name = ""]) => find(file, name));
  const listed = [...text.matchAll(LIST)].flatMap(([, list = "", from]) =>
    list
      .split(",")
      .map((one) => one.trim().replace(/^type /, ""))
      .filter(Boolean)
      .map((one) => {
        const [name = "", as = name] = one.split(" as ");
        return { ...find(from === undefined ? file : resolved(file, from), name), name: as };
      }),
  );
  return [...own, ...listed];
}

function find(file: string, name: string): Declaration {
  const text = readFileSync(file, "utf8");
  const declared = new RegExp(
    `^(?:export )?(?:declare )?(?:abstract )?(?:function|interface|type|const|class|enum) ${name}\\b`,
    "m",
  ).exec(text);
  if (declared) return { name, hasDocstring: /\*\/\s*$/.test(text.slice(0, declared.index)) };
  const further = declarationsOf(file).find((one) => one.name === name);
  if (!further) throw new Error(`${file} exports no ${name}`);
  return further;
}

function resolved(file: string, from: string): string {
  return join(dirname(file), from.replace(/\.js$/, ".d.ts"));
}
