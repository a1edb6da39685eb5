import fc from "fast-check";
import { appendFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseLine, queryAudit, type AuditFilter, type FoundLine } from "../../packages/audit/src/index.js";
import { verifies } from "../requirements/verifies.js";
import { tempDir } from "../helpers/temp.js";
import { filesIn, found, linesOf, newLog } from "./kit.js";

const word = fc.constantFrom(
  "bash",
  "read_file",
  "secrets_get",
  'a "b" =c\n[2026-01-01 00:00:00.000] x',
  "ünï \u2028",
);
const label = fc.constantFrom("agent", "seq", "toString", "__proto__");
const event = fc.record({
  name: fc.constantFrom("before_tool_call", "after_tool_call", "AuthSuccess", "odd name"),
  metadata: fc.record(
    {
      tool_name: word,
      decision: fc.constantFrom("block", "continue"),
      session_id: word,
      labels: fc.oneof(
        fc.dictionary(label, fc.oneof(word, fc.nat(2))),
        fc.jsonValue() as fc.Arbitrary<never>,
      ),
      more: fc.jsonValue() as fc.Arbitrary<never>,
    },
    { requiredKeys: [] },
  ),
  writer: fc.nat(2),
  passMs: fc.integer({ min: -5_000, max: 5_000 }),
});
const filter: fc.Arbitrary<AuditFilter> = fc.record(
  {
    sinceMs: fc.integer({ min: -30_000, max: 30_000 }),
    untilMs: fc.integer({ min: -30_000, max: 30_000 }),
    event: fc.constantFrom("before_tool_call", "*_tool_call", "odd name"),
    tool: fc.constantFrom("bash", "secrets_*", "?ash"),
    decision: fc.constantFrom("block", "continue"),
    session: word,
    labels: fc.dictionary(label, fc.oneof(word, fc.constantFrom("0", "1"))),
    text: fc.constantFrom("BASH", "secrets", '"decision":"block"', "seq"),
  },
  { requiredKeys: [] },
);

const isObject = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The condition once more, as simple as it can be said. */
function plainly(wanted: AuditFilter, line: string): boolean {
  const read = parseLine(Buffer.from(line));
  if (!read) throw new Error(`unreadable: ${line}`);
  const { tool_name, decision, session_id, labels } = read.metadata;
  const written = new Map(isObject(labels) ? Object.entries(labels) : []);
  const at = Date.parse(read.timestamp);
  const like = (glob: string, name: unknown): boolean =>
    typeof name === "string" &&
    new RegExp(`^${glob.replaceAll("*", ".*").replaceAll("?", ".")}$`, "s").test(name);
  return (
    (wanted.sinceMs === undefined || at >= wanted.sinceMs) &&
    (wanted.untilMs === undefined || at <= wanted.untilMs) &&
    (wanted.event === undefined || like(wanted.event, read.event)) &&
    (wanted.tool === undefined || like(wanted.tool, tool_name)) &&
    (wanted.decision === undefined || decision === wanted.decision) &&
    (wanted.session === undefined || session_id === wanted.session) &&
    Object.entries(wanted.labels ?? {}).every(([name, value]) =>
      [value, Number(value)].includes(written.get(name) as string),
    ) &&
    (wanted.text === undefined || line.toLowerCase().includes(wanted.text.toLowerCase()))
  );
}

const keyOf = ({ file, number }: Pick<FoundLine, "file" | "number">): string => `${file}:${number}`;
const runOf = ({ file }: FoundLine): string => file.replace(/\.\d+\.\w+$/, "");

