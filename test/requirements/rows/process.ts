import { done, superseded, type Requirement } from "../row.js";

/** Processes: restarts, environment, handshake and standard output. */
export const PROCESS: readonly Requirement[] = [
  done(
    "PROC-001",
    "extensions_process: exits_before_response_then_respawns_and_retries",
    "A process that ends over a gate's event is started again and gets the event once more; it is then degraded.",
  ),
  superseded(
    "PROC-002",
    "extensions_process: crashes_after_success_then_respawns_on_next_hook",
    "A process that ends between two events is started again at once.",
    "waiting for the next event would cost that event the start-up",
  ),
  superseded(
    "PROC-003",
    "extensions_process: restart_exhaustion_marks_failed_and_fails_open",
    "A process that ends over every event is quarantined after five crashes and fails open at once.",
    "a crash budget over time tells a broken extension from an unlucky one; the reference counts on with every call",
  ),
  done(
    "PROC-004",
    "extensions_process: restart_count_reports_transport_restarts",
    "Restarts are counted and shown.",
  ),
  done(
    "PROC-005",
    "extensions_process: process_extension_initializes_before_hooks",
    "No event comes before initialize was answered.",
  ),
  done(
    "PROC-006",
    "extensions_process: process_extension_rejects_unsupported_initialize_protocol",
    "An answer with another version than the manifest's is refused.",
  ),
  done(
    "PROC-007",
    "runtime/process: actual_child_exit_is_detected_while_rpc_holds_state_and_reader_is_stopped",
    "The end of a process is noticed at once while a request is out and its output stays open.",
  ),
  done(
    "PROC-008",
    "runtime/process: shutdown_invalidates_generation_before_waiting_for_rpc_lock",
    "Stop takes nothing new at once, though a request is still out.",
  ),
  done(
    "PROC-009",
    "runtime/process: in_place_restart_changes_generation_and_old_invalidation_is_isolated",
    "A restart makes a new process, to which the end of the old one does nothing.",
  ),
  superseded(
    "PROC-010",
    "runtime/process: transport_eof_invalidates_generation_even_while_child_is_alive",
    "A living process that closed its output abstains by timeout.",
    "only the end of the process ends a generation; one that cannot answer is one that does not answer",
  ),
  superseded(
    "PROC-011",
    "runtime/process: contended_child_probe_is_unavailable_without_changing_generation",
    "The status is readable at any moment and reading changes nothing.",
    "there are no locks to contend for",
  ),
  done(
    "PROC-012",
    "runtime/restart: default_policy_attempt_1_returns_base_delay",
    "The first pause before a restart is 250 ms at most.",
  ),
  done("PROC-013", "runtime/restart: attempt_2_doubles_base", "Each further pause doubles."),
  superseded(
    "PROC-014",
    "runtime/restart: attempt_capped_at_max_delay",
    "No pause is over 15 s.",
    "the reference's cap of 5 s never bites within its three attempts; ours holds for a crash loop",
  ),
  superseded(
    "PROC-015",
    "runtime/restart: attempt_zero_returns_none",
    "A first crash is always followed by a restart.",
    "pauses count the restarts before them, so there is no attempt zero",
  ),
  done(
    "PROC-016",
    "runtime/restart: attempt_beyond_max_returns_none",
    "After the last attempt in a row there is no further one.",
  ),
  superseded(
    "PROC-017",
    "runtime/restart: custom_multiplier",
    "Base and cap of the pause can be set.",
    "the factor is always two: base and cap say all that matters",
  ),
  done(
    "PROC-018",
    "runtime/restart: default_max_attempts_is_three",
    "Three failed restarts in a row are the limit.",
  ),
  done("PROC-020", "reference: spawn; ours: process", "The environment that is passed on is a pinned list."),
  done(
    "PROC-021",
    "ours: manifest",
    "What the manifest's env lists is passed on, and nothing else of the host's.",
  ),
  done("PROC-022", "reference: spawn", "A process runs in its extension's folder."),
  done("PROC-023", "ours: process", "No shell reads the arguments."),
  done("PROC-024", "reference: stderr", "stderr goes to the log line by line and blocks nothing."),
  done("PROC-025", "reference: extensions in the wild", "An answer without a version is read as version 1."),
  superseded(
    "PROC-026",
    "reference, timeouts: initialize first, none",
    "A handshake without a sign of life ends after its time.",
    "without a limit one hanging extension holds up the program for ever",
  ),
  done(
    "PROC-027",
    "reference, extensions in the wild: models are fetched there",
    "Signs of life prolong a handshake up to a total.",
  ),
  done(
    "PROC-028",
    "ours: failure",
    "A process that ends before its handshake is reported with its last words on stderr.",
  ),
  done("PROC-029", "ours: failure", "Control characters of stderr reach no report and no log."),
  done(
    "PROC-030",
    "reference: handshake",
    "An error as the answer to initialize is a refusal with its message.",
  ),
  done("PROC-031", "bad input", "An answer to initialize that is no object is refused."),
  done(
    "PROC-032",
    "reference: extensions in the wild",
    "Unknown fields in the answer to initialize are ignored.",
  ),
  done(
    "PROC-033",
    "reference, known weakness: one hanging plugin blocks start-up",
    "A hanging handshake holds up no other extension.",
  ),
  superseded(
    "PROC-034",
    "reference, framing: transport error",
    "Text on standard output is skipped with one warning.",
    "a forgotten print must not cost an extension its place",
  ),
  done("PROC-035", "bad input", "Over 64 KiB of text before the first frame fail the load."),
  done("PROC-036", "ours: failure", "Text after the handshake is skipped, whatever its size."),
  done("PROC-037", "reference: framing", "An answer may arrive in pieces of any size."),
  done("PROC-038", "reference: framing", "Half an answer is none and does not mute what follows."),
  superseded(
    "PROC-039",
    "reference, framing: frame too large is a transport error",
    "An answer of over 4 MiB is skipped and said so; the next one counts.",
    "one oversized answer is no reason to lose the process",
  ),
  done(
    "PROC-040",
    "reference: extensions in the wild",
    "Replies that nobody asked for and messages that are none are ignored.",
  ),
  done(
    "PROC-041",
    "reference: results",
    "Results that are no results abstain as invalid and restart nothing.",
  ),
];
