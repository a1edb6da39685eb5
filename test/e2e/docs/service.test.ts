import { spawnSync } from "node:child_process";
import { it } from "vitest";
import { expectToHold, PATIENCE_MS } from "./page.js";

const has = (command: string): boolean => spawnSync(command, ["--version"]).status === 0;

it.skipIf(!has("python3") || !has("curl"))(
  "every command of docs/service.md does what the page says (needs python3 and curl)",
  () => expectToHold("docs/service.md"),
  PATIENCE_MS,
);
