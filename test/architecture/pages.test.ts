import { existsSync, readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { repo } from "../helpers/paths.js";

const PAGES = ["README.md", ...readdirSync(repo("docs")).map((name) => `docs/${name}`)].filter((page) =>
  page.endsWith(".md"),
);
/** A source or a folder of sources as a page names it: from the root of the workspace, or within the host's sources. */
const PATH = /`((?:[\w.-]+\/)+[\w.-]*(?:\.(?:ts|mjs|json))?)`/g;
const HOST = "packages/host/src";

it("pages name sources and folders that exist", () => {
  const tops = new Set([...readdirSync(repo(".")), ...readdirSync(repo(HOST))]);
  // Written by scripts, and not there in a fresh clone.
  tops.delete("reports");
  const gone = PAGES.flatMap((page) =>
    [...readFileSync(repo(page), "utf8").matchAll(PATH)]
      .map(([, path = ""]) => path)
      .filter((path) => tops.has(path.split("/")[0] ?? ""))
      .filter((path) => !existsSync(repo(path)) && !existsSync(repo(`${HOST}/${path}`)))
      .map((path) => `${page}: ${path}`),
  );
  expect(gone).toEqual([]);
});
