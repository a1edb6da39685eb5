import { describe, expect, it } from "vitest";
import { foldersIn, sourcesIn } from "./sources.js";

/** A file above it probably does more than one thing. About 250 lines are a smell; a split made only for a number is worse. */
const MOST_LINES = 300;
/** The same for tests, where there is much of the same. */
const MOST_TEST_LINES = 600;

/** Files that are one thing although they are long. Each with its reason. */
const TABLES: Readonly<Record<string, string>> = {
  "packages/host/src/delivery/delivery.ts": "the one state machine of everything that is handed to a process",
};

const sources = sourcesIn([
  ...foldersIn("packages").map((name) => `packages/${name}/src`),
  ...foldersIn("examples").map((name) => `examples/${name}/src`),
  ...foldersIn("extensions").flatMap((name) => [`extensions/${name}/src`, `extensions/${name}/test`]),
  "test",
]);

function isLong(path: string, lines: number): boolean {
  return lines > (path.startsWith("test/") || path.includes("/test/") ? MOST_TEST_LINES : MOST_LINES);
}

describe("the size of files", () => {
  it(`is at most ${MOST_LINES} lines, for tests ${MOST_TEST_LINES}`, () => {
    const long = sources.filter(({ path, lines }) => isLong(path, lines) && !Object.hasOwn(TABLES, path));
    expect(long.map(({ path, lines }) => `${path}: ${lines}`)).toEqual([]);
  });

  it("makes an exception only where one is needed", () => {
    const long = sources.filter(({ path, lines }) => isLong(path, lines)).map(({ path }) => path);
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
