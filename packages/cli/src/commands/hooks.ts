import { synapsCatalog, type Catalog, type HookKindSpec } from "@synaps/sdk/protocol";
import { namedCatalogs, type CatalogFlags } from "../catalogs.js";
import { EXIT } from "../exit-codes.js";
import type { Io } from "../io.js";
import { table } from "../table.js";
import { jsonDocument } from "../text.js";

export interface HooksFlags extends CatalogFlags {
  json?: boolean;
}

/** Shows every place where an extension can be asked: those of the named catalogs, else of the ecosystem's. */
export async function hooks({ stdout }: Io, flags: HooksFlags): Promise<number> {
  const named = await namedCatalogs(flags);
  const catalogs: readonly Catalog[] = named.length === 0 ? [synapsCatalog] : named;
  const kinds = catalogs.flatMap((catalog) => Object.entries<HookKindSpec>(catalog.kinds));
  if (flags.json) {
    await stdout.write(
      jsonDocument({ schemaVersion: 1, hooks: kinds.map(([kind, spec]) => kindJson(kind, spec)) }),
    );
    return EXIT.ok;
  }
  const heading = ["HOOK", "PERMISSION", "DELIVERY", "ACTIONS", "TOOL FILTER", "DEADLINE", "PROTOCOL"];
  const rows = kinds.map(([kind, spec]) => [
    kind,
    spec.permission,
    spec.delivery,
    spec.actions,
    spec.toolFilter ? "yes" : "no",
    `${spec.deadlineMs} ms`,
    `${spec.since}+`,
  ]);
  await stdout.write(table(heading, rows, stdout));
  const descriptions = table(
    ["HOOK", "WHEN"],
    kinds.map(([kind, { description }]) => [kind, description]),
    stdout,
  );
  await stdout.write(`\n${descriptions}`);
  const second = kinds.flatMap(([kind, { actionPermissions = {} }]) =>
    Object.entries(actionPermissions).map(
      ([action, needed]) => `${kind}: '${action}' also needs ${needed}\n`,
    ),
  );
  await stdout.write(`\n${second.join("")}`);
  const sentences = catalogs.flatMap(({ permissions = {} }) => Object.entries(permissions));
  if (sentences.length > 0) await stdout.write(`\n${table(["PERMISSION", "ALLOWS TO"], sentences, stdout)}`);
  return EXIT.ok;
}

function kindJson(kind: string, spec: HookKindSpec): Record<string, unknown> {
  return {
    kind,
    permission: spec.permission,
    delivery: spec.delivery,
    actions: spec.actions,
    actionPermissions: spec.actionPermissions ?? {},
    toolFilter: spec.toolFilter,
    canFailClosed: spec.canFailClosed,
    deadlineMs: spec.deadlineMs,
    sinceProtocol: spec.since,
    description: spec.description,
    payload: spec.payload ?? null,
    attributes: spec.attributes ?? {},
  };
}
