import { it } from "vitest";
import { expectToHold, PATIENCE_MS } from "./page.js";

it(
  "every command of docs/agents.md does what the page says",
  () => expectToHold("docs/agents.md"),
  PATIENCE_MS,
);
