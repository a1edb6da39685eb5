import { later, type Requirement } from "../row.js";

/** What tools, providers, commands and memory will have to do. */
export const LATER: readonly Requirement[] = [
  later(
    "PROV-001",
    "extensions_e2e: extension_provider_metadata_is_registered_when_permission_is_declared",
    "Declared providers and their models are listed.",
    "routing to providers",
  ),
  later(
    "PROV-002",
    "extensions_e2e: extension_provider_complete_routes_to_process",
    "A completion is answered by the provider's process.",
    "routing to providers",
  ),
  later(
    "PROV-003",
    "extensions_e2e: provider_disabled_in_trust_state_blocks_route",
    "A provider that the user disabled gets nothing.",
    "the trust file",
  ),
  later(
    "PROV-004",
    "extensions_e2e: extension_provider_tool_use_is_executed_by_router_before_final_response",
    "Tools that a provider asks for are run before its final text.",
    "routing to providers",
  ),
  later(
    "PROV-005",
    "extensions_e2e: audit_log_records_disabled_route",
    "A refused route leaves one line in the audit file.",
    "the audit file",
  ),
  later(
    "PROV-010",
    "extension_provider_streaming: provider_stream_forwards_events_and_returns_final_result",
    "Streamed events and the final result arrive.",
    "streaming from providers",
  ),
  later(
    "PROV-011",
    "extension_provider_streaming: provider_stream_completes_when_sink_dropped",
    "A stream ends well when nobody listens any more.",
    "streaming from providers",
  ),
  later(
    "PROV-012",
    "extension_provider_streaming: provider_stream_propagates_extension_error",
    "An error in a stream reaches the caller.",
    "streaming from providers",
  ),
  later(
    "PROV-013",
    "extension_provider_streaming: provider_stream_skips_malformed_notification_events",
    "Malformed stream events are skipped.",
    "streaming from providers",
  ),
  later(
    "PROV-014",
    "extension_provider_streaming: provider_stream_ignores_unknown_notification_methods",
    "Unknown notifications are ignored.",
    "streaming from providers",
  ),
  later(
    "PROV-015",
    "extension_provider_tool_use: extracts_anthropic_tool_use_blocks_from_provider_content",
    "Tool requests are found in a provider's content.",
    "tool calls of providers",
  ),
  later(
    "PROV-016",
    "extension_provider_tool_use: rejects_provider_tool_use_without_required_fields",
    "A tool request without id or name fails the turn.",
    "tool calls of providers",
  ),
  later(
    "PROV-017",
    "extension_provider_tool_use: executes_provider_requested_tool_through_synaps_registry",
    "A requested tool is run by the host.",
    "tool calls of providers",
  ),
  later(
    "PROV-018",
    "extension_provider_tool_use: provider_requested_tool_execution_failure_is_marked_as_error",
    "A failed tool is marked as an error.",
    "tool calls of providers",
  ),
  later(
    "PROV-019",
    "extension_provider_tool_use: provider_requested_tool_calls_are_blocked_by_hooks",
    "Hooks see and stop a provider's tool calls.",
    "tool calls of providers",
  ),
];
