import { done, superseded, type Requirement } from "../row.js";

/** Commands, their output and tasks. */
export const COMMANDS: readonly Requirement[] = [
  done(
    "CMD-001",
    "extension_command_invoke_bounds: hostile_command_output_flood_is_bounded_when_invoke_resolves",
    "A flood of output is bounded and counted.",
  ),
  superseded(
    "CMD-002",
    "extension_command_invoke_bounds: cancelling_invoke_mid_flood_releases_collector_and_producers",
    "Giving up a command frees everything, and an extension of protocol 3 is told.",
    "the reference leaves the extension working for nobody",
  ),
  done(
    "CMD-003",
    "extension_command_invoke_bounds: bounded_command_output_is_preserved_verbatim",
    "Small output comes through unchanged.",
  ),
  done("CMD-010", "reference: command output", "Output events are taken nested under 'event' or flat."),
  done("CMD-011", "reference: command output", "Malformed output and output of another call are left out."),
  done("CMD-012", "ours: failure", "An error of a command is its result and restarts nothing."),
  superseded(
    "CMD-013",
    "reference: timeouts",
    "A command has 60 seconds; one whose process falls is not sent again.",
    "the reference's 60 seconds end after 30, and it sends commands a second time after a crash",
  ),
  superseded(
    "CMD-014",
    "reference: notification fan-out",
    "No listener for output can stop the reading of what an extension sends.",
    "the reference waits for a queue of 8 and stalls all answers of the extension behind it",
  ),
  done(
    "CMD-015",
    "reference: tasks",
    "Tasks keep the order they started in, their progress and their last 8 lines.",
  ),
  done("CMD-016", "ours: failure", "A host that stops gives up the commands that run."),
  done(
    "CMD-020",
    "reference: output budget",
    "256 KiB and 1,024 events are kept; text is cut at a character.",
  ),
  done("CMD-021", "reference: output budget", "Tables and tasks that do not fit are left out whole."),
  done("CMD-022", "reference: output budget", "The first 'done' is always kept."),
  done(
    "CMD-023",
    "reference: output budget",
    "The end of a task whose start was kept is kept once, from a reserve.",
  ),
  done(
    "CMD-024",
    "reference: output budget",
    "A notice says what is missing; it is an error when an error is.",
  ),
  done(
    "CMD-030",
    "reference: commands",
    "A program runs in the extension's folder, without a shell and without input.",
  ),
  superseded(
    "CMD-031",
    "reference: commands",
    "A program gets the environment that the extension gets.",
    "the reference hands over the host's whole environment, secrets included",
  ),
  done("CMD-032", "ours: failure", "An exit code and a missing program are failures with a reason."),
  done("CMD-033", "reference: commands", "A program is looked for in the extension's folder, then on PATH."),
  superseded(
    "CMD-034",
    "reference: commands",
    "A program has a deadline, and its whole process group is gone afterwards.",
    "the reference has no limit for programs and leaves their children behind",
  ),
  done("CMD-035", "ours: failure", "What a program prints is bounded like any output."),
  done("CMD-036", "reference: commands", "'${args}' is replaced in every text of a tool command's input."),
  done("CMD-037", "reference: commands", "A skill's command is handed to the program with its prompt."),
  superseded(
    "CMD-038",
    "reference: commands",
    "The first loaded extension has a plain name, and '<id>:<name>' always works; the list says who is hidden.",
    "the reference does not show which command lost its name",
  ),
  done("CMD-039", "ours: failure", "Arguments of a command are bounded."),
  done("CMD-040", "reference: commands", "A command has one of four shapes."),
  done("CMD-041", "reference: commands", "An entry that fits no shape fails the manifest and says why."),
  done(
    "CMD-042",
    "reference: commands",
    "Names can be typed; programs are neither absolute nor outside of the folder.",
  ),
  done("CMD-043", "ours: manifest", "Of two commands with one name the first is used, with a warning."),
];
