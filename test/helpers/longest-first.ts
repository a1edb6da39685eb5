import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Files that take long, mostly to wait for processes: begun last, they would keep everybody waiting. */
const LONG = [
  "test/e2e/reaper/soaks.test.ts",
  "test/e2e/faults/table.test.ts",
  "test/properties/guards.test.ts",
  "test/e2e/authors/authors.test.ts",
  "test/e2e/streams/books.test.ts",
  "test/seeds/rows.test.ts",
  "test/e2e/reaper/kill-host.test.ts",
  "test/properties/chains.test.ts",
  "test/chaos/chaos.test.ts",
  "test/e2e/agent-loop/agent-loop.test.ts",
  "test/e2e/audit/kill.test.ts",
  "test/e2e/docs/docs.test.ts",
  "test/e2e/docs/authors.test.ts",
  "test/e2e/docs/users.test.ts",
  "test/e2e/docs/tutorial.test.ts",
  "test/e2e/docs/readme.test.ts",
  "test/packages/readmes.test.ts",
  "test/e2e/docs/embedders.test.ts",
  "test/e2e/docs/audit.test.ts",
  "test/e2e/docs/catalogs.test.ts",
  "test/e2e/docs/packed.test.ts",
];

/**
 * Begins the long files of each project first and leaves the order of the others as it is. Files that share a process
 * stay together: the process ends as soon as the next file needs one of its own.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId, project }: TestSpecification): number => {
      const at = LONG.findIndex((path) => moduleId.endsWith(path));
      return (project.config.isolate ? 0 : LONG.length + 1) + (at === -1 ? LONG.length : at);
    };
    return (await super.sort(files)).sort((a, b) => place(a) - place(b));
  }
}
