import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { createReader, frame, readAll } from "../helpers/frames.js";
import { repo } from "../helpers/paths.js";
import { verifies } from "../requirements/verifies.js";

const CORPUS = repo("test/fuzz/corpus");
const run = promisify(execFile);

interface Nasty {
  what: string;
  messages: number;
  bytes: Buffer;
}

/** Two lines of comment, then one line of bytes: `\r`, `\n` and `\xNN` are escapes, everything else is itself. */
function readNasty(file: string): Nasty {
  const [what = "", count = "", text = ""] = readFileSync(join(CORPUS, file), "utf8").split("\n");
  const plain = text
    .replaceAll("\\r", "\r")
    .replaceAll("\\n", "\n")
    .replace(/\\x([0-9a-f]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
  return { what: what.slice(2), messages: Number(count.split(": ")[1]), bytes: Buffer.from(plain, "latin1") };
}

describe.each(readdirSync(CORPUS))("%s", (file) => {
  const { what, messages, bytes } = readNasty(file);

  it(what, () => {
    const whole = readAll(bytes);
    expect(whole.messages).toHaveLength(messages);
    for (const size of [1, 2, 3, 7, 64]) {
      const split = readAll(bytes, [size]);
      expect([split.messages, split.problems]).toEqual([whole.messages, whole.problems]);
    }
  });

  it("is followed by the next good frame, once what it announced has passed", () => {
    const { reader, seen } = createReader();
    reader.push(bytes);
    for (let n = 0; reader.midFrame && n < 100; n += 1) reader.push(Buffer.from(`${"-".repeat(99)}\n`));
    reader.push(Buffer.from(`\n${frame({ id: 4711 })}`));
    expect(seen.messages.at(-1)).toEqual({ id: 4711 });
  });
});

it(
  verifies("FAIL-043") +
    "damaged streams neither break nor block the reader, and the next good frame is read",
  async () => {
    const { stdout } = await run(process.execPath, ["scripts/fuzz.mjs", "--count", "100000", "--seed", "7"], {
      cwd: repo("."),
    });
    const { frames, streams, recovered, not_promised } = JSON.parse(stdout) as Record<string, number>;
    expect(frames).toBeGreaterThanOrEqual(100_000);
    expect((recovered ?? 0) + (not_promised ?? 0)).toBe(streams);
    // What is left out of the promise must stay the exception.
    expect(not_promised).toBeLessThan((streams ?? 0) / 20);
  },
);
