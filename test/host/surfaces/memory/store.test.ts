import { appendFileSync, readFileSync, statSync } from "node:fs";
import { expect, it } from "vitest";
import { verifies } from "../../../requirements/verifies.js";
import { contents, fileLines, lines, openStore, put, record } from "./support.js";

it(
  verifies("MEM-001") +
    "a record is one line of JSON in <base>/memory/<namespace>.jsonl, for this user alone",
  async () => {
    const { store, path, baseDir } = openStore();
    await store.append(record("first", { tags: ["a"], meta: { n: [1, null] } }));
    await store.append(record("second\nline", { timestamp_ms: 2_000 }));
    expect(path).toBe(`${baseDir}/memory/notes.jsonl`);
    expect(readFileSync(path, "utf8")).toBe(
      '{"namespace":"notes","timestamp_ms":1000,"content":"first","tags":["a"],"meta":{"n":[1,null]}}\n' +
        '{"namespace":"notes","timestamp_ms":2000,"content":"second\\nline","tags":[]}\n',
    );
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(await store.query({})).toEqual([
      record("second\nline", { timestamp_ms: 2_000 }),
      record("first", { tags: ["a"], meta: { n: [1, null] } }),
    ]);
  },
);

it(verifies("MEM-002") + "the newest come first, at most 50 unless the query says otherwise", async () => {
  const { store, path } = openStore();
  expect(await store.query({})).toEqual([]);
  const all = Array.from({ length: 60 }, (_, n) => record(`note ${n}`, { timestamp_ms: n }));
  put(path, lines(...all));
  const newest = all.map(({ content }) => content).reverse();
  expect(await contents(store)).toEqual(newest.slice(0, 50));
  expect(await contents(store, { limit: 3 })).toEqual(newest.slice(0, 3));
  expect(await contents(store, { limit: 1_000 })).toEqual(newest);
  expect(await contents(store, { limit: 0 })).toEqual([]);
});

it(
  verifies("MEM-002") + "newest is by time, not by place; of the same time, the one written last comes first",
  async () => {
    const { store, path } = openStore();
    put(
      path,
      lines(
        record("c", { timestamp_ms: 3 }),
        record("a1", { timestamp_ms: 1 }),
        record("b", { timestamp_ms: 2 }),
        record("a2", { timestamp_ms: 1 }),
      ),
    );
    expect(await contents(store)).toEqual(["c", "b", "a2", "a1"]);
    expect(await contents(store, { limit: 3 })).toEqual(["c", "b", "a2"]);
  },
);

it(
  verifies("MEM-002") + "over many blocks, too, and in whatever order the times stand in the file",
  async () => {
    const { store, path } = openStore();
    const all = Array.from({ length: 3_000 }, (_, n) =>
      record(`${n} ${"x".repeat(100)}`, {
        timestamp_ms: Math.floor(n / 1_000) * (n % 7 === 0 ? -1 : 1) + 10,
      }),
    );
    put(path, lines(...all));
    const wanted = all
      .toReversed()
      .toSorted((a, b) => b.timestamp_ms - a.timestamp_ms)
      .map(({ content }) => content);
    expect(await contents(store, { limit: Number.MAX_SAFE_INTEGER })).toEqual(wanted);
    expect(await contents(store, { limit: 1_200 })).toEqual(wanted.slice(0, 1_200));
  },
);

