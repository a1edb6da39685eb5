import { later, type Requirement } from "../row.js";

/** What leases, sidecars, help and installation will have to do. */
export const LATER_LEASES: readonly Requirement[] = [
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
