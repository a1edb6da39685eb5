import { done, superseded, type Requirement } from "../row.js";

/** Loading, reloading and unloading. */
export const LIFECYCLE: readonly Requirement[] = [
  done(
    "LIFE-001",
    "reference: load results",
    "A start tells: started, loaded, failed, finished, with counts.",
  ),
  done("LIFE-002", "ours: lifecycle", "A listener that comes late hears everything from the beginning."),
  done("LIFE-003", "ours: lifecycle", "A listener that throws harms neither the others nor the start."),
  superseded(
    "LIFE-004",
    "reference, discovery: idempotent per manager",
    "A second start does nothing and resolves like the first; the result can be asked for.",
    "a promise that is shared needs no replay; the reference loads again after its shutdown, ours is over then",
  ),
  done("LIFE-005", "ours: lifecycle", "What waits for consent or is quarantined counts as failed, with why."),
  superseded(
    "LIFE-010",
    "reference, discovery: reload is unload, then load",
    "Reload starts the new process first and then takes the old one's place; both folder and configuration are read again.",
    "an extension that does not start any more must not leave a hole where one ran",
  ),
  superseded(
    "LIFE-011",
    "manager reload cases: the old one stays unloaded when the new one fails",
    "When the new code is invalid or does not start, the old process runs on untouched and the reason is told.",
    "a guard that is edited badly keeps guarding",
  ),
  done(
    "LIFE-012",
    "ours: lifecycle",
    "Events under way finish on the old process; not one is lost over reloads.",
  ),
  done("LIFE-013", "ours: lifecycle", "An event that the old one cannot take any more goes to the new one."),
  done(
    "LIFE-014",
    "ours: lifecycle",
    "Changed code of a project, or of a user who wants to be asked, is not reloaded before consent.",
  ),
  done("LIFE-015", "ours: lifecycle", "Reload loads an extension that came after the start."),
  done("LIFE-016", "ours: lifecycle", "Reloads of one extension happen one after the other."),
  done("LIFE-017", "ours: lifecycle", "A stop during a reload leaves no process behind."),
  done("LIFE-018", "ours: lifecycle", "The place in the chain stays the same over a reload."),
  superseded(
    "LIFE-020",
    "reference, shutdown: unload order; known weakness: eager unload leaves its tools registered",
    "Unload takes subscriptions and all that is offered away first, and ends the process last.",
    "what is offered by nobody any more cannot be called",
  ),
  done("LIFE-021", "ours: lifecycle", "Subscriptions of the program under the same name stay."),
  done(
    "LIFE-022",
    "manager cases: unload of an unknown id",
    "Unloading or reloading an unknown one is an error.",
  ),
  done(
    "LIFE-023",
    "ours: lifecycle",
    "Whatever follows an extension is told of a switch once, at the switch.",
  ),
  done("LIFE-032", "ours: lifecycle", "After a stop every call of the program is refused with HOST_STOPPED."),
  done("LIFE-030", "ours: lifecycle", "synaps-ext reload lets a running host read an extension anew."),
  done(
    "LIFE-031",
    "ours: trust",
    "From outside, only code that stands in the record of approvals is reloaded; a new folder is not taken for a yes.",
  ),
];
