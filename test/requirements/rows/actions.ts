import { done, type Requirement } from "../row.js";

const OURS = "ours: actions";

/** Answers that change how an operation runs, and the bounds of each. */
export const ACTIONS: readonly Requirement[] = [
  done(
    "ACTION-001",
    OURS,
    "Block, confirm, modify, replace, inject and skip change what really runs, from any language.",
  ),
  done(
    "ACTION-002",
    OURS,
    "Outputs are kept by members whatever their order, for a time, within bounds, as after-hooks passed them on.",
  ),
  done(
    "ACTION-003",
    OURS,
    "A redirected operation runs at its new place once all were asked there; circles and long ways are blocked.",
  ),
  done(
    "ACTION-004",
    OURS,
    "Operations run again after the pauses that were asked for, five times and 60 s at most.",
  ),
  done(
    "ACTION-005",
    OURS,
    "An operation is split into at most 8 others, 4 at a time, and each is asked about.",
  ),
  done(
    "ACTION-006",
    OURS,
    "Every answer that a catalog of ours allows is carried out at every kind that allows it, and every fact is told.",
  ),
  done(
    "ACTION-007",
    OURS,
    "An answer that nobody can carry out is told as invalid, and the operation is left alone.",
  ),
  done(
    "ACTION-008",
    OURS,
    "A guard that cannot answer keeps an operation from running, also where nothing can be blocked.",
  ),
  done("ACTION-009", OURS, "Each example of docs/operations.md prints what the page says."),
];
