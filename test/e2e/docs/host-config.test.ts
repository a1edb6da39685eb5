import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { FIXED_KEYS, HOOK_KEYS } from "../../../packages/host/src/loading/host-config/tables.js";
import { repo } from "../../helpers/paths.js";
import { verifies } from "../../requirements/verifies.js";
import { expectToHold, PATIENCE_MS } from "./page.js";

it(
  verifies("HOSTCONF-022") + "every command of docs/host-config.md does what the page says",
  () => expectToHold("docs/host-config.md"),
  PATIENCE_MS,
);

it(
  verifies("HOSTCONF-022") + "the page names every key but those of the limits, which it tells how to spell",
  () => {
    const page = readFileSync(repo("docs/host-config.md"), "utf8");
    const keys = [
      ...FIXED_KEYS.filter(({ table }) => table !== "limits").map(({ path }) => path[1]),
      ...HOOK_KEYS.map(({ key }) => key),
    ];
    expect(keys.filter((key) => !page.includes(`\`${key}\``))).toEqual([]);
  },
);
