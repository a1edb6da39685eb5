/** Why a lazy extension's declarations are refused: a token that never changes, and what it means. */
export const DEFERRED_REASONS = {
  invalid_deferred_block: "'deferred' must be an object whose lists are lists of objects",
  invalid_lifecycle: "'lifecycle' must be 'hook' or 'user'",
  too_many_declared_tools: "at most 256 tools may be declared",
  invalid_declared_tool_name: "a tool's name has 1 to 128 bytes, no colon and no control character",
  duplicate_declared_tool_name: "two tools have the same name",
  invalid_declared_tool_description: "a tool's description has 1 to 1024 bytes and is not blank",
  invalid_declared_tool_schema: "a tool's input_schema must be a JSON object",
  declared_tool_schema_too_large: "a tool's input_schema has at most 64 KiB",
  too_many_declared_providers: "at most 16 providers may be declared",
  invalid_declared_provider_id: "a provider's id has 1 to 128 bytes, no colon and no control character",
  duplicate_declared_provider_id: "two providers have the same id",
  invalid_declared_provider_display_name:
    "a provider's display_name has 1 to 256 bytes and no control character",
  invalid_declared_provider_description: "a provider's description has 1 to 1024 bytes and is not blank",
  invalid_declared_model_count: "a provider declares 1 to 64 models",
  invalid_declared_model_id: "a model's id has 1 to 128 bytes, no colon and no control character",
  duplicate_declared_model_id: "two models of a provider have the same id",
  invalid_declared_model_display_name: "a model's display_name has 1 to 256 bytes and no control character",
  invalid_declared_model_capabilities: "a model's capabilities are null or true and false by name",
  invalid_declared_model_context_window: "a model's context_window is a whole number above 0",
  invalid_declared_provider_config_schema: "a provider's config_schema must be a JSON object",
  declared_provider_config_schema_too_large: "a provider's config_schema has at most 64 KiB",
  too_many_declared_context_providers: "at most 8 context providers may be declared",
  invalid_declared_context_provider_id:
    "a context provider's id has 1 to 128 printable ASCII characters and no colon",
  duplicate_declared_context_provider_id: "two context providers have the same id",
  invalid_declared_context_provider_capability:
    "a context provider's capability has 1 to 128 printable ASCII characters",
  invalid_declared_context_provider_description:
    "a context provider's description has 1 to 1024 bytes and is not blank",
  invalid_declared_context_provider_schema_version:
    "a context provider's schema_version is a whole number of 1 or more",
  deferred_tools_require_tools_register_permission: "declared tools need the permission 'tools.register'",
  deferred_providers_require_providers_register_permission:
    "declared providers need the permission 'providers.register'",
  deferred_context_providers_require_context_providers_register_permission:
    "declared context providers need the permission 'context_providers.register'",
  user_lifecycle_conflicts_with_active_capabilities:
    "what only the user starts cannot offer tools or providers to the program",
  hook_lifecycle_requires_hook_subscriptions: "the lifecycle 'hook' needs at least one hook",
  legacy_deferred_conflicts_with_deferred_block: "'activation' and 'deferred' say the same thing twice",
  legacy_deferred_requires_tools: "activation 'deferred' needs the list 'tools' beside it",
} as const;

/** Reason for refusing the declarations of a lazy extension: a key of `DEFERRED_REASONS`. */
export type DeferredReason = keyof typeof DEFERRED_REASONS;

/** Thrown inside the reading of declarations; never leaves it. */
export class DeferredRefusal extends Error {
  readonly reason: DeferredReason;
  readonly pointer: string;

  constructor(reason: DeferredReason, pointer: string) {
    super(reason);
    this.reason = reason;
    this.pointer = pointer;
  }
}
