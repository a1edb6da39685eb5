import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { repo } from "../../helpers/paths.js";
import { verifies } from "../../requirements/verifies.js";
import { counted, goldenOf, isEarly, type Views } from "./golden.js";
import { ADDED, MISTAKES, type Mistake } from "./mistakes.js";
import { authorView, copyFixtures, embedderView, userView } from "./views.js";

const WRITTEN: readonly Mistake[] = [...MISTAKES, ...ADDED];
/** Newer versions of Node run TypeScript. */
const RUNS_TYPESCRIPT = "typescript" in process.features && Boolean(process.features.typescript);
const ALL = WRITTEN.filter(({ kind }) => kind !== "TypeScript on Node 20" || !RUNS_TYPESCRIPT);

/** Room for the start of some sixty broken extensions, three times at once, on a busy machine. */
const TIME_MS = 240_000;

let place: string;
let views: Views;
let exitCodes: (number | null)[];

beforeAll(async () => {
  place = mkdtempSync(join(tmpdir(), "synaps-authors-"));
  copyFixtures(place, ALL);
  const [user, author, embedder] = await Promise.all([
    userView(place, join(place, "user"), ALL),
    authorView(place, join(place, "author"), ALL),
    embedderView(place, join(place, "embedder"), ALL),
  ]);
  exitCodes = author.codes;
  views = { user, author: author.notes, embedder };
}, TIME_MS);

afterAll(() => rmSync(place, { recursive: true, force: true }));

describe("a broken extension", () => {
  it.each(ALL.map((mistake) => [mistake.id, mistake] as const))(
    verifies("MIST-001") + "%s: what, why, do and evidence are those of its golden file",
    async (id, mistake) => {
      const text = `${JSON.stringify(goldenOf(mistake, views), null, 2)}\n`;
      await expect(text).toMatchFileSnapshot(repo(`test/e2e/authors/golden/${id}.json`));
    },
  );

  it.each(ALL.map((mistake) => [mistake.id, mistake] as const))(
    verifies("MIST-001") + "%s: everybody is shown the evidence",
    (_, mistake) => {
      const { user, author, embedder } = goldenOf(mistake, views);
      for (const notes of [user, author, embedder])
        expect(notes.map(({ why, evidence }) => `${why} ${evidence}`).join("\n")).toContain(mistake.evidence);
    },
  );
});

it(
  verifies("MIST-001") + "whoever waits for a silent extension is told its name before it is given up",
  () => {
    const silent = ALL.filter(({ moment }) => moment === "silence").map(({ id }) => id);
    for (const view of [views.user, views.embedder])
      expect(silent.filter((id) => !view.get(id)?.some(isEarly))).toEqual([]);
  },
);

it(verifies("MIST-002") + "validate --start ends with 1 when it found an error", () => {
  expect(exitCodes).toEqual([1, 1]);
});

it(verifies("MIST-001") + "of all mistakes none is silent, and none lacks a part", () => {
  const table = counted(ALL, views);
  expect(table).toEqual(
    Object.fromEntries(
      ["user", "author", "embedder"].map((view) => [
        view,
        { what: ALL.length, why: ALL.length, do: ALL.length, evidence: ALL.length, silent: 0 },
      ]),
    ),
  );
  console.table(table);
});

it("each fixture is in the table, each kind has two, and each golden file belongs to a fixture", () => {
  const folders = readdirSync(repo("test/fixtures/authors")).filter((name) => name !== "kit");
  expect(folders.sort()).toEqual(WRITTEN.map(({ id }) => id).sort());
  const golden = readdirSync(repo("test/e2e/authors/golden")).map((name) => name.replace(/\.json$/, ""));
  expect(golden.sort()).toEqual(folders);
  const alone = WRITTEN.filter(({ kind }) => WRITTEN.filter((other) => other.kind === kind).length < 2);
  expect(alone).toEqual([]);
  expect(MISTAKES.length).toBeGreaterThanOrEqual(42);
});
