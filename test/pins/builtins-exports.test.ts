import * as builtins from "@synaps/builtins";
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { repo } from "../helpers/paths.js";

it("the entry of the built-in hooks exports what importers rely on, and no other entry exists", () => {
  expect(Object.keys(builtins).sort()).toEqual([
    "RATE_PRESETS",
    "TokenBuckets",
    "allowList",
    "debugRing",
    "logging",
    "msToFill",
    "rateLimit",
    "rateOf",
  ]);
  const { exports } = JSON.parse(readFileSync(repo("packages/builtins/package.json"), "utf8")) as {
    exports: object;
  };
  expect(Object.keys(exports)).toEqual([".", "./package.json"]);
});
