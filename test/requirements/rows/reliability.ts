import { done, type Requirement } from "../row.js";

const FAILURE = "ours: failure";
const PROCESS = "ours: process";
const TRUST = "ours: threat model";

/** What the worst extension may cost its host, and what the host keeps in spite of it. */
export const RELIABILITY: readonly Requirement[] = [
  done("FAIL-001", FAILURE, "Three timeouts in a row make a kind free until a probe is answered."),
  done("FAIL-002", FAILURE, "An open breaker lets one probe at a time through, when one is due."),
  done("FAIL-003", FAILURE, "The chain's end counts as a timeout for a hook that had half of its deadline."),
  done("FAIL-004", FAILURE, "Waiting in vain for a turn counts as a timeout, until a slot is free."),
  done("FAIL-005", FAILURE, "An event that a process fell over twice is kept from it for a while."),
  done("FAIL-006", FAILURE, "Resume forgives poisoned events and crashes."),
  done("FAIL-007", FAILURE, "Equal events that were under way together are one cause of one crash."),
  done(
    "FAIL-008",
    FAILURE,
    "Of several events that were with a process when it fell, only the deadly ones are poison.",
  ),
  done("FAIL-009", FAILURE, "A process that negotiated pings and answers none while idle is restarted."),
  done("FAIL-010", FAILURE, "A process that is busy inside its deadline is not stuck."),
  done("FAIL-011", FAILURE, "Without pings, three deadlines without a byte mean hung."),
  done("FAIL-012", FAILURE, "A sign of life between deadlines means not hung."),
  done("FAIL-013", FAILURE, "A quarantined extension abstains at once, says why, and comes back by resume."),
  done(
    "FAIL-014",
    FAILURE,
    "A quarantined extension gets one probe; health ends the quarantine, a crash renews it.",
  ),
  done("FAIL-015", FAILURE, "Quarantine outlives the host, with its reason."),
  done("FAIL-016", FAILURE, "A record of quarantine by another hand keeps nothing from running for long."),
  done("FAIL-017", FAILURE, "drop_newest loses what finds the queue full, and counts it."),
  done("FAIL-018", FAILURE, "drop_oldest loses what waits longest, and counts it."),
  done("FAIL-019", FAILURE, "block lets the program wait and loses nothing."),
  done("FAIL-020", FAILURE, "disconnect starts anew who falls too far behind, and blames no event."),
  done("FAIL-021", FAILURE, "A gate's event is repeated once after a crash, an observed one never."),
  done("FAIL-022", FAILURE, "A lifecycle event is sent once, whatever becomes of the process."),
  done("FAIL-023", FAILURE, "Waiting observers delay neither the gates of their extension nor anybody else."),
  done(
    "FAIL-024",
    FAILURE,
    "The deadline is kept with a child that is stopped, loops, never reads, left a grandchild or never ran.",
  ),
  done("FAIL-025", FAILURE, "Any number of hanging extensions ends with the chain's time."),
  done(
    "FAIL-026",
    FAILURE,
    "A closed guard that is dead, never started, too slow or starved blocks; an open one says that it abstained.",
  ),
  done(
    "FAIL-027",
    FAILURE,
    "Each bad habit has its vote, health, log line and diagnosis, and disturbs no neighbour.",
  ),
  done("FAIL-028", FAILURE, "The page of bad habits is what the tests saw, for each fixture there is."),
  done(
    "FAIL-029",
    FAILURE,
    "A call that is given up at its deadline is cancelled toward who negotiated it, and nobody else.",
  ),
  done("FAIL-031", TRUST, "The control socket shows states without payload or configuration."),
  done("FAIL-032", TRUST, "The control socket offers no approval, no configuration, no event and no stop."),
  done("FAIL-033", TRUST, "The control socket stands in a folder that is the user's alone, or nowhere."),
  done("FAIL-034", TRUST, "Another user reaches neither the socket nor the records."),
  done(
    "FAIL-035",
    PROCESS,
    "A host that is killed at any moment leaves no process of its extensions' groups behind.",
  ),
  done("FAIL-036", PROCESS, "The reaper knows of each child in time, and is itself replaced."),
  done("FAIL-037", PROCESS, "What outlived host and reaper is ended by the next host."),
  done("FAIL-038", PROCESS, "No process is killed by its id alone."),
  done("FAIL-039", PROCESS, "The ledger holds what lives, for its owner only, and goes with the last child."),
  done("FAIL-040", PROCESS, "Restarts leave no file, listener or memory behind."),
  done("FAIL-041", PROCESS, "Endless output costs no memory and disturbs no neighbour."),
  done(
    "FAIL-042",
    FAILURE,
    "Under hostile extensions votes add up, time is kept and healthy verdicts stay the same.",
  ),
  done("FAIL-043", FAILURE, "No bytes make the frame reader throw, hang or grow."),
  done("FAIL-044", FAILURE, "An extension makes the moves of one table and no other."),
  done("FAIL-045", FAILURE, "Lanes keep their limits and order, and leave nobody beside a free slot."),
  done("FAIL-046", FAILURE, "The command resumes what is quarantined in a running host."),
  done("FAIL-047", FAILURE, "The command's status names open breakers and poisoned events."),
  done("FAIL-048", TRUST, "The command's logs let no control character through."),
  done("FAIL-049", PROCESS, "A stop while a restart is due or under way leaves nothing behind."),
];
