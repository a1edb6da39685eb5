import type { Catalog } from "./catalog.js";
import { Fault } from "./catalog-rules/fault.js";
import { frozenCopy } from "./catalog-rules/frozen-copy.js";
import { checkKind } from "./catalog-rules/kind-rules.js";
import { objectWith, oneOf, recordIn, sentence } from "./catalog-rules/readers.js";
import { PERMISSIONS, RESERVED_PERMISSIONS } from "./permissions.js";

/** Version of a catalog that names none. */
const DEFAULT_VERSION = "1.0.0";

const KEYS = Object.keys({
  name: true,
  version: true,
  chain: true,
  permissions: true,
  kinds: true,
} satisfies Record<keyof Catalog, true>) as (keyof Catalog)[];

const CATALOG_NAME = /^[a-z][a-z0-9_-]{0,63}$/;
const KIND_NAME = /^(?=.{1,128}$)[A-Za-z][A-Za-z0-9_]*([.:-][A-Za-z0-9_]+)*$/;
const PERMISSION_NAME = /^(?=.{1,64}$)[a-z][a-z0-9_]*(\.[a-z0-9_]+)+$/;
/** As the semantic versioning specification has it, in short. */
const VERSION = /^(?=.{1,64}$)(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/;

/** Catalogs that were checked already: a second check of the same object would find nothing. */
const defined = new WeakSet<object>();

/**
 * Checks a catalog and returns a deep frozen copy with the defaults filled in; one that was defined before is returned as it
 * is. Throws a TypeError that names the place as a JSON pointer and the rule for whatever a host could not carry out: a
 * permission that does not exist, an action without its field, a pointer that leads nowhere, a deadline out of bounds,
 * a value of a wrong type, and data that is not plain.
 */
export function defineCatalog<const C extends Catalog>(catalog: C): C & { readonly version: string } {
  if (defined.has(catalog)) return catalog as C & { readonly version: string };
  const checked = readCatalog(catalog) as C & { readonly version: string };
  defined.add(checked);
  return checked;
}

/**
 * Freezes one of the SDK's own catalogs and counts it as defined. Does not check it: every start of a program and of an
 * extension would pay for that, and a test checks each of them by `defineCatalog`.
 */
export function ownCatalog<const C extends Catalog & { readonly version: string }>(catalog: C): C {
  freezeDeep(catalog);
  defined.add(catalog);
  return catalog;
}

function freezeDeep(value: unknown): void {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return;
  Object.freeze(value);
  for (const one of Object.values(value)) freezeDeep(one);
}

function readCatalog(given: unknown): unknown {
  let name: unknown;
  try {
    const copy = frozenCopy(given);
    const read = objectWith(copy, [], KEYS, ["name", "chain", "kinds"]);
    ({ name } = read);
    checkCatalog(read);
    return read.version === undefined ? Object.freeze({ ...read, version: DEFAULT_VERSION }) : copy;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const which = typeof name === "string" ? `Catalog '${name.slice(0, 64)}'` : "The catalog";
    const where = error.pointer === "" ? "" : ` at ${error.pointer}`;
    throw new TypeError(`${which} is wrong${where}: ${error.message}.`, { cause: error });
  }
}

function checkCatalog({
  name,
  version,
  chain,
  permissions = {},
  kinds,
}: Partial<Record<keyof Catalog, unknown>>): void {
  if (typeof name !== "string" || !CATALOG_NAME.test(name))
    throw new Fault(["name"], "a name has 1 to 64 of a to z, 0 to 9, '_' and '-', and begins with a letter");
  if (version !== undefined && !(typeof version === "string" && VERSION.test(version)))
    throw new Fault(["version"], "it must be a semantic version, for instance 1.0.0");
  oneOf(chain, ["chain"], ["first_decision", "rewrite_then_veto"], "chain policy");
  for (const [permission, words] of Object.entries(recordIn(permissions, ["permissions"]))) {
    const at = ["permissions", permission];
    if (!PERMISSION_NAME.test(permission))
      throw new Fault(
        at,
        "a permission is named as in messaging.metadata: a to z, 0 to 9 and '_', with a dot",
      );
    if (Object.hasOwn(PERMISSIONS, permission) || RESERVED_PERMISSIONS.includes(permission))
      throw new Fault(
        at,
        "a permission of this name exists already: use it as it is, or choose another name",
      );
    sentence(words, at);
  }
  const known = [...Object.keys(PERMISSIONS), ...Object.keys(permissions as object)];
  for (const [kind, spec] of Object.entries(recordIn(kinds, ["kinds"]))) {
    if (!KIND_NAME.test(kind))
      throw new Fault(
        ["kinds", kind],
        "a kind is named as in gateway.connection: at most 128 letters, digits, '_', '.', ':' and '-'",
      );
    checkKind(spec, ["kinds", kind], known);
  }
}
