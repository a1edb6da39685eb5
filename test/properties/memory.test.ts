import fc from "fast-check";
import type { MemoryQuery, MemoryRecord } from "@synaps/sdk/protocol";
import { expect, it } from "vitest";
import { BLOCK_BYTES } from "../../packages/host/src/surfaces/memory/block.js";
import { lines, openStore, put } from "../host/surfaces/memory/support.js";
import { verifies } from "../requirements/verifies.js";

const WORDS = [
  "alpha",
  "Beta",
  "ΓΆΜΜΑ",
  "delta",
  "épsilon",
  "zeta!",
  "İota",
  'a"b',
  "x/y",
  "tab\there",
  "新しい",
  "ſs",
];

const text = fc.array(fc.constantFrom(...WORDS), { maxLength: 6 }).map((words) => words.join(" "));
const tag = fc
  .tuple(fc.constantFrom("p:", "k:", "長い:"), fc.constantFrom("one", "two", "three", ""))
  .map((two) => two.join(""));
const note = fc.record({
  timestamp_ms: fc.integer({ min: 0, max: 40 }),
  content: text,
  tags: fc.array(tag, { maxLength: 3 }),
});

/** Some lines are no records, and some are written as other programs would. */
const line = fc.oneof(
  { weight: 9, arbitrary: note.map((one) => JSON.stringify({ namespace: "notes", ...one })) },
  { weight: 2, arbitrary: note.map((one) => escaped(JSON.stringify({ ...one, namespace: "notes" }))) },
  { weight: 1, arbitrary: fc.constantFrom("", "{", "null", '{"namespace":"notes"}') },
);

const query = fc.record(
  {
    content_contains: fc.oneof(text, fc.constantFrom("a", "TA", "beta z", "ta d", "ς", "ί", "ss", '"', "い")),
    tag_prefix: fc.oneof(tag, fc.constantFrom("p", "", "k:t", "none")),
    since_ms: fc.integer({ min: 0, max: 40 }),
    until_ms: fc.integer({ min: 0, max: 40 }),
    limit: fc.integer({ min: 0, max: 20 }),
  },
  { requiredKeys: [] },
);

function escaped(json: string): string {
  return json.replace(
    /[^\u0020-\u007e]/g,
    (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

const folded = (content: string): string => content.toLowerCase().replaceAll("ς", "σ");

/** What the store must find: every line read, parsed and compared. */
function linear(
  file: string,
  { content_contains = "", tag_prefix, since_ms, until_ms, limit = 50 }: MemoryQuery,
): unknown[] {
  return file
    .split("\n")
    .flatMap((one, place) => {
      try {
        const value = JSON.parse(one) as MemoryRecord | null;
        return value?.content === undefined ? [] : [{ value, place }];
      } catch {
        return [];
      }
    })
    .filter(({ value }) => folded(value.content).includes(folded(content_contains)))
    .filter(({ value }) => tag_prefix === undefined || value.tags.some((own) => own.startsWith(tag_prefix)))
    .filter(({ value }) => value.timestamp_ms >= (since_ms ?? 0) && value.timestamp_ms <= (until_ms ?? 99))
    .sort((a, b) => b.value.timestamp_ms - a.value.timestamp_ms || b.place - a.place)
    .slice(0, limit)
    .map(({ value }) => value);
}

it(
  verifies("MEM-014") + "every query finds exactly what reading each line finds, while the file grows",
  async () => {
    const rounds = fc.array(fc.tuple(fc.array(line, { maxLength: 400 }), query), {
      minLength: 1,
      maxLength: 5,
    });
    await fc.assert(
      fc.asyncProperty(rounds, async (steps) => {
        const { store, path } = openStore();
        let file = "";
        for (const [more, wanted] of steps) {
          file += lines(...more);
          put(path, file);
          expect(await store.query(wanted)).toEqual(linear(file, wanted));
        }
        await store.close();
      }),
      { numRuns: 60 },
    );
  },
);

it(verifies("MEM-014") + "also over many blocks, in any order of time", async () => {
  const { store, path } = openStore();
  const [all] = fc.sample(fc.array(line, { minLength: 6_000, maxLength: 6_000, size: "max" }), {
    numRuns: 1,
    seed: 7,
  });
  const file = lines(...(all ?? []));
  put(path, file);
  expect(Buffer.byteLength(file)).toBeGreaterThan(8 * BLOCK_BYTES);
  for (const wanted of fc.sample(query, { numRuns: 150, seed: 11 })) {
    expect(await store.query(wanted), JSON.stringify(wanted)).toEqual(linear(file, wanted));
  }
});
