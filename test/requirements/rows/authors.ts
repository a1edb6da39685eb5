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
  done(
    "AUTH-003",
    "ours: SDK",
    "A result that the kind does not allow is an error that names kind, result and allowed actions, and a line in the log.",
  ),
  done(
    "AUTH-004",
    "ours: SDK",
    "A block, confirm or modify without its field still reaches the host, and the log names the field.",
  ),
  done(
    "AUTH-005",
    "ours: SDK",
    "While stop runs, the host can still be asked; no answer is waited for in vain.",
  ),
  done(
    "AUTH-006",
    "ours: SDK",
    "An error that a handler throws tells the first line of the author's own code, and no path outside of the folder.",
  ),
  done(
    "AUTH-007",
    "ours: SDK",
    "A kind that only the manifest or only the code names fails the handshake by name, under every protocol.",
  ),
  done(
    "AUTH-008",
    "ours: SDK",
    "A program that defines an extension and never serves it says so when it ends.",
  ),
  done("AUTH-009", "ours: SDK", "Printing in an extension reaches its log as it is, and never the protocol."),
  done(
    "AUTH-010",
    "ours: SDK",
    "The input of a tool has the types of its shape, and an input that does not fit is an error in place of a call.",
  ),
  done(
    "AUTH-011",
    "ours: SDK",
    "A wrong kind, field, type, result or option of defineHook, defineExtension and spawnHarness does not compile.",
  ),
  done("AUTH-012", "ours: SDK", "Unknown and wrong options of the harnesses are refused with a suggestion."),
  done(
    "AUTH-013",
    "ours: SDK",
    "A test that fails before it stops its child ends all the same, and leaves no child behind.",
  ),
  done("AUTH-014", "ours: SDK", "A signal ends a harness at once, and await using stops it."),
  done("AUTH-015", "ours: SDK", "Errors of a child hold what the child wrote to standard error."),
  done(
    "AUTH-016",
    "ours: docs",
    "The authors' page works as it stands, for somebody outside of this repository.",
  ),
  done("AUTH-017", "ours: docs", "The snippets of all pages that import the SDK compile under strict."),
];
