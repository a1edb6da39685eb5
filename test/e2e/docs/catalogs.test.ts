import { it } from "vitest";
import { verifies } from "../../requirements/verifies.js";
import { expectToHold, PATIENCE_MS } from "./page.js";

it(
  verifies("CATALOG-006") + "every command of docs/catalogs.md does what the page says",
  () => expectToHold("docs/catalogs.md"),
  PATIENCE_MS,
);
