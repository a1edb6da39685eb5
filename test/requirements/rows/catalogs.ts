import { done, type Requirement } from "../row.js";

/** Catalogs of hook kinds: ours and those of programs that embed the host. */
export const CATALOGS: readonly Requirement[] = [
  done(
    "CATALOG-001",
    "ours: catalogs",
    "A catalog that no host could carry out is refused with the place and the rule; a checked one is a deep frozen copy.",
  ),
  done(
    "CATALOG-002",
    "ours: catalogs",
    "A payload written once is the TypeScript type of what programs raise and of what subscribers see.",
  ),
  done(
    "CATALOG-003",
    "ours: catalogs",
    "Permissions that a catalog declares are known, missed and corrected in manifests as the ecosystem's are.",
  ),
  done(
    "CATALOG-004",
    "ours: catalogs",
    "The catalogs gateway, messaging, proxy and agent come along, also as files that are read back as they stand.",
  ),
  done(
    "CATALOG-005",
    "ours: catalogs",
    "hooks, run and validate take catalogs by name or from a file, and a wrong one has one clear answer.",
  ),
  done(
    "CATALOG-006",
    "ours: catalogs",
    "Every command of docs/catalogs.md works as written, in its order, for a new embedder.",
  ),
  done(
    "CATALOG-007",
    "ours: catalogs",
    "A host with the catalogs of gateways, messages and proxies keeps what their documents promise of events and answers.",
  ),
];
