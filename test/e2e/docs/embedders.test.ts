import { it } from "vitest";
import { verifies } from "../../requirements/verifies.js";
import { expectToHold, PATIENCE_MS } from "./page.js";

it(
  verifies("DOC-016") + "every command of docs/embedders.md does what the page says, for a new embedder",
  () => expectToHold("docs/embedders.md"),
  PATIENCE_MS,
);