it(
  verifies("MEM-050") + "a note of a newer host keeps its fields, and a tombstone takes notes back",
  async () => {
    const { store, path, warnings } = openStore();
    const newer = {
      id: "n-1",
      project: "p",
      provenance: { source: "chat", session: "s" },
      sensitivity: "sensitive",
      retention: { max_age_days: 30 },
      later: [1],
    };
    put(
      path,
      lines(
        record("kept", { timestamp_ms: 1, ...newer }),
        record("gone", { timestamp_ms: 2, id: "n-2" }),
        JSON.stringify({ tombstone: "n-2", timestamp_ms: 3 }),
        JSON.stringify({ tombstone: "n-9", timestamp_ms: 3 }),
        JSON.stringify({ tombstone: "n-1", timestamp_ms: 0 }),
        JSON.stringify({ tombstone: "n-1", namespace: "other", timestamp_ms: 9 }),
        record("again", { timestamp_ms: 4, id: "n-2" }),
      ),
    );
    expect(await store.query({})).toEqual([
      record("again", { timestamp_ms: 4, id: "n-2" }),
      record("kept", { timestamp_ms: 1, ...newer }),
    ]);
    expect(warnings).toMatchObject([{ lines: 1, line: 6 }]);
    appendFileSync(path, lines(JSON.stringify({ tombstone: "n-2" })));
    expect(await contents(store)).toEqual(["kept"]);
  },
);

it.each([
  ["SHOPPING", ["buy shoppings", "Shopping list"]],
  ["list", ["Shopping list"]],
  ["", ["ÇIĞ 300 \u212A", "ΟΔΟΣ Σίσυφος", 'say "hi" \\ now/then', "buy shoppings", "Shopping list"]],
  ["li", ["Shopping list"]],
  ["l", ["Shopping list"]],
  ["οδος", ["ΟΔΟΣ Σίσυφος"]],
  ["ΣΊΣΥ", ["ΟΔΟΣ Σίσυφος"]],
  ["300 k", ["ÇIĞ 300 \u212A"]],
  ["çi", ["ÇIĞ 300 \u212A"]],
  ['Y "HI" \\ ', ['say "hi" \\ now/then']],
  ["now/then", ['say "hi" \\ now/then']],
  ["nothing like it", []],
])(
  verifies("MEM-003") + "content_contains %j is compared without regard to case",
  async (content_contains, found) => {
    const { store, path } = openStore();
    const all = ["Shopping list", "buy shoppings", 'say "hi" \\ now/then', "ΟΔΟΣ Σίσυφος", "ÇIĞ 300 \u212A"];
    put(path, lines(...all.map((content, n) => record(content, { timestamp_ms: n }))));
    expect(await contents(store, { content_contains })).toEqual(found);
  },
);

it(verifies("MEM-003") + "also behind letters that are longer in lower case", async () => {
  const { store, path } = openStore();
  put(path, lines(record("İ".repeat(50)), record("target")));
  expect(await contents(store, { content_contains: "TARGET" })).toEqual(["target"]);
});

it(verifies("MEM-003") + "however other programs write the same text", async () => {
  const { store, path } = openStore();
  put(
    path,
    lines(
      String.raw`{"namespace": "notes", "timestamp_ms": 1, "content": "\u0043af\u00e9", "tags": []}`,
      String.raw`{"tags":["\u0061bc"],"content":"a\/b","timestamp_ms":2,"namespace":"notes"}`,
    ),
  );
  expect(await contents(store, { content_contains: "CAFÉ" })).toEqual(["Café"]);
  expect(await contents(store, { content_contains: "a/B" })).toEqual(["a/b"]);
  expect(await contents(store, { tag_prefix: "ab" })).toEqual(["a/b"]);
});

it(verifies("MEM-004") + "tag_prefix is what one of the tags begins with, in its case", async () => {
  const { store, path } = openStore();
  put(
    path,
    lines(record("1", { tags: ["project:a", "x"] }), record("2", { tags: ["project:ab"] }), record("3")),
  );
  expect(await contents(store, { tag_prefix: "project:" })).toEqual(["2", "1"]);
  expect(await contents(store, { tag_prefix: "project:ab" })).toEqual(["2"]);
  expect(await contents(store, { tag_prefix: "Project" })).toEqual([]);
  expect(await contents(store, { tag_prefix: "roject" })).toEqual([]);
  expect(await contents(store, { tag_prefix: "" })).toEqual(["2", "1"]);
});

