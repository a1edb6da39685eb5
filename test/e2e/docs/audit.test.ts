import { it } from "vitest";
import { verifies } from "../../requirements/verifies.js";
import { expectToHold, PATIENCE_MS } from "./page.js";

it(
  verifies("AUDIT-007") + "every command of docs/audit.md does what the page says",
  () => expectToHold("docs/audit.md"),
  PATIENCE_MS,
);
