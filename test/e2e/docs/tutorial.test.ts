import { spawnSync } from "node:child_process";
import { it } from "vitest";
import { verifies } from "../../requirements/verifies.js";
import { expectToHold, PATIENCE_MS } from "./page.js";

it.skipIf(spawnSync("python3", ["--version"]).status !== 0)(
  verifies("DOC-010") + "the tutorial works as it stands, in JavaScript and in Python (needs python3)",
  () => expectToHold("docs/tutorial.md"),
  PATIENCE_MS,
);