it(
  verifies("MEM-005") +
    "since_ms and until_ms include the moments they name, and all conditions hold together",
  async () => {
    const { store, path } = openStore();
    const tagged = { tags: ["odd"] };
    put(
      path,
      lines(...[1, 2, 3, 4, 5].map((n) => record(`n${n}`, { timestamp_ms: n, ...(n % 2 ? tagged : {}) }))),
    );
    expect(await contents(store, { since_ms: 2, until_ms: 4 })).toEqual(["n4", "n3", "n2"]);
    expect(await contents(store, { since_ms: 6 })).toEqual([]);
    expect(await contents(store, { until_ms: 0 })).toEqual([]);
    expect(await contents(store, { since_ms: 2, tag_prefix: "odd", content_contains: "N" })).toEqual([
      "n5",
      "n3",
    ]);
  },
);

it(
  verifies("MEM-006") + "broken lines are passed over, counted, named once, and left as they are",
  async () => {
    const { store, path, warnings } = openStore();
    const text = lines(
      "nonsense",
      record("good", { timestamp_ms: 1 }),
      "",
      '{"namespace":"notes","timestamp_ms":"1","content":"time is text","tags":[]}',
      '{"namespace":"notes","timestamp_ms":1,"content":"tags are numbers","tags":[1]}',
      '{"namespace":"other","timestamp_ms":1,"content":"of another","tags":[]}',
      "[]",
      '{"namespace":"notes","timestamp_ms":2,"content":"no tags"}',
    );
    put(path, text);
    expect(await contents(store)).toEqual(["no tags", "good"]);
    await contents(store);
    await store.append(record("new", { timestamp_ms: 3 }));
    expect(await contents(store)).toEqual(["new", "no tags", "good"]);
    expect(store.brokenLines).toBe(5);
    expect(warnings).toEqual([
      { message: expect.stringContaining("passed over"), file: path, lines: 5, line: 7 },
    ]);
    expect(readFileSync(path, "utf8").startsWith(text)).toBe(true);
  },
);

it(
  verifies("MEM-006") + "bytes that are no text and a line longer than any record are passed over too",
  async () => {
    const { store, path } = openStore();
    const monster = Buffer.alloc(9 * 1024 * 1024, "x");
    const parts = [
      lines(record("before")),
      monster,
      "\n",
      Buffer.from([0, 255, 254, 10]),
      lines(record("after")),
    ];
    put(path, Buffer.concat(parts.map((part) => Buffer.from(part))));
    expect(await contents(store)).toEqual(["after", "before"]);
    expect(store.brokenLines).toBe(2);
    await store.append(record("more"));
    expect(await contents(store)).toEqual(["more", "after", "before"]);
  },
);

it(verifies("MEM-006") + "a mark of the encoding at the start of the file belongs to no record", async () => {
  const { store, path } = openStore();
  put(path, `\uFEFF${lines(record("first"))}`);
  expect(await contents(store)).toEqual(["first"]);
  expect(await contents(store, { content_contains: "FIRST" })).toEqual(["first"]);
});

it(
  verifies("MEM-007") +
    "a last line that was never ended is ended by the next record, and lost only if it was torn",
  async () => {
    const { store, path } = openStore();
    put(path, lines(record("whole")) + '{"namespace":"notes","timest');
    expect(await contents(store)).toEqual(["whole"]);
    await store.append(record("next"));
    expect(fileLines(path)).toHaveLength(3);
    expect(await contents(store)).toEqual(["next", "whole"]);

    put(path, lines(record("whole")) + JSON.stringify(record("not ended", { timestamp_ms: 2_000 })));
    expect(await contents(store)).toEqual(["not ended", "whole"]);
    expect(await contents(store, { content_contains: "NOT" })).toEqual(["not ended"]);
    await store.append(record("next"));
    expect(await contents(store)).toEqual(["not ended", "next", "whole"]);
  },
);
