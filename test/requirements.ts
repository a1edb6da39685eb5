import { ACTIONS } from "./requirements/rows/actions.js";
import { MISTAKES } from "./requirements/rows/mistakes.js";
import { AUDIT } from "./requirements/rows/audit.js";
import { AUTHORS } from "./requirements/rows/authors.js";
import { BUILTINS } from "./requirements/rows/builtins.js";
import { CATALOGS } from "./requirements/rows/catalogs.js";
import { COMMANDS } from "./requirements/rows/commands.js";
import { CONFIG } from "./requirements/rows/config.js";
import { FAILURE } from "./requirements/rows/failure.js";
import { FIELDS } from "./requirements/rows/fields.js";
import { HOST_CONFIG_LIVE } from "./requirements/rows/host-config-live.js";
import { HOST_CONFIG } from "./requirements/rows/host-config.js";
import { HOOKS } from "./requirements/rows/hooks.js";
import { INSTALL } from "./requirements/rows/install.js";
import { LEASES } from "./requirements/rows/leases.js";
import { STREAMS } from "./requirements/rows/streams.js";
import { TRUST } from "./requirements/rows/trust.js";
import { LIFECYCLE } from "./requirements/rows/lifecycle.js";
import { LAZY } from "./requirements/rows/lazy.js";
import { LATER_LEASES } from "./requirements/rows/later-leases.js";
import { MANIFEST } from "./requirements/rows/manifest.js";
import { MEMORY } from "./requirements/rows/memory.js";
import { EMBEDDING } from "./requirements/rows/embedding.js";
import { PAGES } from "./requirements/rows/pages.js";
import { PROGRAM_HOOKS } from "./requirements/rows/program-hooks.js";
import { PROCESS } from "./requirements/rows/process.js";
import { RECORDS } from "./requirements/rows/records.js";
import { RELIABILITY } from "./requirements/rows/reliability.js";
import { PROVIDERS } from "./requirements/rows/providers.js";
import { TOOLS } from "./requirements/rows/tools.js";
import { WHOLE_WAYS } from "./requirements/rows/whole-ways.js";
import { WIRING } from "./requirements/rows/wiring.js";
import { SCREENS } from "./requirements/rows/screens.js";
import type { Requirement } from "./requirements/row.js";

/**
 * The ledger of what the host promises: the behaviour of the reference (the public SynapsCLI), row by row, and what
 * we add or do in its stead. Tests name the rows they prove with `verifies`; `requirements/coverage.test.ts` fails
 * for a row that nobody proves.
 */
export const REQUIREMENTS: readonly Requirement[] = [
  ...HOOKS,
  ...HOST_CONFIG_LIVE,
  ...PROGRAM_HOOKS,
  ...ACTIONS,
  ...FIELDS,
  ...MANIFEST,
  ...PROCESS,
  ...FAILURE,
  ...RELIABILITY,
  ...STREAMS,
  ...WHOLE_WAYS,
  ...COMMANDS,
  ...SCREENS,
  ...AUDIT,
  ...BUILTINS,
  ...AUTHORS,
  ...MISTAKES,
  ...CONFIG,
  ...HOST_CONFIG,
  ...RECORDS,
  ...MEMORY,
  ...LIFECYCLE,
  ...TRUST,
  ...TOOLS,
  ...LEASES,
  ...INSTALL,
  ...PROVIDERS,
  ...LAZY,
  ...LATER_LEASES,
  ...EMBEDDING,
  ...CATALOGS,
  ...PAGES,
  ...WIRING,
];

export type { Requirement } from "./requirements/row.js";
