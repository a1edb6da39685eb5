import { spawnSync } from "node:child_process";
import { it } from "vitest";
import { verifies } from "../../requirements/verifies.js";
import { expectToHold, PATIENCE_MS } from "./page.js";

it.skipIf(spawnSync("python3", ["--version"]).status !== 0)(
  verifies("AUTH-016") +
    "every command of docs/authors.md does what the page says, for a new author (needs python3)",
  () => expectToHold("docs/authors.md"),
  PATIENCE_MS,
);
