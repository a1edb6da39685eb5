import { PERMISSIONS } from "../protocol/permissions.js";
import type { Catalog, HookKindSpec } from "../protocol/catalog.js";

/** Facts that the rules need beside the manifest. */
export interface RuleContext {
  /** The extension's id: the name of its folder. */
  id: string;
  catalogs: readonly Catalog[];
}

/** The hook kind of this name in the first catalog that has it, or undefined. */
export function findKind(kind: string, catalogs: readonly Catalog[]): HookKindSpec | undefined {
  for (const catalog of catalogs) {
    if (Object.hasOwn(catalog.kinds, kind)) return catalog.kinds[kind];
  }
  return undefined;
}

/** All permissions that exist with some catalogs, each with a sentence for the person who grants it. */
export function permissionsOf(catalogs: readonly Catalog[]): Readonly<Record<string, string>> {
  return Object.assign({}, PERMISSIONS, ...catalogs.map(({ permissions }) => permissions)) as Record<
    string,
    string
  >;
}
