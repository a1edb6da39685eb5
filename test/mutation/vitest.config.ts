import { readFileSync } from "node:fs";
import { mergeConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";
import base from "../../vitest.config.ts";

interface Room {
  /** Folders and files of tests, in the order in which a mutant meets them. */
  tests: string[];
  testTimeoutMs: number;
}

const rooms = JSON.parse(readFileSync(new URL("rooms.json", import.meta.url), "utf8")) as Record<
  string,
  Room
>;
const room = rooms[process.env["SYNAPS_MUTATION_ROOM"] ?? ""];
if (!room) throw new Error("SYNAPS_MUTATION_ROOM names no room of test/mutation/rooms.json");
const { tests, testTimeoutMs } = room;

/** The first test that fails ends a mutant: the quick ones that look at the room itself come first. */
class NearFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification): number =>
      tests.findIndex((path) => moduleId.includes(`/${path}`));
    return (await super.sort(files)).sort((a, b) => place(a) - place(b));
  }
}

// The tests of one room: all that a mutant of it must not survive.
const config = mergeConfig(base, {});
export default {
  ...config,
  test: {
    ...config.test,
    include: tests.map((path) => (path.endsWith(".test.ts") ? path : `${path}/**/*.test.ts`)),
    globalSetup: [],
    sequence: { sequencer: NearFirst },
    testTimeout: testTimeoutMs,
    hookTimeout: testTimeoutMs,
  },
};
