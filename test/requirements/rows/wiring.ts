import { done, type Requirement } from "../row.js";

/** The hooks that are written into the configuration of coding agents, and the program that they name. */
export const WIRING: readonly Requirement[] = [
  done(
    "WIRING-001",
    "ours: wiring",
    "'agents unwire' gives a configuration back byte for byte, with its rights, where nobody edited it since 'agents wire'.",
  ),
  done(
    "WIRING-002",
    "ours: wiring",
    "Of an edited configuration, 'agents unwire' takes only our entries out; entries that somebody edited are shown and left.",
  ),
  done(
    "WIRING-003",
    "ours: wiring",
    "A configuration that is not understood, or cannot be written, is refused with the reason and left as it is.",
  ),
  done("WIRING-004", "ours: wiring", "'agents wire' says what keeps an agent from running its hooks."),
  done(
    "WIRING-005",
    "ours: wiring",
    "Hooks over HTTP carry a token that only this user can read, and are refused where they would fail open against the user's wish.",
  ),
  done(
    "WIRING-006",
    "ours: hook",
    "The hook ends exactly as the service says; without an answer it fails open or closed, says so, and writes nothing to standard output.",
  ),
  done("WIRING-007", "ours: hook", "The hook asks nobody at a socket or in a folder of another user."),
  done(
    "WIRING-008",
    "ours: command line",
    "A wired agent's first hook starts the service; 'agents list' shows agents, wired files, the service and the last failure.",
  ),
];
