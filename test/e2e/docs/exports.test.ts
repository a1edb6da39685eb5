import { existsSync, readdirSync, readFileSync } from "node:fs";
import * as builtins from "@synaps/builtins";
import * as host from "@synaps/host";
import * as tooling from "@synaps/host/tooling";
import * as metrics from "@synaps/metrics";
import * as sdk from "@synaps/sdk";
import * as catalogs from "@synaps/sdk/catalogs";
import * as manifest from "@synaps/sdk/manifest";
import * as protocol from "@synaps/sdk/protocol";
import * as testing from "@synaps/sdk/testing";
import * as service from "@synaps/service";
import * as serviceAgents from "@synaps/service/agents";
import * as serviceServer from "@synaps/service/server";
import * as serviceWiring from "@synaps/service/wiring";
import * as values from "@synaps/sdk/values";
import { expect, it } from "vitest";
import { declarationsOf, entriesOf } from "../../helpers/declarations.js";
import { repo } from "../../helpers/paths.js";

/** Values of each entry, from the sources. */
const VALUES: Readonly<Record<string, object>> = {
  "@synaps/builtins": builtins,
  "@synaps/host": host,
  "@synaps/host/tooling": tooling,
  "@synaps/metrics": metrics,
  "@synaps/sdk": sdk,
  "@synaps/sdk/catalogs": catalogs,
  "@synaps/sdk/manifest": manifest,
  "@synaps/sdk/protocol": protocol,
  "@synaps/sdk/testing": testing,
  "@synaps/sdk/values": values,
  "@synaps/service": service,
  "@synaps/service/agents": serviceAgents,
  "@synaps/service/server": serviceServer,
  "@synaps/service/wiring": serviceWiring,
};

const pages = ["README.md", ...readdirSync(repo("docs")).map((name) => `docs/${name}`)].filter((path) =>
  path.endsWith(".md"),
);

interface Named {
  page: string;
  name: string;
  entry: string;
  isType: boolean;
}

const IMPORT = /import (type )?\{([^}]*)\} from "(@synaps\/[\w/]+)"/g;
const OF = /`(\w+)(?:\([^`]*\))?` (?:of|from|in) `(@synaps\/[\w/]+)`/g;
/** A list of functions, each with what it does, up to the end of the paragraph. */
const HAS = /`(@synaps\/[\w/]+)` has plain functions ([^]*?)\n\n/g;

/** Everything that the pages say a package has. */
function namedIn(page: string): Named[] {
  const text = readFileSync(repo(page), "utf8");
  const imported = [...text.matchAll(IMPORT)].flatMap(([, type, list = "", entry = ""]) =>
    list
      .split(",")
      .map((one) => one.trim())
      .filter(Boolean)
      .map((one) => ({
        page,
        entry,
        name: one.replace(/^type /, "").split(" as ")[0] ?? "",
        isType: type !== undefined || one.startsWith("type "),
      })),
  );
  const told = [...text.matchAll(OF)].map(([, name = "", entry = ""]) => ({
    page,
    name,
    entry,
    isType: false,
  }));
  const listed = [...text.matchAll(HAS)].flatMap(([, entry = "", list = ""]) =>
    [...list.matchAll(/`(\w+)`(?=\s\(|, and)/g)].map(([, name = ""]) => ({
      page,
      name,
      entry,
      isType: false,
    })),
  );
  return [...imported, ...told, ...listed];
}

it("defect 11: whatever the pages say a package has is exported by its sources and by its build", () => {
  const named = pages.flatMap(namedIn);
  const names = new Set(named.map(({ name }) => name));
  for (const one of ["createHost", "defineCatalog", "composite", "firstMatch", "timed", "partsOf", "events"])
    expect(names).toContain(one);
  const built = new Map(
    ["builtins", "host", "metrics", "sdk", "service"]
      .flatMap((name) => entriesOf(name))
      .map(([entry, file]) => [entry, new Set(declarationsOf(file).map(({ name }) => name))]),
  );
  const missing = named.filter(
    ({ entry, name, isType }) =>
      !built.get(entry)?.has(name) || (!isType && !Object.hasOwn(VALUES[entry] ?? {}, name)),
  );
  expect(missing).toEqual([]);
});

it("defect 11: extensions that the pages name come along", () => {
  const text = pages.map((page) => readFileSync(repo(page), "utf8")).join("\n");
  const named = [
    ...[...text.matchAll(/\]\((?:\.\.\/)?extensions\/([\w-]+)/g)].map(([, name = ""]) => name),
    ...[...text.matchAll(/synaps-ext install ([a-z][\w-]*)(?![\w/-])/g)].map(([, name = ""]) => name),
  ];
  expect(new Set(named).size).toBeGreaterThanOrEqual(4);
  expect([...new Set(named)].filter((name) => !existsSync(repo(`extensions/${name}`)))).toEqual([]);
});
