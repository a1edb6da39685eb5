import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Files that take a minute and more, mostly to wait for processes: begun last, they would keep everybody waiting. */
const LONG = [
  "test/properties/guards.test.ts",
  "test/e2e/reaper/soaks.test.ts",
  "test/chaos/chaos.test.ts",
  "test/e2e/authors/authors.test.ts",
  "test/e2e/faults/table.test.ts",
  "test/e2e/reaper/kill-host.test.ts",
  "test/properties/chains.test.ts",
];

/** Begins the long files first and leaves the order of the others as it is. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification): number => {
      const at = LONG.findIndex((path) => moduleId.endsWith(path));
      return at === -1 ? LONG.length : at;
    };
    return (await super.sort(files)).sort((a, b) => place(a) - place(b));
  }
}
