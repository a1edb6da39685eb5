import { done, type Requirement } from "../row.js";

const OURS = "ours: hooks of the program";

/** Hooks that the program brings itself. */
export const PROGRAM_HOOKS: readonly Requirement[] = [
  done("INP-001", OURS, "A hook of the program is asked for each of its kinds, and votes under its own id."),
  done("INP-002", OURS, "Its priority, a number or a word, is its place in the order of all subscriptions."),
  done("INP-003", OURS, "A condition of its own keeps events from it as a filter does."),
  done("INP-004", OURS, "It can be switched off and on while the host runs, and keeps its place."),
  done("INP-005", OURS, "Ten thousand hooks are asked in order, and go again."),
  done(
    "INP-006",
    OURS,
    "A hook whose onRegister fails or hangs is refused, and nothing is subscribed before.",
  ),
  done("INP-007", OURS, "A hook's onUnregister runs once, also when the host stops; its failure is told."),
  done("INP-008", OURS, "Several hooks are registered all or none."),
  done("INP-009", OURS, "The hooks of a plugin come, are listed and go together."),
  done("INP-010", OURS, "Hooks are listed by kind, tag, priority, plugin and state, and counted."),
  done("INP-011", OURS, "A malformed hook is refused with the name of the mistake, whatever its getters do."),
  done(
    "INP-012",
    OURS,
    "Handlers are made of handlers: in sequence, by the first match, all together, on a condition, timed.",
  ),
  done(
    "INP-020",
    "ours: raised events",
    "An event that an extension raises reaches those who follow its topic, and is kept.",
  ),
  done(
    "INP-021",
    "ours: raised events",
    "Raising needs a permission for the topic; malformed parts are refused in words.",
  ),
  done(
    "INP-022",
    "ours: raised events",
    "One extension may raise so many events a second; the error says when the next one.",
  ),
  done("INP-023", "ours: raised events", "A loop of handlers that raise events ends after eight of them."),
  done(
    "INP-024",
    "ours: raised events",
    "Outcomes of hooks can be queried as events where somebody wants them, without payload.",
  ),
  done("INP-025", "ours: raised events", "The events that are kept are bounded; the oldest make room."),
  done(
    "INP-026",
    "ours: shared context",
    "Hooks add to the shared context of an event; later hooks and the outcome have it.",
  ),
  done(
    "INP-027",
    "ours: shared context",
    "The shared context is bounded; a vote says which members were dropped.",
  ),
  done("INP-028", "ours: raised events", "A hook of the program raises events in its own name."),
  done("INP-029", "ours: pages", "The page about hooks in the program does what it says."),
];
