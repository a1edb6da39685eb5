import { done, type Requirement } from "../row.js";

/** Mistakes of authors that the SDK names, instead of leaving an extension without effect. */
export const AUTHORS: readonly Requirement[] = [
  done(
    "AUTH-001",
    "ours: SDK",
    "An unknown hook kind or key and a value of a wrong type throw where the author wrote them, with a suggestion.",
  ),
  done(
    "AUTH-002",
    "ours: SDK",
    "serve takes one extension, once, and says how to write it when something else arrives.",
  ),
];
