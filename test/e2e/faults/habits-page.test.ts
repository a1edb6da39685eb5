import { readFileSync, writeFileSync } from "node:fs";
import { expect, it } from "vitest";
import { repo } from "../../helpers/paths.js";
import { habitsPage } from "./habits-page.js";
import { verifies } from "../../requirements/verifies.js";

/** With HABITS_PAGE=write the page is written instead of compared. */
it(verifies("FAIL-028") + "the page of bad habits is what the table of this folder says", async () => {
  const page = await habitsPage();
  if (process.env["HABITS_PAGE"] === "write") writeFileSync(repo("docs/habits.md"), page);
  expect(readFileSync(repo("docs/habits.md"), "utf8")).toBe(page);
});
