import { done, superseded, type Requirement } from "../row.js";

/** What providers of extensions promise to whoever asks them, and to the user. */
export const PROVIDERS: readonly Requirement[] = [
  done(
    "PROV-001",
    "extensions_e2e: extension_provider_metadata_is_registered_when_permission_is_declared",
    "Declared providers and their models are listed.",
  ),
  done(
    "PROV-002",
    "extensions_e2e: extension_provider_complete_routes_to_process",
    "A completion is answered by the provider's process.",
  ),
  done(
    "PROV-003",
    "extensions_e2e: provider_disabled_in_trust_state_blocks_route",
    "A provider that the user disabled gets nothing.",
  ),
  done(
    "PROV-004",
    "extensions_e2e: extension_provider_tool_use_is_executed_by_router_before_final_response",
    "Tools that a provider asks for are run before its final text.",
  ),
  done(
    "PROV-005",
    "extensions_e2e: audit_log_records_disabled_route",
    "A refused route leaves one line in the audit file.",
  ),
  done(
    "PROV-010",
    "extension_provider_streaming: provider_stream_forwards_events_and_returns_final_result",
    "Streamed events and the final result arrive.",
  ),
  done(
    "PROV-011",
    "extension_provider_streaming: provider_stream_completes_when_sink_dropped",
    "A stream ends well when nobody listens any more.",
  ),
  done(
    "PROV-012",
    "extension_provider_streaming: provider_stream_propagates_extension_error",
    "An error in a stream reaches the caller.",
  ),
  done(
    "PROV-013",
    "extension_provider_streaming: provider_stream_skips_malformed_notification_events",
    "Malformed stream events are skipped, counted and warned of.",
  ),
  done(
    "PROV-014",
    "extension_provider_streaming: provider_stream_ignores_unknown_notification_methods",
    "Unknown notifications are ignored.",
  ),
  done(
    "PROV-015",
    "extension_provider_tool_use: extracts_anthropic_tool_use_blocks_from_provider_content",
    "Tool requests are found in a provider's content.",
  ),
  done(
    "PROV-016",
    "extension_provider_tool_use: rejects_provider_tool_use_without_required_fields",
    "A tool request without id or name fails the turn.",
  ),
  done(
    "PROV-017",
    "extension_provider_tool_use: executes_provider_requested_tool_through_synaps_registry",
    "A requested tool is run by the host.",
  ),
  done(
    "PROV-018",
    "extension_provider_tool_use: provider_requested_tool_execution_failure_is_marked_as_error",
    "The output of a failed, unknown or misused tool is marked as an error.",
  ),
  done(
    "PROV-019",
    "extension_provider_tool_use: provider_requested_tool_calls_are_blocked_by_hooks",
    "Hooks see and stop a provider's tool calls; a confirmation blocks.",
  ),
  superseded(
    "PROV-020",
    "providers",
    "Text, thinking, tool_use, usage, error and done all arrive, in order, and make up the content where there is no other.",
    "the reference forwards text only, and loses thinking, usage and tool requests",
  ),
  superseded(
    "PROV-021",
    "process runtime: notification fan-out",
    "Streams that run at the same time are kept apart.",
    "the reference has one at a time; protocol 3 names the stream of each event",
  ),
  superseded(
    "PROV-022",
    "process runtime: notification fan-out",
    "A slow reader of a stream gets joined text, then a count of what was dropped, and delays nobody.",
    "in the reference a reader that falls eight events behind stalls the extension's answers",
  ),
  done("PROV-023", "providers", "A model has three parts: extension, provider and model; lists are sorted."),
  done("PROV-024", "providers", "An answer without content, or with blocks that make no sense, is refused."),
  superseded(
    "PROV-025",
    "process runtime: timeouts",
    "A completion has 60 s and a stream 120 s, in all; an error keeps code and data; nothing is asked twice.",
    "the reference ends both after 30 s, restarts on every error and asks again",
  ),
  done(
    "PROV-026",
    "ours",
    "The program's own tools take part in the loop and go before tools of extensions.",
  ),
  done("PROV-027", "providers", "The loop ends after 8 turns; a tool's output is cut at 30,000 bytes."),
  superseded(
    "PROV-028",
    "providers",
    "A model that streams and uses tools does both.",
    "the reference does not stream where tools are offered",
  ),
  done(
    "PROV-030",
    "earlier repository: try_route_streams_text_deltas_when_provider_supports_streaming",
    "A streaming model's text arrives in order, while it is at it; another's whole answer becomes events.",
  ),
  done(
    "PROV-031",
    "earlier repository: provider_tool_loop_returns_final_text_after_tool_result_turn",
    "The loop of tool calls ends with the text.",
  ),
  done(
    "PROV-032",
    "trust file",
    "The trust file is changed atomically, keeps what others wrote, and holds at once.",
  ),
  superseded(
    "PROV-033",
    "trust file",
    "A trust file that cannot be read closes all providers, is audited, and is never overwritten.",
    "the reference leaves no audit line",
  ),
  superseded(
    "PROV-034",
    "audit files",
    "Each route leaves one line with who, how many tools and how it ended, and nothing of what was said.",
    "the reference counts no requests for tools in streams",
  ),
  done("PROV-035", "providers", "A provider that may ask for tools is warned of when it is loaded."),
  done("PROV-036", "audit files", "An accepted replacement of an output leaves a line with both lengths."),
  superseded(
    "PROV-037",
    "audit files",
    "Audit files only grow, survive torn and foreign lines, and are put aside when they are full.",
    "the reference lets them grow without end",
  ),
  done(
    "PROV-038",
    "ours",
    "A provider of the SDK is a generator or emits; its end, its errors and its cancellation arrive.",
  ),
  done(
    "PROV-070",
    "reference: providers",
    "A model that streams is asked for a stream when no tools are offered, and for a whole when it uses tools that are.",
  ),
  done(
    "PROV-072",
    "ours: command line",
    "`synaps-ext providers` shows the providers and switches one off or on, with an exit code for each end.",
  ),
  done(
    "PROV-071",
    "reference: providers",
    "The thinking budget is a whole number, 0 unless the program asks for one.",
  ),
];
