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
  const named = await namedCatalogs(flags);
  const all = named.some(({ name }) => name === synapsCatalog.name) ? named : [synapsCatalog, ...named];
  const owners = new Map<string, string>();
  for (const { name, kinds } of all)
    for (const kind of Object.keys(kinds)) {
      const other = owners.get(kind);
      if (other !== undefined) throw conflict(kind, other, name);
      owners.set(kind, name);
    }
  return all;
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
    return defineCatalog(JSON.parse(text) as Catalog);
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
