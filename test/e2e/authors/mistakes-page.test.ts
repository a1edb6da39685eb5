import { readFileSync, writeFileSync } from "node:fs";
import { expect, it } from "vitest";
import { repo } from "../../helpers/paths.js";
import { mistakesPage } from "./mistakes-page.js";

/** With MISTAKES_PAGE=write the page is written instead of compared. */
it("the page of mistakes is what the golden files of this folder say", async () => {
  const page = await mistakesPage();
  if (process.env["MISTAKES_PAGE"] === "write") writeFileSync(repo("docs/mistakes.md"), page);
  expect(readFileSync(repo("docs/mistakes.md"), "utf8")).toBe(page);
});
