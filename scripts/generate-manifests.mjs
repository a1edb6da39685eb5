// Writes the contracts that other tools read (manifests/) from the built packages. Another folder may be named, as the
// drift test does: node scripts/generate-manifests.mjs [folder]
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { hostConfigJsonSchema } from "../packages/host/dist/tooling.js";
import { CATALOGS, describeCatalog, synapsPayloads } from "../packages/sdk/dist/catalogs/index.js";
import * as framing from "../packages/sdk/dist/framing/index.js";
import * as manifest from "../packages/sdk/dist/manifest/index.js";
import * as protocol from "../packages/sdk/dist/protocol/index.js";

/** @type {readonly import("../packages/sdk/dist/protocol/index.js").Catalog[]} */
const catalogs = Object.values(CATALOGS);

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const folder = resolve(process.argv[2] ?? join(root, "manifests"));

write("extension.schema.json", manifest.manifestJsonSchema());
write("host-config.schema.json", hostConfigJsonSchema());
write("contract.json", contract());
for (const catalog of catalogs) {
  const payloads = catalog.name === "synaps" ? synapsPayloads : {};
  write(join("catalogs", `${catalog.name}.json`), describeCatalog(catalog, payloads));
}

/** What host and extension may count on, in one file: for authors in other languages. */
function contract() {
  return {
    protocol: {
      versions: protocol.PROTOCOL_VERSIONS,
      default_version: protocol.DEFAULT_PROTOCOL_VERSION,
      synaps_version: protocol.SYNAPS_VERSION,
      features: protocol.PROTOCOL_FEATURES,
      framing: "Content-Length",
    },
    methods: protocol.METHODS,
    envelope: protocol.ENVELOPE_KEYS,
    actions: protocol.ACTIONS,
    hooks: Object.fromEntries(
      catalogs.flatMap((catalog) =>
        specsOf(catalog).map(([kind, spec]) => [
          kind,
          {
            catalog: catalog.name,
            permission: spec.permission,
            actions: spec.actions,
            action_permissions: spec.actionPermissions ?? {},
            tool_filter: spec.toolFilter,
            delivery: spec.delivery,
            modifies: spec.modifies ?? null,
            replaces: spec.replaces ?? null,
            can_fail_closed: spec.canFailClosed,
            since_protocol: spec.since,
            deadline_ms: spec.deadlineMs,
          },
        ]),
      ),
    ),
    permissions: {
      known: protocol.PERMISSIONS,
      of_catalogs: Object.fromEntries(catalogs.map(({ name, permissions = {} }) => [name, permissions])),
      reserved: protocol.RESERVED_PERMISSIONS,
      enough_without_hooks: protocol.CAPABILITY_PERMISSIONS,
    },
    abstention_reasons: protocol.ABSTENTION_REASONS,
    error_codes: protocol.WIRE_ERRORS,
    limits: {
      header_bytes: framing.MAX_HEADER_BYTES,
      body_to_host_bytes: framing.MAX_INBOUND_BODY_BYTES,
      body_to_extension_bytes: framing.MAX_OUTBOUND_BODY_BYTES,
      deadline_ms: manifest.MAX_DEADLINE_MS,
      concurrency: manifest.MAX_CONCURRENCY,
      priorities: manifest.PRIORITIES,
    },
  };
}

/**
 * The kinds of a catalog as what all of them are, whichever optional members each has.
 * @param {import("../packages/sdk/dist/protocol/index.js").Catalog} catalog
 */
function specsOf(catalog) {
  return Object.entries(catalog.kinds);
}

function write(name, value) {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify(value, null, 2)}\n`);
}