describe("a query", () => {
  it.each(["json", "text"] as const)(
    verifies("AUDIT-005") + "finds what a plain filter over all lines finds: %s",
    async (format) => {
      await fc.assert(
        fc.asyncProperty(fc.array(event, { minLength: 1, maxLength: 60 }), filter, async (given, wanted) => {
          const folder = join(tempDir(), "audit");
          const logs = [1, 2, 3].map((pid) => newLog({ folder, format, maxFileBytes: 1_024 }, pid));
          for (const one of logs) one.clock.startMs = 0;
          for (const { name, metadata, writer, passMs } of given) {
            const log = logs[writer];
            if (!log) continue;
            log.clock.startMs = Math.max(0, log.clock.startMs + passMs);
            void log.writer.record(name, metadata);
            if (passMs % 3 === 0) await log.writer.open();
          }
          await Promise.all(logs.map(({ writer }) => writer.close()));
          const raw = filesIn(folder).flatMap((file) =>
            linesOf(folder, file).map((line, index) => ({ line, key: keyOf({ file, number: index + 1 }) })),
          );
          const lines: FoundLine[] = [];
          const result = await queryAudit(folder, wanted, (line) => lines.push(line));
          expect(lines.map(keyOf).sort()).toEqual(
            raw
              .filter(({ line }) => plainly(wanted, line))
              .map(({ key }) => key)
              .sort(),
          );
          expect(result).toMatchObject({ lines: raw.length, matched: lines.length, unreadable: [] });
          // Lines of one run stay in their order, and those whose clock was not set back are in the order of time.
          for (const run of new Set(lines.map(runOf))) {
            const numbers = lines.filter((line) => runOf(line) === run).map(({ seq }) => seq);
            expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
          }
          const times = lines
            .filter(({ clockBack, event: name }) => !clockBack && !name.startsWith("audit_"))
            .map(({ timestamp }) => timestamp);
          expect(times).toEqual([...times].sort());
        }),
        { numRuns: 25 },
      );
    },
  );

  it(
    verifies("AUDIT-005") + "marks lines after the clock was set back, and leaves them in their place",
    async () => {
      const { writer, folder, clock } = newLog();
      void writer.record("first", {});
      await writer.open();
      clock.startMs -= 60_000;
      void writer.record("second", {});
      clock.startMs += 61_000;
      void writer.record("third", {});
      await writer.close();
      expect((await found(folder)).map(({ event: name, clockBack }) => [name, clockBack])).toEqual([
        ["audit_open", false],
        ["first", false],
        ["second", true],
        ["third", false],
        ["audit_stop", false],
      ]);
    },
  );

  it("tells of damaged and cut lines, and finds all others", async () => {
    const { writer, folder } = newLog();
    void writer.record("first", {});
    await writer.close();
    const [file = ""] = filesIn(folder);
    appendFileSync(join(folder, file), '\nhello\n{"timestamp":"2026-02-16T10:3');
    const lines: string[] = [];
    const result = await queryAudit(folder, {}, ({ event: name }) => lines.push(name));
    expect(lines).toEqual(["audit_open", "first", "audit_stop"]);
    expect(result.unreadable).toEqual([
      { file, number: 4, why: "it is no line of an audit log" },
      { file, number: 5, why: "it is no line of an audit log" },
      { file, number: 6, why: "the line is cut off" },
    ]);
  });
});

const anyCharacter = fc.integer({ min: 0, max: 0x3_0000 }).map((code) => String.fromCharCode(code & 0xffff));

it(verifies("AUDIT-002") + "no value can forge a field or a line of the text form", () => {
  return fc.assert(
    fc.asyncProperty(
      fc.string({ unit: anyCharacter }),
      fc.dictionary(fc.string(), fc.jsonValue(), { noNullPrototype: true }),
      async (name, metadata) => {
        const { writer, folder } = newLog({ format: "text", chain: true });
        void writer.record(`e${name}`, metadata as never);
        await writer.close();
        const [file = ""] = filesIn(folder);
        const text = readFileSync(join(folder, file), "utf8");
        expect(text.split(/[\n\r\u2028\u2029\u0085]/)).toHaveLength(4);
        const line = parseLine(Buffer.from(text.split("\n")[1] ?? ""));
        expect(line?.event).toBe(`e${name}`);
        expect(JSON.parse(JSON.stringify(line?.metadata))).toEqual(JSON.parse(JSON.stringify(metadata)));
      },
    ),
    { numRuns: 20 },
  );
});
