import { done, type Requirement } from "../row.js";

/** Consent: what an approval covers, and what happens to what changed. */
export const TRUST: readonly Requirement[] = [
  done(
    "TRUST-001",
    "ours: trust",
    "An approval covers every file of a folder whatever its name, and the targets of its links.",
  ),
  done(
    "TRUST-002",
    "ours: trust",
    "It also covers the programs and files that the words of the manifest lead to, inside the folder or not.",
  ),
  done("TRUST-003", "ours: trust", "A file whose size, times and number are the same is not read again."),
  done(
    "TRUST-004",
    "ours: trust",
    "Changed code in the user's folder runs and is told once, by file; data asks for nothing.",
  ),
  done("TRUST-005", "ours: trust", "With consent = strict the user's own folder waits, as a project's does."),
  done(
    "TRUST-006",
    "ours: trust",
    "A project's extension never takes the place of the user's own without saying so.",
  ),
  done(
    "TRUST-007",
    "ours: trust",
    "A closed guard that was approved once and cannot be loaded blocks, with the hooks of its last approval.",
  ),
  done("TRUST-008", "ours: trust", "A project's extension that was never approved has no say, and is named."),
  done("TRUST-009", "ours: trust", "What cannot be looked into is named, never skipped."),
  done(
    "TRUST-010",
    "ours: trust",
    "Filters that no event can pass, and misspelt safety settings, are named.",
  ),
  done("TRUST-011", "ours: trust", "diff tells file by file what changed, and records nothing."),
  done("TRUST-012", "ours: trust", "Names that differ only in capitals or in their Unicode form are told."),
  done("TRUST-013", "ours: trust", "What runs and could not be recorded says so."),
];
