import { describe, expect, it } from "vitest";
import { foldersIn, sourcesIn } from "./sources.js";

/** A file above it does more than one thing. */
const MOST_LINES = 250;

/** Tables, which are long because there is much of the same. Each with its reason. */
const TABLES: Readonly<Record<string, string>> = {
  "packages/cli/src/help.ts": "the texts of --help, an entry for each command",
};

const sources = sourcesIn([
  ...foldersIn("packages").map((name) => `packages/${name}/src`),
  ...foldersIn("examples").map((name) => `examples/${name}/src`),
  ...foldersIn("extensions").flatMap((name) => [`extensions/${name}/src`, `extensions/${name}/test`]),
  "test",
]);

describe("the size of files", () => {
  it(`is at most ${MOST_LINES} lines`, () => {
    const long = sources.filter(({ path, lines }) => lines > MOST_LINES && !Object.hasOwn(TABLES, path));
    expect(long.map(({ path, lines }) => `${path}: ${lines}`)).toEqual([]);
  });

  it("makes an exception only where one is needed", () => {
    const long = sources.filter(({ lines }) => lines > MOST_LINES).map(({ path }) => path);
    expect(Object.keys(TABLES).filter((path) => !long.includes(path))).toEqual([]);
  });

  it("is small as a rule: half of the source files of the packages have at most 120 lines", () => {
    const counts = sources
      .filter(({ path }) => path.startsWith("packages/"))
      .map(({ lines }) => lines)
      .sort((a, b) => a - b);
    expect(counts[Math.floor(counts.length / 2)]).toBeLessThanOrEqual(120);
  });
});
