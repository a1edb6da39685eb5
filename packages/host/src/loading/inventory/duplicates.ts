import { HostError } from "../../errors.js";
import type { Diagnostic } from "../manifest/diagnostic.js";
import { hold, type InventoryEntry } from "./inventory.js";

/** Keeps one extension per id: a project's replaces the user's once it may run; otherwise the first one found stays. */
export function resolveDuplicates(entries: readonly InventoryEntry[]): InventoryEntry[] {
  tellSimilar(entries);
  const owner = new Map<string, InventoryEntry>();
  for (const entry of entries) {
    const first = owner.get(entry.id);
    if (!first) {
      owner.set(entry.id, entry);
    } else if (entry.origin === "project" && first.origin === "user") {
      entry.replaces = first.root;
      entry.diagnostics = [...entry.diagnostics, replacesDiagnostic(entry, first)];
      if (entry.status === "ready") owner.set(entry.id, entry);
    } else {
      const message = `Extension '${entry.id}' is already loaded from '${first.root}'`;
      const duplicate = new HostError("MANIFEST_DUPLICATE_ID", message, {
        hint: "Rename or remove one of the two folders: the folder's name is the id.",
      });
      hold(entry, "invalid", duplicate);
    }
  }
  // A project's extension that must wait is still shown, beside the user's one that runs meanwhile.
  return entries.filter((entry) => owner.get(entry.id) === entry || entry.status !== "ready");
}

function replacesDiagnostic(
  { id, status, manifestPath: file }: InventoryEntry,
  own: InventoryEntry,
): Diagnostic {
  const what = isClosedGuard(own) ? "your own, which blocks when it cannot answer" : "your own";
  const message =
    status === "ready"
      ? `Extension '${id}' of this project takes the place of ${what}: '${own.root}' does not run here`
      : `Extension '${id}' of this project would take the place of ${what}, which runs meanwhile: '${own.root}'`;
  const hint = "Rename one of the two folders to have both: the folder's name is the id.";
  return { severity: "warning", code: "MANIFEST_REPLACES", extension: id, file, pointer: "", message, hint };
}

/** True for an extension with a hook that stops the operation when it cannot answer. */
export function isClosedGuard({ section, standIn }: InventoryEntry): boolean {
  return standIn !== undefined || section?.hooks.some(({ on_failure }) => on_failure === "closed") === true;
}

/** Names that people, and some file systems, take for the same one are told: only one of the two may be meant. */
function tellSimilar(entries: readonly InventoryEntry[]): void {
  const first = new Map<string, string>();
  for (const entry of entries) {
    const { id, manifestPath: file } = entry;
    const plain = id.normalize("NFKC").toLowerCase();
    const other = first.get(plain) ?? id;
    first.set(plain, other);
    if (other === id) continue;
    const message = `The name of extension '${id}' differs from '${other}' only in capitals or in its Unicode form`;
    const hint = "Rename one of the two folders: on some systems they are the same, with one configuration.";
    const similar = {
      severity: "warning",
      code: "MANIFEST_SIMILAR_ID",
      extension: id,
      file,
      pointer: "",
    } as const;
    entry.diagnostics = [...entry.diagnostics, { ...similar, message, hint }];
  }
}
