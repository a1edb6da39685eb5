import { it } from "vitest";
import { verifies } from "../../requirements/verifies.js";
import { expectToHold, PATIENCE_MS } from "./page.js";

it(
  verifies("DOC-002") + "every command of docs/users.md does what the page says, for a new user",
  () => expectToHold("docs/users.md"),
  PATIENCE_MS,
);
