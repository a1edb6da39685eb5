import type { Catalog } from "../protocol/catalog.js";
import { defineCatalog } from "../protocol/define-catalog.js";
import type { PayloadSchema } from "../protocol/payload.js";

/**
 * A catalog as `manifests/catalogs/` holds it: its declaration, which `defineCatalog` takes back as it stands. `payloads`
 * are added to kinds that declare none.
 */
export function describeCatalog(
  catalog: Catalog,
  payloads: Readonly<Record<string, PayloadSchema>> = {},
): Catalog {
  const kinds = Object.entries(catalog.kinds).map(([kind, spec]) => {
    const payload = spec.payload ?? payloads[kind];
    return [kind, payload === undefined ? spec : { ...spec, payload }] as const;
  });
  return defineCatalog({ ...catalog, kinds: Object.fromEntries(kinds) });
}
