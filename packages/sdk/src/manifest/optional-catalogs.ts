import type { RuleContext } from "./find-kind.js";
import { unusedEntry, wrongEntry, type ManifestProblem } from "./problem.js";
import type { ExtensionSection } from "./schema.js";

const AT = "/extension/optional_catalogs";

/** First protocol in which a catalog can be optional. */
const SINCE = 3;

/** Names of the optional catalogs that this host does not have. */
export function absentCatalogs(extension: ExtensionSection, { catalogs }: RuleContext): readonly string[] {
  if (extension.protocol_version < SINCE) return [];
  const present = new Set(catalogs.map(({ name }) => name));
  return (extension.optional_catalogs ?? []).filter((name) => !present.has(name));
}

/** True for a kind or a permission of one of these catalogs. */
export function isOfCatalog(name: string, catalogs: readonly string[]): boolean {
  return catalogs.includes(catalogOf(name));
}

/** Kinds of `synaps` are the only ones without the name of their catalog in front. */
function catalogOf(name: string): string {
  const dot = name.indexOf(".");
  return dot < 0 ? "synaps" : name.slice(0, dot);
}

/**
 * Takes hooks and permissions of optional catalogs that this host does not have out of the section, and says so. It is an error
 * if no hook is left, and if a name has no hook. Call it after all rules: their pointers count the hooks of the file.
 */
export function settleOptionalCatalogs(extension: ExtensionSection, context: RuleContext): ManifestProblem[] {
  const { optional_catalogs: named, hooks, permissions, protocol_version } = extension;
  if (named === undefined) return [];
  if (protocol_version < SINCE)
    return [unusedEntry(AT, `'optional_catalogs' has no meaning under protocol_version ${protocol_version}`)];
  const unused = named.flatMap((name, index) => {
    if (hooks.some(({ hook }) => catalogOf(hook) === name)) return [];
    return [wrongEntry(`${AT}/${index}`, `no hook is of the catalog '${name}'`, "Correct or remove it.")];
  });
  const absent = absentCatalogs(extension, context);
  const left = hooks.filter(({ hook }) => !isOfCatalog(hook, absent));
  if (unused.length > 0 || left.length === hooks.length) return unused;
  const list = absent.map((name) => `'${name}'`).join(", ");
  if (left.length === 0) {
    const message = `this host has none of the extension's catalogs: ${list}`;
    const hint = `In a program createHost({ catalogs }); with the command --catalog ${absent[0] ?? ""}.`;
    return [wrongEntry(AT, message, hint)];
  }
  const count = hooks.length - left.length;
  extension.hooks = left;
  extension.permissions = permissions.filter((permission) => !isOfCatalog(permission, absent));
  return [
    {
      severity: "warning",
      code: "CATALOG_ABSENT",
      pointer: AT,
      message: `this host does not have ${list}: ${count} ${count === 1 ? "hook is" : "hooks are"} left out`,
      hint: "The manifest allows that. Nothing is to be done.",
    },
  ];
}
