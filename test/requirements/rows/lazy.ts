import { done, type Requirement } from "../row.js";

/** Lazy extensions: declarations, classes, triggers. */
export const LAZY: readonly Requirement[] = [
  done(
    "LAZY-001",
    "extension_lifecycle: classification_matrix_is_typed_and_exact",
    "The class follows from what is declared.",
  ),
  done(
    "LAZY-002",
    "extension_lifecycle: hostile_or_unbounded_deferred_declarations_fail_manifest_validation_closed",
    "Declarations are bounded.",
  ),
  done(
    "LAZY-003",
    "extension_lifecycle: dormant_extension_tools_are_searchable_gated_and_never_spawn",
    "Searching starts no process.",
  ),
  done(
    "LAZY-004",
    "extension_lifecycle: deferred_execute_without_runtime_lease_fails_typed_and_spawns_nothing",
    "A call without a lease is a typed error.",
  ),
  done(
    "LAZY-005",
    "extension_lifecycle: runtime_initialize_declarations_must_match_manifest_exactly",
    "What the process declares must match its manifest.",
  ),
  done(
    "LAZY-006",
    "extension_lifecycle: earliest_trigger_matrix_never_uses_tool_search_alone",
    "Each class has its earliest trigger.",
  ),
  done(
    "LAZY-007",
    "extension_lifecycle: provider_declarations_are_deeply_bounded_and_typed",
    "Provider declarations are bounded.",
  ),
  done(
    "LAZY-008",
    "extension_lifecycle: user_lifecycle_conflicts_with_active_capabilities_fail_closed",
    "Contradicting declarations are refused.",
  ),
  done(
    "LAZY-009",
    "extension_lifecycle: colon_tool_names_and_digest_metadata",
    "Names have no colon; schemas have a digest.",
  ),
  done(
    "LAZY-010",
    "extension_lifecycle: runtime_description_mismatch_and_unbounded_registered_specs_fail",
    "Differing descriptions are refused.",
  ),
  done(
    "LAZY-011",
    "extension_lifecycle: deferred_tools_without_tools_register_permission_fail_before_spawn",
    "Lazy tools need tools.register.",
  ),
  done(
    "LAZY-012",
    "extension_lifecycle: deferred_providers_without_providers_register_permission_fail_closed",
    "Lazy providers need providers.register.",
  ),
  done(
    "LAZY-013",
    "extension_lifecycle: hook_lifecycle_without_hook_subscriptions_fails_closed",
    "The hook lifecycle needs hooks.",
  ),
  done(
    "LAZY-014",
    "extension_lifecycle: manager_defers_tool_only_extension_without_spawn_and_eager_flag_off_spawns",
    "A switch makes everything eager.",
  ),
  done("LAZY-020", "reference: legacy tools and activation", "The legacy form means the same as the block."),
  done(
    "LAZY-030",
    "ours: lazy",
    "first_event starts at the first matching event, once; nothing else starts it.",
  ),
  done("LAZY-031", "ours: lazy", "The first event waits within its deadline; the start goes on."),
  done("LAZY-032", "ours: lazy", "A late start that fails abstains as failed; open goes on, closed blocks."),
  done("LAZY-033", "ours: lazy", "Resume starts one that sleeps; reload puts it to sleep."),
  done("LAZY-034", "ours: lazy", "An observed event starts it too."),
  done("LAZY-035", "ours: lazy", "Events that wait for a start do not start it twice."),
  done("LAZY-036", "ours: lazy", "A restart is held against the manifest again."),
];
