import { done, type Requirement } from "../row.js";

/** Hooks that come along with the host. */
export const BUILTINS: readonly Requirement[] = [
  done(
    "BUILTIN-001",
    "seed 004: RateLimitHook",
    "A token bucket counts with whole numbers: nothing is lost over any time, and a clock that jumps back gives and takes nothing.",
  ),
  done(
    "BUILTIN-002",
    "seed 004: RateLimitHook",
    "The number of buckets is bounded; keys beyond it share one bucket, and keys with a bucket of their own notice nothing.",
  ),
  done(
    "BUILTIN-003",
    "seed 004: RateLimitHook",
    "An event beyond its rate is refused with the time after which it may come again; from a share of the bucket on, an annotation warns.",
  ),
  done(
    "BUILTIN-004",
    "seed 002: rate limit",
    "Buckets are kept in all, by session, tool, kind, peer or any member of the event; ports, notations and absent members gain nobody a bucket.",
  ),
  done(
    "BUILTIN-005",
    "ours: built-in hooks",
    "Options of built-in hooks that make no sense, a limit of 0 among them, are refused where they are passed, with what to do.",
  ),
  done(
    "BUILTIN-006",
    "seed 004: security events",
    "Refusals raise security events, a bounded number in a second, the next one with how many were left out; none raises itself.",
  ),
  done(
    "BUILTIN-007",
    "seed 002: custom hooks",
    "An allow-list lets in addresses and ranges in any notation; what is no address is refused and said; a typo in it is refused with its place; its length costs nothing.",
  ),
  done(
    "BUILTIN-008",
    "seed 000 and seed 004: logging hooks",
    "Each event is one line of the log with its names and those of what it carries; values only when asked for, masked and cut; the level follows what happened.",
  ),
  done(
    "BUILTIN-009",
    "seed 004: DebuggingHook",
    "Traces are bounded by number and bytes, and what had no room is counted.",
  ),
  done(
    "BUILTIN-010",
    "seed 004: DebuggingHook",
    "What was asked and answered is kept together, masked, for the last events, and found by kind, component, session, action and time.",
  ),
];
