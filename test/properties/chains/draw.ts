import fc from "fast-check";
import type { ChainPolicy } from "@synaps/sdk/protocol";
import type { Part } from "./parts.js";

/** Letters of inputs. The marks of outputs are digits, which no text of the host has. */
export type Letter = "A" | "B" | "C";
export type Digit = "1" | "2" | "3" | "4" | "5";

/** The opinion of a member. It depends on nothing but the text that the member is asked about, of which it gets its fields. */
export type Rule =
  | { does: "continue" | "block" | "confirm" | "malformed" }
  | { does: "append" | "drop" | "block_if" | "confirm_if"; mark: string };

/** The end of one question to a process. */
export interface Fate {
  does: "answer" | "error" | "garbage" | "unsent" | "crash" | "silent";
  afterMs: number;
}

export interface Member {
  process: number;
  phase: "rewrite" | "veto" | undefined;
  closed: boolean;
  deadlineMs: number;
  filter: { contains?: string; equals?: string };
  /** The members of the input that it gets; undefined for whole events. One that is asked about outputs gets nothing else. */
  fields: readonly Part[] | undefined;
  rule: Rule;
  /** By number of the question; later questions end as the last one. */
  fates: readonly Fate[];
}

export interface ProcessPlan {
  protocol: number;
  start: "live" | "starting" | "failed" | "quarantined";
  startsAfterMs: number;
  /** Undefined: the process never comes back after a crash. */
  restartsAfterMs: number | undefined;
}

export interface ChainPlan {
  policy: ChainPolicy;
  input: string;
  output: string;
  before: readonly Member[];
  after: readonly Member[];
  processes: readonly ProcessPlan[];
  user: "agrees" | "refuses" | "throws" | "absent";
  budgetMs: number;
  reserveMs: number;
  breakerTimeouts: number;
}

/** The mark that each output begins with. Nobody drops the mark and nobody adds it. */
export const RAW = "0";

const PROCESSES = 4;
const ms = (...list: number[]): fc.Arbitrary<number> => fc.constantFrom(...list);

const fate: fc.Arbitrary<Fate> = fc.record({
  does: fc.oneof(
    { weight: 12, arbitrary: fc.constant<Fate["does"]>("answer") },
    { weight: 4, arbitrary: fc.constantFrom<Fate["does"]>("error", "garbage", "unsent", "crash", "silent") },
  ),
  afterMs: ms(0, 0, 1, 4, 12, 25, 45),
});

function rule(appended: readonly string[], others: readonly string[], gate: boolean): fc.Arbitrary<Rule> {
  const marked = (does: "append" | "drop" | "block_if" | "confirm_if", marks: readonly string[]) =>
    fc.constantFrom(...marks.map((mark): Rule => ({ does, mark })));
  const stops = [
    { weight: 4, arbitrary: marked("block_if", others) },
    { weight: 4, arbitrary: marked("confirm_if", others) },
    {
      weight: 1,
      arbitrary: fc.constantFrom<Rule>({ does: "block" }, { does: "confirm" }, { does: "malformed" }),
    },
  ];
  return fc.oneof(
    { weight: 3, arbitrary: fc.constant<Rule>({ does: "continue" }) },
    { weight: 3, arbitrary: marked("append", appended) },
    { weight: gate ? 2 : 4, arbitrary: marked("drop", others) },
    ...(gate ? stops : []),
  );
}

const letters: readonly Letter[] = ["A", "B", "C"];
const dropped: readonly Digit[] = ["1", "2", "3"];
const added: readonly Digit[] = ["4", "5"];

const filter: fc.Arbitrary<Member["filter"]> = fc.oneof(
  { weight: 4, arbitrary: fc.constant({}) },
  { weight: 2, arbitrary: fc.record({ contains: fc.constantFrom(...letters) }) },
  { weight: 1, arbitrary: fc.record({ equals: fc.constantFrom("", "A", "AB", "BC") }) },
);

const fields: fc.Arbitrary<Member["fields"]> = fc.constantFrom<Member["fields"][]>(
  undefined,
  undefined,
  undefined,
  ["p"],
  ["q"],
  ["p", "q"],
);

function member(rules: fc.Arbitrary<Rule>): fc.Arbitrary<Member> {
  return fc.record({
    process: fc.nat(PROCESSES - 1),
    phase: fc.constantFrom(undefined, undefined, "rewrite" as const, "veto" as const),
    closed: fc.boolean(),
    deadlineMs: ms(5, 10, 20, 40, 80),
    filter,
    fields,
    rule: rules,
    fates: fc.array(fate, { minLength: 1, maxLength: 3 }),
  });
}

const process: fc.Arbitrary<ProcessPlan> = fc.record({
  protocol: fc.constantFrom(1, 3, 3),
  start: fc.oneof(
    { weight: 8, arbitrary: fc.constant<ProcessPlan["start"]>("live") },
    { weight: 2, arbitrary: fc.constantFrom<ProcessPlan["start"]>("starting", "failed", "quarantined") },
  ),
  startsAfterMs: ms(0, 3, 15, 60),
  restartsAfterMs: fc.constantFrom(undefined, 0, 2, 10, 50),
});

/** A tool call with its hooks before and after, the processes behind them, and the time that it has. */
export const chainPlan: fc.Arbitrary<ChainPlan> = fc.record({
  policy: fc.constantFrom<ChainPolicy>("first_decision", "rewrite_then_veto"),
  input: fc.constantFrom("", "A", "B", "AB", "BC", "ABC"),
  output: fc.constantFrom("", "1", "12", "123", "123").map((text) => RAW + text),
  before: fc.array(member(rule(letters, letters, true)), { minLength: 1, maxLength: 5 }),
  after: fc.array(member(rule(added, dropped, false)), { maxLength: 3 }),
  processes: fc.array(process, { minLength: PROCESSES, maxLength: PROCESSES }),
  user: fc.constantFrom<ChainPlan["user"]>("agrees", "agrees", "refuses", "throws", "absent"),
  budgetMs: ms(10, 30, 80, 1_000),
  reserveMs: ms(0, 5, 15, 100),
  breakerTimeouts: ms(1, 3),
});
