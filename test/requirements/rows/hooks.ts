import { done, superseded, type Requirement } from "../row.js";

/** Events, filters, chains, actions and the trace. */
export const HOOKS: readonly Requirement[] = [
  done(
    "HOOK-001",
    "hooks: after_tool_call_replace_substitutes_recorded_output",
    "What an extension puts in place of an output is what the caller gets.",
  ),
  done(
    "HOOK-002",
    "hooks: after_tool_call_without_replace_keeps_original_output",
    "Without a replacement the caller gets the output as it was.",
  ),
  done(
    "HOOK-003",
    "hooks: replace_stops_chain_for_after_tool_call",
    "Under first_decision a replacement ends the chain.",
  ),
  done(
    "HOOK-004",
    "hooks: replace_without_transform_permission_is_ignored",
    "A replacement without tools.transform_output has no effect: the extension abstains as denied and the chain goes on.",
  ),
  done(
    "HOOK-005",
    "hooks: trace_env_value_parser_accepts_common_truthy_values",
    "1, true, yes and on switch the trace on, whatever their case; nothing else does.",
  ),
  done(
    "HOOK-006",
    "hooks: matcher_skips_handler_when_input_does_not_contain_value",
    "input_contains keeps events away whose input does not hold the text.",
  ),
  done(
    "HOOK-007",
    "hooks: hook_result_action_names_are_stable_for_trace_logs",
    "A trace line has the reference's fields and names each action as the wire does.",
  ),
  done("HOOK-008", "hooks: empty_bus_returns_continue", "An event that nobody subscribed to continues."),
  done("HOOK-009", "hooks: handler_receives_events", "A subscriber gets the event with its whole envelope."),
  done(
    "HOOK-010",
    "hooks: confirm_stops_chain_for_before_tool_call",
    "Under first_decision a confirm ends the chain.",
  ),
  done(
    "HOOK-011",
    "hooks: confirm_is_ignored_for_non_tool_hooks",
    "A confirm outside of tool calls has no effect and is reported in the vote.",
  ),
  done("HOOK-012", "hooks: block_stops_chain", "Under first_decision a block ends the chain."),
  done("HOOK-013", "hooks: modify_stops_chain", "Under first_decision a modify ends the chain."),
  done(
    "HOOK-014",
    "hooks: tool_filter_only_matches_specified_tool",
    "A subscription with a tool filter gets that tool's events alone.",
  ),
  done(
    "HOOK-015",
    "hooks: permission_denied_rejects_subscribe",
    "Subscribing without the kind's permission is refused with the permission's name.",
  ),
  done(
    "HOOK-016",
    "hooks: unsubscribe_removes_handlers",
    "Subscriptions are taken back one by one or all of one id.",
  ),
  done(
    "HOOK-017",
    "hooks: subscriptions_for_lists_only_matching_extension",
    "The subscriptions of one id are listed by kind, then by filter.",
  ),
  done("HOOK-018", "hooks: is_empty_reflects_state", "Whether and how many are subscribed can be asked."),
  done(
    "HOOK-019",
    "hooks: after_tool_call_transform_receives_full_output_not_pre_truncated",
    "A hook sees an output before anybody shortens it for a model.",
  ),
  superseded(
    "HOOK-020",
    "hooks: final_output_truncated_to_max_tool_output_after_hook",
    "A replacement within its limit is passed on whole.",
    "how much of an output a model gets is the embedding program's to decide; the host has no max_tool_output",
  ),
  superseded(
    "HOOK-021",
    "hooks: no_transform_extension_preserves_legacy_truncation",
    "Without a replacement an output of any size comes back unchanged.",
    "the host shortens no output that nobody replaced",
  ),
  done(
    "HOOK-022",
    "hooks: emit_after_tool_call_truncates_char_boundary_safe",
    "The preview of an output is never cut inside a character.",
  ),
  done(
    "HOOK-023",
    "hooks/events: wire round trips of each action",
    "Each action comes through JSON unchanged.",
  ),
  done(
    "HOOK-024",
    "hooks: advertised_actions_match_enforced_actions",
    "For every kind and action, what is advertised is what is enforced.",
  ),
  done(
    "HOOK-025",
    "extensions_contract: contract_json_matches_rust_hook_and_permission_catalogs",
    "Kinds, their permissions, tool filters and actions are the reference's.",
  ),
  done(
    "HOOK-026",
    "extensions_contract: after_tool_call_truncates_utf8_safely",
    "Up to 256 KiB of an output are shown; a longer one is marked with its whole size.",
  ),
  done(
    "HOOK-028",
    "reference: introspection",
    "A tool filter on a kind without a tool is refused when subscribing.",
  ),
  done(
    "HOOK-029",
    "ours: catalogs",
    "A kind that no catalog has is refused for subscribing and for emitting.",
  ),
  done("HOOK-030", "reference: subscriptions", "Who subscribes twice to a kind is asked twice."),
  done(
    "HOOK-031",
    "reference, known weakness: a first modify hides the call from later guards",
    "Under rewrite_then_veto a guard sees the rewritten input and can stop it.",
  ),
  done("HOOK-032", "reference: emit", "Injections add up in order, joined by a blank line."),
  done("HOOK-033", "ours: order", "Priority decides first, then the order of subscribing."),
  done("HOOK-034", "ours: failure", "A handler that throws abstains; the chain goes on."),
  done("HOOK-035", "reference: subscriptions", "A tool filter matches the API-safe or the runtime name."),
  done("HOOK-036", "ours: manifest", "A subscription may name several tools and globs."),
  done("HOOK-037", "reference: subscriptions", "input_contains looks into the compact JSON of the input."),
  done("HOOK-038", "reference: subscriptions", "input_equals compares JSON deeply; a missing input is null."),
  done("HOOK-039", "reference: subscriptions", "All conditions of a subscription must hold."),
  done("HOOK-040", "reference: results", "A modify without input is a block."),
  done(
    "HOOK-041",
    "reference: results; ours: abstained invalid",
    "Any other malformed answer abstains as invalid and the chain goes on.",
  ),
  done("HOOK-042", "reference: carrying out results", "A replacement is cut to 1 MiB at a character."),
  done("HOOK-043", "ours: the road of one event", "An event is serialised once for all its subscribers."),
  done("HOOK-044", "reference: events", "Every field arrives in a process as it was given."),
  done("HOOK-045", "reference: trace", "The trace switch is read at each emit."),
  done(
    "HOOK-046",
    "reference: trace",
    "A timeout is traced as a warning with its deadline, any other abstention with its reason.",
  ),
  done("HOOK-047", "reference: trace", "No trace or log line holds any part of a payload or an answer."),
  done(
    "HOOK-048",
    "extensions_contract: on_message_complete_event_carries_assistant_content_as_message",
    "on_message_complete carries the text and the facts about it.",
  ),
  done(
    "HOOK-049",
    "extensions_contract: on_compaction_event_carries_summary_metadata_without_transcript",
    "on_compaction carries the summary and its facts, and no transcript.",
  ),
  done(
    "HOOK-050",
    "reference: concurrent emit",
    "on_session_end goes to everybody at the same time within one budget.",
  ),
  done("HOOK-051", "reference: hook kinds, protocol 2", "on_usage reaches protocol 2 and newer alone."),
  done("HOOK-053", "ours: order", "A subscription's name is its own while it lasts."),
  done(
    "HOOK-052",
    "ours: words",
    "For each subscription matched is voted, abstained and not reached together.",
  ),
];
