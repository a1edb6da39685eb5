import { later, type Requirement } from "../row.js";

/** What lazy extensions will have to do. */
export const LATER_LAZY: readonly Requirement[] = [
  later(
    "LAZY-001",
    "extension_lifecycle: classification_matrix_is_typed_and_exact",
    "The class follows from what is declared.",
    "lazy activation",
  ),
  later(
    "LAZY-002",
    "extension_lifecycle: hostile_or_unbounded_deferred_declarations_fail_manifest_validation_closed",
    "Declarations are bounded.",
    "lazy activation",
  ),
  later(
    "LAZY-003",
    "extension_lifecycle: dormant_extension_tools_are_searchable_gated_and_never_spawn",
    "Searching starts no process.",
    "lazy activation",
  ),
  later(
    "LAZY-004",
    "extension_lifecycle: deferred_execute_without_runtime_lease_fails_typed_and_spawns_nothing",
    "A call without a lease is a typed error.",
    "lazy activation",
  ),
  later(
    "LAZY-005",
    "extension_lifecycle: runtime_initialize_declarations_must_match_manifest_exactly",
    "What the process declares must match its manifest.",
    "lazy activation",
  ),
  later(
    "LAZY-006",
    "extension_lifecycle: earliest_trigger_matrix_never_uses_tool_search_alone",
    "Each class has its earliest trigger.",
    "lazy activation",
  ),
  later(
    "LAZY-007",
    "extension_lifecycle: provider_declarations_are_deeply_bounded_and_typed",
    "Provider declarations are bounded.",
    "lazy activation",
  ),
  later(
    "LAZY-008",
    "extension_lifecycle: user_lifecycle_conflicts_with_active_capabilities_fail_closed",
    "Contradicting declarations are refused.",
    "lazy activation",
  ),
  later(
    "LAZY-009",
    "extension_lifecycle: colon_tool_names_and_digest_metadata",
    "Names have no colon; schemas have a digest.",
    "lazy activation",
  ),
  later(
    "LAZY-010",
    "extension_lifecycle: runtime_description_mismatch_and_unbounded_registered_specs_fail",
    "Differing descriptions are refused.",
    "lazy activation",
  ),
  later(
    "LAZY-011",
    "extension_lifecycle: deferred_tools_without_tools_register_permission_fail_before_spawn",
    "Lazy tools need tools.register.",
    "lazy activation",
  ),
  later(
    "LAZY-012",
    "extension_lifecycle: deferred_providers_without_providers_register_permission_fail_closed",
    "Lazy providers need providers.register.",
    "lazy activation",
  ),
  later(
    "LAZY-013",
    "extension_lifecycle: hook_lifecycle_without_hook_subscriptions_fails_closed",
    "The hook lifecycle needs hooks.",
    "lazy activation",
  ),
  later(
    "LAZY-014",
    "extension_lifecycle: manager_defers_tool_only_extension_without_spawn_and_eager_flag_off_spawns",
    "A switch makes everything eager.",
    "lazy activation",
  ),
];
