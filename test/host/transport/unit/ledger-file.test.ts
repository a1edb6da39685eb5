import { expect, it } from "vitest";
import {
  ledgerText,
  parseLedger,
  type LedgerContent,
} from "../../../../packages/host/src/transport/process/ledger-file.js";

const CHILD = { pid: 12, born: "345", extension: "x" };
const CONTENT: LedgerContent = {
  scope: "here",
  host: { pid: 2, born: "1" },
  children: [CHILD, { ...CHILD, pid: 13, seen: "678" }],
};

/** The text of a ledger with some members changed, which may be wrong. */
const changed = (change: object): string => JSON.stringify({ version: 1, ...CONTENT, ...change });

it("a ledger is one line of JSON with its version, and is read as it was written", () => {
  expect(ledgerText(CONTENT)).toBe(
    '{"version":1,"scope":"here","host":{"pid":2,"born":"1"},"children":[{"pid":12,"born":"345","extension":"x"},' +
      '{"pid":13,"born":"345","extension":"x","seen":"678"}]}\n',
  );
  expect(parseLedger(ledgerText(CONTENT))).toStrictEqual(CONTENT);
  expect(parseLedger(changed({ children: [] }))).toStrictEqual({ ...CONTENT, children: [] });
});

it("what is no ledger of this version is not read", () => {
  for (const text of [
    "",
    "{",
    "null",
    "[]",
    "1",
    '"text"',
    changed({ version: 2 }),
    changed({ version: "1" }),
  ])
    expect(parseLedger(text)).toBeUndefined();
});

it("a ledger whose members are of another kind is not read", () => {
  for (const change of [
    { scope: 1 },
    { scope: undefined },
    { children: {} },
    { children: undefined },
    { children: [CHILD, null] },
    { children: ["child"] },
    { children: [CHILD, { ...CHILD, extension: 1 }] },
    { children: [{ ...CHILD, seen: "" }, CHILD] },
    { children: [{ ...CHILD, seen: null }] },
    { children: [{ ...CHILD, seen: 5 }] },
  ])
    expect(parseLedger(changed(change))).toBeUndefined();
});

it("the ids of processes that can be nobody's children are refused, for hosts and children", () => {
  const refused = (process: unknown): void => {
    expect(parseLedger(changed({ host: process }))).toBeUndefined();
    const child = typeof process === "object" && process !== null ? { extension: "x", ...process } : process;
    expect(parseLedger(changed({ children: [child] }))).toBeUndefined();
  };
  for (const pid of [1, 0, -5, 2.5, "12", null, 2 ** 53]) refused({ pid, born: "1" });
  for (const process of [undefined, null, 5, { born: "1" }]) refused(process);
  expect(parseLedger(changed({ host: { pid: 2, born: "1" } }))?.host.pid).toBe(2);
});

it("times of starts are up to 20 digits and nothing else", () => {
  const born = "1".repeat(20);
  expect(parseLedger(changed({ host: { pid: 2, born } }))?.host.born).toBe(born);
  for (const wrong of ["", `${born}1`, "1x", "x1", "-1", "1.5", " 1", "1\n", 1, null, undefined])
    expect(parseLedger(changed({ host: { pid: 2, born: wrong } }))).toBeUndefined();
});
