import { later, type Requirement } from "../row.js";

/** What leases, sidecars, help and installation will have to do. */
export const LATER_LEASES: readonly Requirement[] = [
  later(
    "LEASE-001",
    "extension_lease_lifecycle: zero_spawn_during_load_search_and_exact_activation",
    "Loading and searching start no process.",
    "leases of lazy extensions",
  ),
  later(
    "LEASE-002",
    "extension_lease_lifecycle: exact_execute_starts_once_reuses_and_calls_only_exact_tool",
    "The first call starts one process, later ones use it.",
    "leases of lazy extensions",
  ),
  later(
    "LEASE-003",
    "extension_lease_lifecycle: concurrent_first_calls_are_single_flight",
    "Simultaneous first calls start one process.",
    "leases of lazy extensions",
  ),
  later(
    "LEASE-004",
    "extension_lease_lifecycle: sibling_stays_gate_denied_and_is_never_called",
    "Another tool of it stays closed.",
    "leases of lazy extensions",
  ),
  later(
    "LEASE-005",
    "extension_lease_lifecycle: runtime_declaration_mismatch_terminates_without_call_and_revokes_exact_grant",
    "Drift of declarations ends the process.",
    "leases of lazy extensions",
  ),
  later(
    "LEASE-006",
    "extension_lease_lifecycle: permission_drift_fails_closed_before_spawn_and_revokes_grant",
    "Drift of permissions starts nothing.",
    "leases of lazy extensions",
  ),
  later(
    "LEASE-007",
    "extension_lease_lifecycle: config_drift_invalidates_live_lease_and_revokes_grant",
    "Drift of configuration ends the lease.",
    "leases of lazy extensions",
  ),
  later(
    "LEASE-008",
    "extension_lease_lifecycle: extension_reported_errors_are_withheld_and_do_not_revoke",
    "An extension's error ends no lease.",
    "leases of lazy extensions",
  ),
  later(
    "LEASE-009",
    "extension_lease_lifecycle: bounded_stderr_flood_does_not_break_leased_calls",
    "A flood on stderr breaks no call.",
    "leases of lazy extensions",
  ),
  later(
    "LEASE-010",
    "extension_lease_lifecycle: session_end_guard_revocation_and_idle_reap_kill_children",
    "The end of a session ends its processes.",
    "leases of lazy extensions",
  ),
  later(
    "LEASE-011",
    "extension_lease_lifecycle: unload_removes_record_dormant_batch_and_live_lease",
    "Unloading leaves nothing.",
    "leases of lazy extensions",
  ),
  later(
    "LEASE-012",
    "extension_lease_lifecycle: flag_off_eager_load_of_the_same_manifest_is_unchanged",
    "With the switch off all is as before.",
    "leases of lazy extensions",
  ),
  later(
    "LEASE-013",
    "extension_lease_lifecycle: lease_lifecycle_never_mutates_the_catalog",
    "Leases change no catalog.",
    "leases of lazy extensions",
  ),
  later(
    "LEASE-014",
    "extension_lease_lifecycle: durable_shared_scope_survives_turns_and_only_last_owner_terminates",
    "The last owner ends a shared process.",
    "leases of lazy extensions",
  ),
  later(
    "LEASE-015",
    "extension_lease_lifecycle: provider_class_registers_metadata_and_first_selection_starts_once",
    "Selecting a provider starts it once.",
    "leases of lazy extensions",
  ),
  later(
    "LEASE-016",
    "extension_lease_lifecycle: provider_runtime_mismatch_fails_before_route_and_terminates",
    "A provider that drifted gets nothing.",
    "leases of lazy extensions",
  ),
  later(
    "LEASE-017",
    "extension_lease_lifecycle: hook_class_first_authorized_matching_event_starts_once",
    "The first matching event starts a lazy hook.",
    "leases of lazy extensions",
  ),
  later(
    "LEASE-018",
    "extension_lease_lifecycle: sidecar_class_stays_user_triggered",
    "Only the user starts a sidecar.",
    "leases of lazy extensions",
  ),
  later(
    "LEASE-019",
    "extension_lease_lifecycle: mixed_class_shares_one_process_and_tool_search_never_triggers",
    "A mixed extension has one process.",
    "leases of lazy extensions",
  ),
  later(
    "PROV-030",
    "earlier repository: try_route_streams_text_deltas_when_provider_supports_streaming",
    "A streaming model's text arrives in order.",
    "streaming from providers",
  ),
  later(
    "PROV-031",
    "earlier repository: provider_tool_loop_returns_final_text_after_tool_result_turn",
    "The loop of tool calls ends with the text.",
    "tool calls of providers",
  ),
  later(
    "MAN-030",
    "earlier repository: plugin_builder_extension_contract_matches_synaps_contract",
    "The published contract equals what the code says.",
    "the generated manifests/contract.json",
  ),
  later(
    "INST-001",
    "earlier repository: end_to_end_add_install_uninstall",
    "A plugin is fetched, installed and removed.",
    "installing from a source",
  ),
];
