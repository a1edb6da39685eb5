import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { repo } from "../helpers/paths.js";
import { foldersIn } from "./sources.js";

interface PackageJson {
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  exports: Record<string, { default: string }>;
}

const read = (path: string): string => readFileSync(repo(path), "utf8");
const packageJson = (path: string): PackageJson => JSON.parse(read(path)) as PackageJson;

const MANIFESTS = [
  "package.json",
  ...["packages", "examples", "extensions"].flatMap((folder) =>
    foldersIn(folder)
      .map((name) => `${folder}/${name}`)
      .filter((path) => readdirSync(repo(path)).includes("package.json"))
      .map((path) => `${path}/package.json`),
  ),
];

describe("dependencies", () => {
  it("have a row in docs/dependencies.md each, and there is no row too many", () => {
    const named = MANIFESTS.map(packageJson)
      .flatMap(({ dependencies, devDependencies }) => Object.keys({ ...dependencies, ...devDependencies }))
      .filter((name) => !name.startsWith("@synaps/"));
    const firstCells = [...read("docs/dependencies.md").matchAll(/^\|([^|]*)\|/gm)].map(([, cell]) => cell);
    const rows = [...firstCells.join().matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name);
    expect(rows.filter((name) => !name.startsWith("@synaps/")).sort()).toEqual([...new Set(named)].sort());
  });

  it("are what the design says, for what users install", () => {
    const of = (name: string): string[] =>
      Object.keys(packageJson(`packages/${name}/package.json`).dependencies ?? {});
    expect(of("sdk")).toEqual(["zod"]);
    expect(of("audit")).toEqual(["@synaps/sdk"]);
    expect(of("builtins")).toEqual(["@synaps/sdk"]);
    expect(of("host")).toEqual([
      "@synaps/audit",
      "@synaps/builtins",
      "@synaps/sdk",
      "execa",
      "lru-cache",
      "p-timeout",
      "semver",
      "smol-toml",
      "vscode-jsonrpc",
      "zod",
    ]);
    expect(of("metrics")).toEqual(["@synaps/host", "prom-client"]);
  });

  it("have exact versions, or come from this repository", () => {
    const loose = MANIFESTS.flatMap((path) => {
      const { dependencies, devDependencies } = packageJson(path);
      return (
        Object.entries({ ...dependencies, ...devDependencies })
          // The types of the oldest Node that is supported: any release of that line will do.
          .filter(
            ([name, version]) => name !== "@types/node" && !/^(\d+\.\d+\.\d+|workspace:\*)$/.test(version),
          )
          .map(([name, version]) => `${path}: ${name}@${version}`)
      );
    });
    expect(loose).toEqual([]);
  });

  it("come from the registry that the user has set: the lockfile names no address", () => {
    expect(read("pnpm-lock.yaml")).not.toContain("://");
  });
});

/** Everything that is not a file of the same package, over all built files that an entry loads. */
function pulledIn(entry: string): string[] {
  const seen = new Set<string>();
  const outside = new Set<string>();
  const visit = (path: string): void => {
    if (seen.has(path)) return;
    seen.add(path);
    for (const [, from = ""] of read(path).matchAll(/(?:\bfrom|^import|\bimport\()\s*["']([^"'\n]+)["']/gm)) {
      if (from.startsWith(".")) visit(join(dirname(path), from));
      else outside.add(from);
    }
  };
  visit(join("packages/sdk", entry));
  return [...outside].sort();
}

describe("the built entries of the SDK", () => {
  const { exports } = packageJson("packages/sdk/package.json");
  const entry = (name: string): string => exports[name]?.default ?? "";

  it.each([".", "./guard", "./protocol", "./framing", "./values"])(
    "%s loads nothing but its own files and built-ins",
    (name) => {
      expect(pulledIn(entry(name)).filter((from) => !from.startsWith("node:"))).toEqual([]);
    },
  );

  it.each(["./protocol", "./catalogs"])("%s is plain data: not even built-ins", (name) => {
    expect(pulledIn(entry(name))).toEqual([]);
  });

  it("the others load the SDK's own dependencies and no more", () => {
    for (const name of ["./manifest", "./testing"]) {
      const packages = pulledIn(entry(name)).filter((from) => !from.startsWith("node:"));
      expect(["zod"], name).toEqual(expect.arrayContaining(packages));
    }
    expect(pulledIn(entry("./manifest"))).toContain("zod");
  });
});
