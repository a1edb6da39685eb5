import { done, type Requirement } from "../row.js";

/** What hosts write down of their decisions, and what a search and a check of it find. */
export const AUDIT: readonly Requirement[] = [
  done(
    "AUDIT-001",
    "seed 002: audit log hook",
    "Each decision is on record: what was asked, who decided what, whether it ran and how it ended; no input unless asked for, and no secret of a known shape.",
  ),
  done(
    "AUDIT-002",
    "seed 002: audit log hook",
    "Lines are JSON objects with timestamp, event and metadata, or `[time] Event key=value`; no value can forge a field or a line.",
  ),
  done(
    "AUDIT-003",
    "ours: audit",
    "Events that have no room are dropped at their place and counted, and a disk that takes nothing costs no answer unless the audit fails closed.",
  ),
  done(
    "AUDIT-004",
    "ours: audit",
    "A changed byte, a removed line, a missing file and a tail cut at any place are found, with file and line.",
  ),
  done(
    "AUDIT-005",
    "ours: audit",
    "A query finds what a plain filter over all lines finds, in the order of time; a clock that is set back changes no order within a process.",
  ),
  done(
    "AUDIT-006",
    "ours: audit",
    "After a kill at any moment no answered event is missing with before_answer; with the queue at most its length is, and the next start writes how many.",
  ),
  done(
    "AUDIT-007",
    "ours: documentation",
    "Every command of the page about the audit works, in a clean folder.",
  ),
  done(
    "AUDIT-009",
    "ours: audit",
    "A disk that hangs holds an answer up for 5 s and further ones not at all; it is told, and the lines follow in their order.",
  ),
  done(
    "AUDIT-010",
    "ours: audit",
    "With fsync each write, and the name of each new file, is forced to the disk before the answer.",
  ),
  done(
    "AUDIT-011",
    "ours: audit",
    "A check reads a log of any size piece by piece: one changed byte and a cut tail are found with the memory of a small one.",
  ),
  done(
    "AUDIT-012",
    "ours: audit",
    "`run --audit` writes down each decision without a program, says where, and says also when it is quiet what has no line.",
  ),
  done(
    "AUDIT-013",
    "ours: audit",
    "Extensions and functions of the program are told of each decision with the facts of the audit, if they subscribe to it; only the host raises it, and no loop is endless.",
  ),
  done("AUDIT-008", "ours: audit", "The command searches and checks the audit of all processes in a folder."),
];
