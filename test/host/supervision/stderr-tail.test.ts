import { expect, it } from "vitest";
import { MAX_TAIL_BYTES, StderrTail } from "../../../packages/host/src/transport/process/stderr-tail.js";

const ALL = Number.POSITIVE_INFINITY;

it("looks at a bounded part of a flood of empty lines, and keeps a bounded part of it", () => {
  const seen: string[] = [];
  const tail = new StderrTail((line) => void seen.push(line));
  const newlines = Buffer.alloc(64 * 1024, "\n");
  for (let n = 0; n < 500; n += 1) tail.push(newlines);
  expect(seen.length).toBeLessThanOrEqual(500 * 2_002);
  expect(tail.lines(ALL).length).toBeLessThanOrEqual(2 * MAX_TAIL_BYTES);
});

it("says how much it left out, and goes on with the last lines", () => {
  const seen: string[] = [];
  const tail = new StderrTail((line) => void seen.push(line));
  const numbers = Array.from({ length: 5_000 }, (_, n) => `${n}\n`).join("");
  tail.push(Buffer.from(`${numbers}the end\nnot yet ende`));
  tail.push(Buffer.from("d\n"));
  expect(seen.slice(0, 3)).toEqual(["0", "1", "2"]);
  expect(seen.slice(999, 1_003)).toEqual([
    "999",
    "… 15005 bytes in short lines were left out",
    "4001",
    "4002",
  ]);
  expect(seen.slice(-3)).toEqual(["4999", "the end", "not yet ended"]);
});

it("leaves nothing out of a chunk with a thousand lines or two", () => {
  for (const count of [1_000, 1_500, 2_000]) {
    const seen: string[] = [];
    const tail = new StderrTail((line) => void seen.push(line));
    tail.push(Buffer.from(Array.from({ length: count }, (_, n) => `${n}\n`).join("")));
    expect(seen).toEqual(Array.from({ length: count }, (_, n) => String(n)));
  }
});

it("keeps the last lines of a flood", () => {
  const tail = new StderrTail(() => {});
  const long = "-".repeat(100);
  for (let n = 0; n < 10_000; n += 1) tail.push(Buffer.from(`${n} ${long}\n`));
  tail.push(Buffer.from("no end yet"));
  expect(tail.lines(3)).toEqual([`9998 ${long}`, `9999 ${long}`, "no end yet"]);
  const kept = tail.lines(ALL).join("\n").length;
  expect(kept).toBeGreaterThanOrEqual(MAX_TAIL_BYTES - 200);
  expect(kept).toBeLessThanOrEqual(2 * MAX_TAIL_BYTES + 200);
});

it("keeps the words of a progress line apart, and drops the carriage return of a Windows line end", () => {
  const seen: string[] = [];
  const tail = new StderrTail((line) => void seen.push(line));
  tail.push(Buffer.from("10 %\r20 %\r\r30 %\r\nno end\rhere"));
  tail.end();
  expect(seen).toEqual(["10 % 20 % 30 %", "no end here"]);
});
