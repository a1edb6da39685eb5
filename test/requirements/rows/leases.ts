import { done, superseded, type Requirement } from "../row.js";

/** Leases: processes of lazy extensions for one session. */
export const LEASES: readonly Requirement[] = [
  done(
    "LEASE-001",
    "extension_lease_lifecycle: zero_spawn_during_load_search_and_exact_activation",
    "Loading and searching start no process.",
  ),
  done(
    "LEASE-002",
    "extension_lease_lifecycle: exact_execute_starts_once_reuses_and_calls_only_exact_tool",
    "The first call starts one process, later ones use it.",
  ),
  done(
    "LEASE-003",
    "extension_lease_lifecycle: concurrent_first_calls_are_single_flight",
    "Simultaneous first calls start one process.",
  ),
  done(
    "LEASE-004",
    "extension_lease_lifecycle: sibling_stays_gate_denied_and_is_never_called",
    "Another tool of it stays closed.",
  ),
  done(
    "LEASE-005",
    "extension_lease_lifecycle: runtime_declaration_mismatch_terminates_without_call_and_revokes_exact_grant",
    "Drift of declarations ends the process.",
  ),
  done(
    "LEASE-006",
    "extension_lease_lifecycle: permission_drift_fails_closed_before_spawn_and_revokes_grant",
    "Drift of permissions starts nothing.",
  ),
  superseded(
    "LEASE-007",
    "extension_lease_lifecycle: config_drift_invalidates_live_lease_and_revokes_grant",
    "Drift of configuration ends the lease.",
    "The user's change of a value is no change of the code: a new process gets the value, and the activation stays.",
  ),
  done(
    "LEASE-008",
    "extension_lease_lifecycle: extension_reported_errors_are_withheld_and_do_not_revoke",
    "An extension's error ends no lease.",
  ),
  done(
    "LEASE-009",
    "extension_lease_lifecycle: bounded_stderr_flood_does_not_break_leased_calls",
    "A flood on stderr breaks no call.",
  ),
  done(
    "LEASE-010",
    "extension_lease_lifecycle: session_end_guard_revocation_and_idle_reap_kill_children",
    "The end of a session ends its processes.",
  ),
  done(
    "LEASE-011",
    "extension_lease_lifecycle: unload_removes_record_dormant_batch_and_live_lease",
    "Unloading leaves nothing.",
  ),
  done(
    "LEASE-012",
    "extension_lease_lifecycle: flag_off_eager_load_of_the_same_manifest_is_unchanged",
    "With the switch off all is as before.",
  ),
  done(
    "LEASE-013",
    "extension_lease_lifecycle: lease_lifecycle_never_mutates_the_catalog",
    "Leases change no catalog.",
  ),
  done(
    "LEASE-014",
    "extension_lease_lifecycle: durable_shared_scope_survives_turns_and_only_last_owner_terminates",
    "The last owner ends a shared process.",
  ),
  done(
    "LEASE-015",
    "extension_lease_lifecycle: provider_class_registers_metadata_and_first_selection_starts_once",
    "Selecting a provider starts it once.",
  ),
  done(
    "LEASE-016",
    "extension_lease_lifecycle: provider_runtime_mismatch_fails_before_route_and_terminates",
    "A provider that drifted gets nothing.",
  ),
  done(
    "LEASE-017",
    "extension_lease_lifecycle: hook_class_first_authorized_matching_event_starts_once",
    "The first matching event starts a lazy hook.",
  ),
  done(
    "LEASE-018",
    "extension_lease_lifecycle: sidecar_class_stays_user_triggered",
    "Only the user starts a sidecar.",
  ),
  done(
    "LEASE-019",
    "extension_lease_lifecycle: mixed_class_shares_one_process_and_tool_search_never_triggers",
    "A mixed extension has one process.",
  ),
  done(
    "LEASE-020",
    "reference: leases",
    "A process that ends is an answer of its call; it is not started again for it.",
  ),
  done("LEASE-021", "reference: leases", "A call that is not answered in time ends its process."),
  done("LEASE-022", "reference: leases", "A process takes one call at a time; a caller may give up."),
  done(
    "LEASE-023",
    "reference: leases",
    "At most so many processes are leased; one too many revokes nothing.",
  ),
  done("LEASE-024", "ours: tools", "host.tools lists sleeping tools and calls them through a lease."),
];
