import { z } from "zod";
import type { Catalog } from "../protocol/catalog.js";

/** A catalog as plain JSON with the JSON Schema of each kind's payload: what `manifests/catalogs/` holds. */
export function describeCatalog(
  catalog: Catalog,
  payloads: Readonly<Record<string, z.ZodType>>,
): Record<string, unknown> {
  const kinds = Object.entries(catalog.kinds).map(([kind, spec]) => {
    const schema = payloads[kind];
    return [
      kind,
      {
        description: spec.description,
        permission: spec.permission,
        delivery: spec.delivery,
        actions: spec.actions,
        action_permissions: spec.actionPermissions ?? {},
        tool_filter: spec.toolFilter,
        modifies: spec.modifies ?? null,
        replaces: spec.replaces ?? null,
        can_fail_closed: spec.canFailClosed,
        since_protocol: spec.since,
        deadline_ms: spec.deadlineMs,
        payload: schema ? z.toJSONSchema(schema, { io: "input", target: "draft-7" }) : {},
      },
    ];
  });
  return { name: catalog.name, chain: catalog.chain, kinds: Object.fromEntries(kinds) };
}
