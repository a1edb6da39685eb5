import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, expect, it } from "vitest";
import { repo } from "../helpers/paths.js";
import { verifies } from "../requirements/verifies.js";
import { installed, node, packageJson, PACKAGES } from "./installed.js";

const { root, files } = await installed();
const at = (name: string): string => join(root, "node_modules", "@synaps", name);

/** Folders of a library beside its sources and what they become: a client for other languages, plugins of agents. */
const BESIDE: Readonly<Record<string, readonly string[]>> = { service: ["clients/", "plugins/"] };
/** Files in other languages and forms. */
const OTHERS: Readonly<Record<string, readonly string[]>> = {
  cli: ["bundle/THIRD-PARTY.txt"],
  service: ["clients/python/synaps_service.py"],
};

describe.each(PACKAGES)("the package of %s, as it is packed", (name) => {
  it("holds a readme, the built files, and nothing else", () => {
    const kinds = new Set(files[name].map((path) => path.replace(/\/.*/, "/")));
    // The command is one bundle, with everything that it needs; libraries come with their sources.
    const built =
      name === "cli" ? ["bin/", "bundle/", "extensions/"] : ["dist/", "src/", ...(BESIDE[name] ?? [])];
    expect([...kinds].sort()).toEqual(["LICENSE", "README.md", ...built, "package.json"].sort());
    const own = files[name].filter((path) => !path.startsWith("extensions/") && path !== "LICENSE");
    expect(own.filter((path) => !/\.(md|json|js|ts|map)$/.test(path))).toEqual(OTHERS[name] ?? []);
    expect(files[name].filter((path) => /tsbuildinfo|\.test\./.test(path))).toEqual([]);
  });

  it.skipIf(name === "cli")(
    verifies("PKG-003") + "maps every built file to a source that is in the package",
    () => {
      const maps = files[name].filter((path) => /^dist\/.*\.map$/.test(path));
      expect(maps.length).toBeGreaterThan(20);
      const lost = maps.filter((path) => {
        const { sources } = JSON.parse(readFileSync(join(at(name), path), "utf8")) as { sources: string[] };
        const paths = sources.map((source) => join(at(name), dirname(path), source));
        return (
          paths.length === 0 ||
          !paths.every((one) => existsSync(one) && !relative(at(name), one).startsWith(".."))
        );
      });
      expect(lost).toEqual([]);
      const built = files[name].filter((path) => /^dist\/.*\.(js|d\.ts)$/.test(path));
      expect(built.filter((path) => !files[name].includes(`${path}.map`))).toEqual([]);
    },
  );

  it("says where in its repository it stands, and names no address that nobody knows", () => {
    expect(packageJson(root, name).repository).toEqual({ type: "git", directory: `packages/${name}` });
    expect(existsSync(repo(`packages/${name}/package.json`))).toBe(true);
  });

  it("lets programs read its package.json, and loads every entry by import and by require", () => {
    const { exports, name: full } = packageJson(root, name);
    const entries = Object.keys(exports).map((entry) => full + entry.slice(1));
    expect(entries).toContain(`${full}/package.json`);
    const code = entries.filter((entry) => !entry.endsWith(".json"));
    // A file carries the result: the guard of the SDK sends elsewhere what is printed.
    writeFileSync(
      join(root, "loads.cjs"),
      `const { version } = require("${full}/package.json");
       const loads = async (entry) => {
         const imported = Object.keys(await import(entry)).sort().join();
         // Newer Node adds a mark of its own to what it gives to require.
         const required = Object.keys(require(entry)).filter((key) => key !== "__esModule").sort().join();
         return [entry, imported === required];
       };
       Promise.all(${JSON.stringify(code)}.map(loads)).then((loaded) =>
         require("node:fs").writeFileSync("loads.json", JSON.stringify({ version, loaded })));`,
    );
    node(root, "loads.cjs");
    const { version } = JSON.parse(readFileSync(repo(`packages/${name}/package.json`), "utf8")) as {
      version: string;
    };
    expect(JSON.parse(readFileSync(join(root, "loads.json"), "utf8"))).toEqual({
      version,
      loaded: code.map((entry) => [entry, true]),
    });
  });
});

it("a stack leads to the sources", () => {
  writeFileSync(
    join(root, "fails.mjs"),
    `import { createHost } from "@synaps/host";
     try { createHost({ folders: 5 }); } catch (error) { console.log(error.stack); }`,
  );
  const frames =
    node(root, "--enable-source-maps", "fails.mjs").match(/[^\s(]*@synaps\/host\/[^\s)]*/g) ?? [];
  expect(frames.length).toBeGreaterThan(0);
  for (const frame of frames) {
    const path = decodeURI(frame.replace(/^file:\/\//, "").replace(/:\d+:\d+$/, ""));
    expect(path).toMatch(/\/src\/[\w/-]+\.ts$/);
  }
});

it("the readme of a package names entries that exist", () => {
  for (const name of PACKAGES) {
    const { exports, name: full } = packageJson(root, name);
    const known = Object.keys(exports).map((entry) => full + entry.slice(1));
    const named =
      readFileSync(join(at(name), "README.md"), "utf8").match(new RegExp(`${full}(/[a-z]+)?`, "g")) ?? [];
    expect(named.filter((entry) => entry !== full && !known.includes(entry))).toEqual([]);
    expect(readdirSync(at(name))).toContain("README.md");
  }
});
