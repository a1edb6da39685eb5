import { done, superseded, type Requirement } from "../row.js";

/** Wire transcripts, and whole ways through the host. */
export const WHOLE_WAYS: readonly Requirement[] = [
  done(
    "WIRE-001",
    "reference: wire, protocol 1",
    "What a protocol 1 extension receives is pinned byte for byte.",
  ),
  done(
    "WIRE-002",
    "reference: on_usage, protocol 2",
    "What a protocol 2 extension receives is pinned byte for byte.",
  ),
  done(
    "WIRE-007",
    "ours: process",
    "An extension of protocol 1 or 2 gets a gate while its tool works; the bytes of both are pinned.",
  ),
  done("WIRE-003", "reference: hook kinds, protocol 2", "Protocol 1 never receives on_usage."),
  done(
    "WIRE-004",
    "ours: hook kinds and catalogs, protocol 3",
    "Protocol 3 gets meta beside the envelope when both sides know it.",
  ),
  done("WIRE-005", "ours: process, protocol 3", "Protocol 3 without features gets the plain envelope."),
  done(
    "WIRE-006",
    "ours: hook kinds and catalogs, protocol 3",
    "meta tells what is left of the deadline, and the attempt.",
  ),
  done(
    "E2E-001",
    "extensions_e2e: time_extension_injects_timestamp",
    "A real extension adds the time to a message.",
  ),
  done(
    "E2E-002",
    "extensions_e2e: time_extension_continues_for_non_message_hooks",
    "The same extension lets other hooks continue.",
  ),
  done(
    "E2E-003",
    "extensions_e2e: modify_hook_replaces_tool_input_and_after_hook_sees_modified_input",
    "A rewrite reaches the operation and the hook after it.",
  ),
  done(
    "E2E-004",
    "extensions_e2e: after_tool_call_replace_substitutes_output_via_real_extension",
    "A real extension's replacement reaches the caller.",
  ),
  done(
    "E2E-005",
    "extensions_e2e: malformed_modify_result_blocks_instead_of_failing_open",
    "A malformed modify blocks the call.",
  ),
  done(
    "E2E-006",
    "extensions_e2e: installed_extension_receives_on_compaction_as_observe_only",
    "on_compaction is delivered, and answers to it have no effect.",
  ),
  done(
    "E2E-007",
    "extensions_e2e: on_message_complete_is_observe_only",
    "Answers to on_message_complete have no effect and are reported.",
  ),
  done(
    "E2E-008",
    "extensions_e2e: installed_extension_receives_on_message_complete",
    "on_message_complete is delivered with its fields.",
  ),
  superseded(
    "E2E-009",
    "extensions_e2e: on_session_start_injection_reaches_the_session",
    "What on_session_start injects comes back in the outcome.",
    "where it is placed is the embedding program's; one slot on the host would mix sessions up",
  ),
  done(
    "E2E-010",
    "reference: carrying out results",
    "A confirm asks the program; without anybody to ask, or with a no, the call is blocked.",
  ),
  done(
    "E2E-011",
    "extensions_e2e: extension_config_is_resolved_and_passed_to_initialize",
    "A process gets its resolved configuration in initialize.",
  ),
  done(
    "E2E-012",
    "extensions_e2e: extension_missing_required_config_fails_before_spawn",
    "A missing required value starts no process.",
  ),
  done(
    "E2E-013",
    "extensions_e2e: declared_secret_env_survives_extension_restart_without_persistence",
    "A secret is sent again after a restart and stands on no disk.",
  ),
  done(
    "E2E-014",
    "extensions_e2e: installed_plugin_extension_is_discovered_loaded_fired_and_shutdown",
    "An installed extension goes the whole way from its folder to its end.",
  ),
  superseded(
    "E2E-015",
    "extensions_e2e: project_local_plugins_override_user_plugins_with_same_name",
    "A project's extension takes the place of the user's only once the user approved it.",
    "a folder that arrives with a cloned repository must not replace a guard by itself",
  ),
  done(
    "E2E-016",
    "extension_lifecycle: absent_deferred_block_stays_fully_backward_compatible",
    "Without the deferred block an extension starts at once.",
  ),
  done(
    "E2E-017",
    "extensions_e2e: discovery_failures_include_plugin_manifest_path_reason_and_hint",
    "A failure names the extension, its manifest, the reason and a remedy.",
  ),
  done("E2E-018", "manager hint cases", "A missing program names the setup script when there is one."),
  done(
    "WHOLE-030",
    "public plugins, through the command",
    "A plugin that is a sidecar and nothing else is listed, and its sidecar runs.",
  ),
  done(
    "WHOLE-031",
    "public plugins, through the command",
    "A hook extension that writes beside its code runs at each start, whatever its commands and settings say.",
  ),
  done(
    "WHOLE-032",
    "public plugins, through the command",
    "A command that serves a page runs until the user ends it.",
  ),
  done(
    "WHOLE-033",
    "public plugins, through the command",
    "A sidecar for dictation gets the arguments of its extension and its model, and types what it heard.",
  ),
  done(
    "WHOLE-034",
    "public plugins, through the command",
    "Notes that a newer host wrote are remembered as that host would.",
  ),
];
