import { describe, expect, it } from "vitest";
import { createReader, frame, readAll } from "../../helpers/frames.js";

/** What it costs the processor, in milliseconds: the time that others take from this process does not count. */
function cost(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

/** Linear with generous room for a busy machine; a quadratic reader is well above it. */
const LINEAR = 32;
const RUNS = 4;
/** Noise only ever adds, but it may add to every run of a bad moment: a later moment is tried then. */
const MOMENTS = 5;

/**
 * How much more eight times the input costs: 8 when linear, 64 when quadratic. Small and large take turns, and the best
 * of each counts.
 */
function growth(small: () => void, large: () => void): number {
  small();
  const best = { small: Infinity, large: Infinity };
  for (let moment = 0; moment < MOMENTS; moment += 1) {
    for (let run = 0; run < RUNS; run += 1) {
      best.small = Math.min(best.small, Math.max(cost(small), 0.05));
      best.large = Math.min(best.large, cost(large));
    }
    if (best.large / best.small < LINEAR) break;
  }
  return best.large / best.small;
}

function growthOfReading(make: (n: number) => Buffer, n: number): number {
  const [small, large] = [make(n), make(8 * n)];
  return growth(
    () => void readAll(small),
    () => void readAll(large),
  );
}

/** Frames in frames in frames, each of which turns out to be no JSON. */
function nested(depth: number): Buffer {
  let body = Buffer.from("x");
  for (let level = 0; level < depth; level += 1) {
    body = Buffer.concat([Buffer.from(`Content-Length: ${body.length}\r\n\r\n`), body]);
  }
  return body;
}

describe("the cost of reading", () => {
  it("stays linear for nested frames that are no JSON", () => {
    expect(growthOfReading(nested, 1_000)).toBeLessThan(LINEAR);
  });

  it("stays linear for claims that overlap", () => {
    const overlapping = (n: number): Buffer => Buffer.from("Content-Length: 500\r\n\r\n".repeat(n));
    expect(growthOfReading(overlapping, 1_000)).toBeLessThan(LINEAR);
  });

  it.each<[string, (n: number) => string]>([
    ["spaces after the colon", (n) => `content-length:${" ".repeat(n)}x y\n`],
    ["spaces before the colon", (n) => `content-length${" ".repeat(n)}x\n`],
    ["repeated names", (n) => `${"content-length:".repeat(n / 15)}x y\n`],
    ["a long token", (n) => `${"a".repeat(n)} x\n`],
    ["a long value", (n) => `content-length: ${"9".repeat(n)} x\n`],
  ])("stays linear in the length of a line with %s", (_, line) => {
    const many = (n: number): Buffer => Buffer.from(line(n).repeat(20));
    expect(growthOfReading(many, 1_000)).toBeLessThan(LINEAR);
  });

  it("stays linear for lines without end that come in small pieces", () => {
    const read = (n: number) => () => void readAll(Buffer.alloc(n, "x"), [64]);
    expect(growth(read(200_000), read(1_600_000))).toBeLessThan(LINEAR);
  });

  it("reads 10000 tiny frames from one piece", () => {
    const bytes = Buffer.from(Array.from({ length: 10_000 }, (_, index) => frame(index)).join(""));
    const { messages } = readAll(bytes);
    expect(messages).toHaveLength(10_000);
    expect(messages.at(-1)).toBe(9_999);
  });

  it("reads a large frame that comes in single bytes", () => {
    const text = "y".repeat(300_000);
    expect(readAll(frame(text), [1]).messages).toEqual([text]);
  });
});

/** Bytes outside of the JavaScript heap and on it. */
function heldBytes(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** Growth of memory over feeding the same piece many times, without anything to collect it with on purpose. */
function held(piece: Buffer, times: number, start = ""): number {
  const { reader } = createReader();
  reader.push(Buffer.from(start));
  const before = heldBytes();
  for (let count = 0; count < times; count += 1) reader.push(piece);
  return heldBytes() - before;
}

describe("the memory of a reader", () => {
  const MIB = 1024 * 1024;

  it("keeps nothing of 256 MiB in one endless line", () => {
    expect(held(Buffer.alloc(64 * 1024, "x"), 4_096)).toBeLessThan(100 * MIB);
  });

  it("keeps nothing of 256 MiB of a body over the limit", () => {
    const start = `Content-Length: ${250 * MIB}\r\n\r\n`;
    expect(held(Buffer.alloc(64 * 1024, "x"), 4_000, start)).toBeLessThan(100 * MIB);
  });

  it("keeps a body that drips in at about its own size", () => {
    const start = `Content-Length: ${2 * MIB}\r\n\r\n`;
    // As an array of pieces, this was above 200 MiB.
    expect(held(Buffer.from("x"), 2 * MIB - 1, start)).toBeLessThan(100 * MIB);
  });

  it("keeps nothing of endless headers", () => {
    const header = Buffer.from("X-Header: value\r\n".repeat(3_000));
    expect(held(header, 200)).toBeLessThan(100 * MIB);
    expect(held(header, 200, "Content-Length: 5\r\n")).toBeLessThan(100 * MIB);
  });
});
