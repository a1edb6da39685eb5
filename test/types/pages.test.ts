import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { repo } from "../helpers/paths.js";
import { verifies } from "../requirements/verifies.js";
import { compile } from "./compile.js";

/** Pages whose snippets are whole modules. */
const PAGES = ["docs/authors.md"];

it(verifies("AUTH-017") + "every snippet in JavaScript or TypeScript compiles under strict", async () => {
  const programs = PAGES.flatMap((page) => {
    const text = readFileSync(repo(page), "utf8");
    return [...text.matchAll(/^```(js|ts)\n([\s\S]*?)^```$/gm)].map(
      ({ index, 1: language, 2: code = "" }) => {
        const line = text.slice(0, index).split("\n").length;
        return [`${page.replace(/\W/g, "-")}-${line}.m${language}`, code] as const;
      },
    );
  });
  expect(programs.length).toBeGreaterThanOrEqual(3);
  const findings = await compile(Object.fromEntries(programs));
  expect(Object.fromEntries(Object.entries(findings).filter(([, found]) => found.length > 0))).toEqual({});
});
