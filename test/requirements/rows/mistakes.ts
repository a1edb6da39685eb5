import { done, type Requirement } from "../row.js";

/** Mistakes of extensions that the host names, whatever language they are written in. */
export const MISTAKES: readonly Requirement[] = [
  done(
    "MIST-001",
    "ours: diagnosis",
    "For every common mistake, user, author and embedder are told what failed, why, what to do, and what shows it.",
  ),
  done(
    "MIST-002",
    "ours: diagnosis",
    "validate --start starts, greets and stops each extension, and leaves nothing running.",
  ),
  done(
    "MIST-003",
    "ours: diagnosis",
    "A length that counts characters, or line ends that were changed later, is told apart from broken JSON.",
  ),
];
