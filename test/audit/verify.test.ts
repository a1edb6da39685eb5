import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Fault, verifyAudit, type WriterOptions } from "../../packages/audit/src/index.js";
import { verifies } from "../requirements/verifies.js";
import { tempDir } from "../helpers/temp.js";
import { call, filesIn, linesOf, newLog } from "./kit.js";

/** A log of some events that ended cleanly. */
async function written(events: number, options: Partial<WriterOptions> = {}): Promise<string> {
  const { writer, folder, clock } = newLog({ chain: true, ...options });
  for (let n = 0; n < events; n += 1) {
    void writer.record(...call(n));
    await clock.pass(1);
    await writer.open();
  }
  await writer.close();
  return folder;
}

/** A copy of a log in which a test may change files. */
function copyOf(folder: string): string {
  const copy = join(tempDir(), "copy");
  mkdirSync(copy);
  for (const file of readdirSync(folder)) copyFileSync(join(folder, file), join(copy, file));
  return copy;
}

async function faultOf(folder: string, key?: string): Promise<Fault | null | undefined> {
  return (await verifyAudit(folder, { key })).runs[0]?.fault;
}

/** Changes one file of a copy, and returns the fault that is found. */
async function faultAfter(
  folder: string,
  file: string,
  change: (lines: string[]) => string[],
  key?: string,
): Promise<Fault | null | undefined> {
  const copy = copyOf(folder);
  writeFileSync(
    join(copy, file),
    change(linesOf(copy, file))
      .map((line) => `${line}\n`)
      .join(""),
  );
  return faultOf(copy, key);
}

describe("a changed log", () => {
  it.each(["json", "text"] as const)(
    verifies("AUDIT-004") + "is found out at every byte: %s",
    async (format) => {
      const folder = await written(1, { format });
      const [file = ""] = filesIn(folder);
      const bytes = readFileSync(join(folder, file));
      const copy = copyOf(folder);
      const unnoticed: number[] = [];
      const wrongPlaces: string[] = [];
      for (let at = 0; at < bytes.length; at += 1) {
        const changed = Buffer.from(bytes);
        changed[at] = (bytes[at] ?? 0) ^ 1;
        writeFileSync(join(copy, file), changed);
        const fault = await faultOf(copy);
        if (!fault) unnoticed.push(at);
        // A changed line end makes one line of two, or a new line behind the last.
        const line = bytes.subarray(0, at).toString("latin1").split("\n").length;
        if (fault && fault.line !== line) wrongPlaces.push(`${at}: line ${fault.line}, not ${line}`);
      }
      expect(unnoticed).toEqual([]);
      expect(wrongPlaces).toEqual([]);
    },
  );

  it(verifies("AUDIT-004") + "is found out at every length to which it is cut", async () => {
    const folder = await written(1);
    const [file = ""] = filesIn(folder);
    const bytes = readFileSync(join(folder, file));
    const copy = copyOf(folder);
    const kinds = new Set<string | undefined>();
    for (let length = 0; length < bytes.length; length += 1) {
      writeFileSync(join(copy, file), bytes.subarray(0, length));
      kinds.add((await faultOf(copy))?.kind);
    }
    expect([...kinds]).toEqual(["cut_tail"]);
  });

  it("is found out at every length also without a chain, and between files", async () => {
    const folder = await written(12, { maxFileBytes: 1_024, chain: false });
    const files = filesIn(folder);
    expect(files.length).toBeGreaterThan(2);
    const copy = copyOf(folder);
    for (const file of files) {
      const bytes = readFileSync(join(folder, file));
      for (let length = 0; length < bytes.length; length += 7) {
        writeFileSync(join(copy, file), bytes.subarray(0, length));
        expect((await faultOf(copy))?.kind, `${file} cut to ${length}`).toBe("cut_tail");
      }
      writeFileSync(join(copy, file), bytes);
    }
    expect(await faultOf(copy)).toBeNull();
  });

  it("tells a removed line, a moved line and a foreign line from a changed one", async () => {
    const folder = await written(6);
    const [file = ""] = filesIn(folder);
    const after = (change: (lines: string[]) => string[]): ReturnType<typeof faultAfter> =>
      faultAfter(folder, file, change);
    expect(await after((lines) => lines.toSpliced(3, 1))).toMatchObject({
      line: 4,
      kind: "removed_line",
      message: "1 event is missing before it: its number is 4, and 3 would follow",
    });
    expect(await after((lines) => lines.toSpliced(2, 3))).toMatchObject({ line: 3, kind: "removed_line" });
    expect(await after((lines) => lines.toSpliced(3, 0, lines[3] ?? ""))).toMatchObject({
      line: 5,
      kind: "changed",
      message: expect.stringContaining("it was moved, repeated or changed"),
    });
    expect(await after((lines) => lines.toSpliced(3, 0, "hello"))).toMatchObject({
      line: 4,
      kind: "not_a_line",
    });
    expect(await after((lines) => [...lines, lines[3] ?? ""])).toMatchObject({
      line: 9,
      kind: "wrong_count",
    });
    expect(await after((lines) => lines.slice(1))).toMatchObject({ line: 1, kind: "removed_line" });
  });

  it("tells a missing file at the beginning, in the middle and at the end", async () => {
    const folder = await written(16, { maxFileBytes: 1_024 });
    const files = filesIn(folder);
    for (const [n, file] of files.entries()) {
      const copy = copyOf(folder);
      rmSync(join(copy, file));
      const next = files[n + 1] ?? files[n - 1];
      expect(await faultOf(copy), file).toMatchObject({ kind: "missing_file", file: next });
    }
  });

  it("does not fit together after a hash was made anew without the key", async () => {
    const folder = await written(5, { key: "a secret" });
    const plain = await written(5);
    expect(await faultOf(folder, "a secret")).toBeNull();
    expect(await faultOf(folder, "another")).toMatchObject({ line: 1, kind: "changed" });
    expect(await faultOf(folder)).toMatchObject({ line: 1, kind: "unreadable" });
    expect(await faultOf(plain, "a secret")).toBeNull();
  });
});

describe("several runs in one folder", () => {
  it("are checked one by one, and a fault of one is no fault of another", async () => {
    const first = newLog({ chain: true }, 11);
    const second = newLog({ chain: true, folder: first.folder }, 12);
    for (let n = 0; n < 5; n += 1) for (const { writer } of [first, second]) void writer.record(...call(n));
    await Promise.all([first.writer.close(), second.writer.close()]);
    expect((await verifyAudit(first.folder)).runs.map(({ end, fault }) => [end, fault])).toEqual([
      ["stopped", null],
      ["stopped", null],
    ]);
    const [file = ""] = filesIn(first.folder).filter((name) => name.includes("-11."));
    const text = readFileSync(join(first.folder, file), "utf8");
    writeFileSync(join(first.folder, file), text.replace("read_file", "rewritten"));
    const { runs, faults } = await verifyAudit(first.folder);
    expect([faults, runs.map(({ fault }) => fault?.file)]).toEqual([1, [file, undefined]]);
  });

  it("started in the same millisecond by one process have names of their own", async () => {
    const first = newLog();
    const second = newLog({ folder: first.folder });
    for (const { writer } of [first, second]) void writer.record(...call(1));
    await Promise.all([first.writer.close(), second.writer.close()]);
    expect((await verifyAudit(first.folder)).runs).toHaveLength(2);
  });

  it("an empty folder has none", async () => {
    expect(await verifyAudit(tempDir())).toEqual({ runs: [], lines: 0, faults: 0 });
  });
});
