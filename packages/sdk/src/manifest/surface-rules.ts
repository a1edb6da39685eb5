import { unusedEntry, type ManifestProblem } from "./problem.js";
import { readCommands } from "./read-commands.js";
import { readKeybinds } from "./read-keybinds.js";
import { readHelp, readSettings } from "./read-screens.js";
import type { Manifest } from "./schema.js";

/**
 * Rules over what stands beside `extension`: commands, keybinds, help, settings and the sidecar. Each broken rule costs its
 * entry, which the readers leave out. Removes a sidecar without a program from the manifest.
 */
export function settleSurfaces(manifest: Manifest): ManifestProblem[] {
  return [
    ...readCommands(manifest.commands).problems,
    ...readKeybinds(manifest.keybinds).problems,
    ...readHelp(manifest).problems,
    ...readSettings(manifest).problems,
    ...settleSidecar(manifest),
  ];
}

function settleSidecar({ provides }: Manifest): ManifestProblem[] {
  if (!provides?.sidecar || provides.sidecar.command.trim() !== "") return [];
  delete provides.sidecar;
  return [unusedEntry("/provides/sidecar/command", "the sidecar has an empty command")];
}
