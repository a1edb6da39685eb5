import { join } from "node:path";
import type { InventoryStatus } from "@synaps/host";
import type { InventoryEntry } from "@synaps/host/tooling";
import type { CatalogFlags } from "../catalogs.js";
import { findingJson, findingText } from "../diagnostics.js";
import { EXIT } from "../exit-codes.js";
import { firstSteps } from "../first-steps.js";
import type { Io, Output, Style } from "../io.js";
import { NewRecords } from "../new-records.js";
import { inventoryOf, placesOf, type PlaceFlags } from "../places.js";
import { table } from "../table.js";
import { jsonDocument, plain } from "../text.js";

export interface ListFlags extends PlaceFlags, CatalogFlags {
  json?: boolean;
}

const STATUS_STYLE: Readonly<Record<InventoryStatus, Style>> = {
  ready: "green",
  invalid: "red",
  pending_consent: "yellow",
  disabled: "dim",
};

/** Shows what is installed and whether it may run, without starting it. */
export async function list({ stdout, stderr }: Io, flags: ListFlags): Promise<number> {
  const newRecords = await NewRecords.watch(flags);
  const entries = await inventoryOf(flags);
  await stderr.write(await newRecords.text(stderr));
  if (!flags.json) await stderr.write(projectNote(flags, stderr));
  if (flags.json) {
    await stdout.write(jsonDocument({ schemaVersion: 1, extensions: entries.map(entryJson) }));
    return EXIT.ok;
  }
  if (entries.length === 0) {
    await stderr.write(await firstSteps(flags));
    return EXIT.ok;
  }
  const heading = ["EXTENSION", "VERSION", "STATE", "PROTOCOL", "HOOKS", "PERMISSIONS", "FOLDER"];
  const rows = entries.map(({ id, root, status, extension }) => [
    id,
    extension?.version ?? "-",
    { text: status, style: STATUS_STYLE[status] },
    extension === undefined ? "-" : String(extension.protocol),
    hooksOf(extension),
    [...(extension?.permissions ?? [])],
    root,
  ]);
  await stdout.write(table(heading, rows, stdout));
  const findings = entries.flatMap(({ diagnostics }) => diagnostics);
  if (findings.length > 0) {
    await stdout.write(`\n${findings.map((finding) => findingText(finding, stdout)).join("")}`);
  }
  return EXIT.ok;
}

/** Tells which project's folder is used when it is not the one right here. */
function projectNote(flags: ListFlags, out: Output): string {
  const { projectExtensions, folders } = placesOf(flags);
  if (projectExtensions === null || !folders.includes(projectExtensions)) return "";
  if (projectExtensions === join(process.cwd(), ".synaps", "plugins")) return "";
  return `${out.paint("yellow", "note")}  ${plain(`the project's extensions are those of ${projectExtensions}`)}\n`;
}

function entryJson({
  id,
  root,
  origin,
  status,
  extension,
  diagnostics,
}: InventoryEntry): Record<string, unknown> {
  return {
    id,
    version: extension?.version ?? null,
    state: status,
    protocol: extension?.protocol ?? null,
    hooks: hooksOf(extension),
    permissions: [...(extension?.permissions ?? [])],
    folder: root,
    origin,
    diagnostics: diagnostics.map(findingJson),
  };
}

function hooksOf(extension: InventoryEntry["extension"]): string[] {
  return [...new Set(extension?.section.hooks.map(({ hook }) => hook))];
}
