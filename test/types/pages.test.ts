import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { repo } from "../helpers/paths.js";
import { verifies } from "../requirements/verifies.js";
import { compile } from "./compile.js";

const PAGES = [
  "README.md",
  ...["sdk", "audit", "builtins", "host", "metrics", "cli"].map((name) => `packages/${name}/README.md`),
  ...readdirSync(repo("docs")).map((name) => `docs/${name}`),
].filter((page) => page.endsWith(".md"));

/** The snippets of a page as programs, each named after the page and its line. */
function snippetsOf(page: string): [string, string][] {
  const text = readFileSync(repo(page), "utf8");
  return [...text.matchAll(/^```(js|ts)\n([\s\S]*?)^```$/gm)].map((found) => {
    const [, language = "", code = ""] = found;
    const line = text.slice(0, found.index).split("\n").length;
    return [`${page.replace(/\W/g, "-")}-${line}.m${language}`, code];
  });
}

it(verifies("AUTH-017", "DOC-014") + "every snippet compiles under strict, as it stands", async () => {
  const programs = PAGES.flatMap(snippetsOf);
  expect(programs.length).toBeGreaterThanOrEqual(16);
  const findings = await compile(Object.fromEntries(programs));
  expect(Object.fromEntries(Object.entries(findings).filter(([, found]) => found.length > 0))).toEqual({});
});
