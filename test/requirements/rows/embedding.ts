import { done, type Requirement } from "../row.js";

/** Mistakes of programs that embed the host, which would otherwise leave a guard without effect. */
export const EMBEDDING: readonly Requirement[] = [
  done(
    "EMBED-001",
    "ours: API",
    "A key of an option or an event with one letter changed is refused before anything runs, with the key that was meant.",
  ),
  done(
    "EMBED-002",
    "ours: API",
    "Wrong arguments of tools, commands, providers and leases are refused with a code.",
  ),
];
