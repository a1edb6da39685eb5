import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { repo } from "../helpers/paths.js";
import { tempDir } from "../helpers/temp.js";
import { verifies } from "../requirements/verifies.js";

interface PackageJson {
  name: string;
  exports: Record<string, { types: string } | string>;
}

interface Declaration {
  name: string;
  hasDocstring: boolean;
}

const LIST = /^export (?:type )?\{([^}]*)\}(?: from "([^"]+)")?;/gm;
const OWN = /^export (?:declare )?(?:abstract )?(?:function|interface|type|const|class|enum) (\w+)/gm;

/** The built declarations of each entry of a package, by the entry's name. */
function entriesOf(folder: string): [entry: string, file: string][] {
  const { name, exports } = JSON.parse(
    readFileSync(repo(`packages/${folder}/package.json`), "utf8"),
  ) as PackageJson;
  return Object.entries(exports).flatMap(([entry, target]): [string, string][] =>
    typeof target === "string" ? [] : [[name + entry.slice(1), repo(`packages/${folder}/${target.types}`)]],
  );
}

/** What a file of declarations exports: its own declarations, and those that it hands on from other files. */
function declarationsOf(file: string): Declaration[] {
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

const entries = [...entriesOf("host"), ...entriesOf("sdk")];

describe(verifies("DOC-030") + "the docstrings of exports", () => {
  it.each(entries)("%s: each export has one", (_, file) => {
    const bare = declarationsOf(file).filter(({ hasDocstring }) => !hasDocstring);
    expect(bare.map(({ name }) => name)).toEqual([]);
  });

  it("are looked for in all entries, and there are hundreds", () => {
    expect(entries.map(([name]) => name)).toEqual([
      "@synaps/host",
      "@synaps/host/tooling",
      "@synaps/sdk",
      "@synaps/sdk/guard",
      "@synaps/sdk/protocol",
      "@synaps/sdk/framing",
      "@synaps/sdk/manifest",
      "@synaps/sdk/catalogs",
      "@synaps/sdk/testing",
    ]);
    expect(entries.flatMap(([, file]) => declarationsOf(file)).length).toBeGreaterThan(300);
  });

  it("are missed where there are none, in the file itself and behind another name", () => {
    const folder = tempDir();
    writeFileSync(
      join(folder, "index.d.ts"),
      '/** An entry. */\n\nexport { a as b, type C } from "./far.js";\nexport declare const d: 1;\n',
    );
    writeFileSync(
      join(folder, "far.d.ts"),
      "/** Of something else. */\ninterface Inner {\n    a: 1;\n}\nexport declare function a(): void;\n/** Has one. */\nexport interface C extends Inner {\n}\nexport {};\n",
    );
    const found = declarationsOf(join(folder, "index.d.ts"));
    expect(found.map(({ name, hasDocstring }) => [name, hasDocstring])).toEqual([
      ["d", false],
      ["b", false],
      ["C", true],
    ]);
  });
});
