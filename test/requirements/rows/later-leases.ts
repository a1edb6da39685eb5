import { later, type Requirement } from "../row.js";

/** What leases, sidecars, help and installation will have to do. */
export const LATER_LEASES: readonly Requirement[] = [
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
