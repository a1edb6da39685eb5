import { it } from "vitest";
import { verifies } from "../../requirements/verifies.js";
import { expectToHold, PATIENCE_MS } from "./page.js";

it(
  verifies("DOC-015") + "every command of the README does what the page says, in its order",
  () => expectToHold("README.md"),
  PATIENCE_MS,
);
