import { wrongEntry, type ManifestProblem } from "./problem.js";
import { readCommands } from "./read-commands.js";
import { readKeybinds } from "./read-keybinds.js";
import { readHelp, readSettings } from "./read-screens.js";
import type { Manifest } from "./schema.js";

/** Rules over what stands beside `extension`: commands, keybinds, help, settings and the sidecar. Pure. */
export function checkSurfaces(manifest: Manifest): ManifestProblem[] {
  return [
    ...readCommands(manifest.commands).problems,
    ...readKeybinds(manifest.keybinds).problems,
    ...readHelp(manifest).problems,
    ...readSettings(manifest).problems,
    ...checkSidecar(manifest),
  ];
}

function checkSidecar({ provides }: Manifest): ManifestProblem[] {
  const sidecar = provides?.sidecar;
  if (!sidecar || sidecar.command.trim() !== "") return [];
  return [
    wrongEntry("/provides/sidecar/command", "the sidecar has an empty command", "Name the program to start."),
  ];
}
