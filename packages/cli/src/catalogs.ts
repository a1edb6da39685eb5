import { readRegularFile } from "@synaps/host/tooling";
import { CATALOGS } from "@synaps/sdk/catalogs";
import { defineCatalog, didYouMean, synapsCatalog, type Catalog } from "@synaps/sdk/protocol";
import { EXIT } from "./exit-codes.js";
import { CliError } from "./present-error.js";

/** The flag that names catalogs: by name, or by the path of a file as `manifests/catalogs/` has them. */
export interface CatalogFlags {
  catalog?: string[];
}

/** Largest file of a catalog in bytes. The largest of ours has a fifth of it. */
const MAX_CATALOG_BYTES = 1024 * 1024;

/** The catalogs that the flag names, in that order. */
export function namedCatalogs({ catalog: names = [] }: CatalogFlags): Promise<Catalog[]> {
  return Promise.all(names.map(catalogOf));
}

/** Those, and before them the ecosystem's own unless one of them stands for it. Refuses two with one kind. */
export async function allCatalogs(flags: CatalogFlags): Promise<readonly Catalog[]> {
  return joined([synapsCatalog], await namedCatalogs(flags));
}

/**
 * The same for commands that start no program: with all of ours, because an extension counts if a host with any of them would
 * take it. Only a program's own catalog has to be named.
 */
export async function everyCatalog(flags: CatalogFlags): Promise<readonly Catalog[]> {
  return joined(Object.values(CATALOGS), await namedCatalogs(flags));
}

/** A named catalog stands for the one of ours that has its name. */
function joined(ours: readonly Catalog[], named: readonly Catalog[]): readonly Catalog[] {
  const all = [...ours.filter(({ name }) => !named.some((one) => one.name === name)), ...named];
  const owners = new Map<string, string>();
  for (const { name, kinds } of all)
    for (const kind of Object.keys(kinds)) {
      const other = owners.get(kind);
      if (other !== undefined) throw conflict(kind, other, name);
      owners.set(kind, name);
    }
  return all;
}

const UNKNOWN = /^(?:unknown hook kind '(.+)'|Unknown extension permission: (.+))$/;

/**
 * The advice for a manifest that names a kind or a permission that no catalog of the command has: the catalog of ours that
 * declares it, or else the way to name one's own. Undefined for every other message, and beside a probable misspelling.
 */
export function catalogHint(message: string, hint: string | undefined): string | undefined {
  const [, kind, permission] = UNKNOWN.exec(message) ?? [];
  if (kind === undefined && permission === undefined) return undefined;
  const owner = Object.values(CATALOGS).find(({ kinds, permissions = {} }: Catalog) =>
    kind === undefined ? Object.hasOwn(permissions, permission ?? "") : Object.hasOwn(kinds, kind),
  );
  if (owner)
    return `The catalog '${owner.name}' declares it: add --catalog ${owner.name}, or in a program createHost({ catalogs }).`;
  if (hint?.startsWith("Did you mean") === true) return undefined;
  return `If a program declares it in a catalog of its own, add --catalog FILE.${hint === undefined ? "" : ` ${hint}`}`;
}

async function catalogOf(name: string): Promise<Catalog> {
  if (Object.hasOwn(CATALOGS, name)) return CATALOGS[name as keyof typeof CATALOGS];
  if (!/[/\\.]/.test(name)) {
    const known = Object.keys(CATALOGS);
    throw unknown(name, known, didYouMean(name, known));
  }
  let text: string;
  try {
    text = (await readRegularFile(name, MAX_CATALOG_BYTES)).toString("utf8");
  } catch (error) {
    throw unreadable(name, error);
  }
  try {
    return defineCatalog(JSON.parse(text.replace(/^\uFEFF/, "")) as Catalog);
  } catch (error) {
    throw invalid(name, error);
  }
}

function unknown(name: string, known: readonly string[], meant: string | undefined): CliError {
  const names = meant === undefined ? `Known: ${known.join(", ")}.` : `Did you mean '${meant}'?`;
  return new CliError("CATALOG_NOT_FOUND", `There is no catalog '${name}'`, {
    hint: `${names} A file is named with its path, as in ./mine.json.`,
    exitCode: EXIT.notFound,
  });
}

function unreadable(path: string, error: unknown): CliError {
  return new CliError("CATALOG_NOT_FOUND", `The catalog '${path}' cannot be read: ${words(error)}`, {
    hint: "Name one of the catalogs, or a JSON file of at most 1 MiB.",
    exitCode: EXIT.notFound,
    cause: error,
  });
}

function invalid(path: string, error: unknown): CliError {
  return new CliError("CATALOG_INVALID", `The catalog in '${path}' cannot be used: ${words(error)}`, {
    hint: "Correct the file; docs/catalogs.md says what a catalog may declare.",
    cause: error,
  });
}

function conflict(kind: string, one: string, other: string): CliError {
  return new CliError("CATALOG_CONFLICT", `The catalogs '${one}' and '${other}' both declare '${kind}'`, {
    hint: "Name only one of them.",
    exitCode: EXIT.usage,
  });
}

function words(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Some catalogs and, of those that come along, the ones that a manifest calls optional: their hooks are checked, too. */
export function withOptionalCatalogs(manifest: string, catalogs: readonly Catalog[]): readonly Catalog[] {
  const named = optionalCatalogsOf(manifest);
  const more = Object.values(CATALOGS).filter(
    ({ name }) => named.includes(name) && catalogs.every((one) => one.name !== name),
  );
  return [...catalogs, ...more];
}

/** Names in `optional_catalogs` of a manifest; none where it has no such list. */
function optionalCatalogsOf(manifest: string): readonly unknown[] {
  try {
    const { extension } = JSON.parse(manifest) as { extension?: { optional_catalogs?: unknown } | null };
    return Array.isArray(extension?.optional_catalogs) ? extension.optional_catalogs : [];
  } catch {
    // The text is checked as a whole afterwards.
    return [];
  }
}
