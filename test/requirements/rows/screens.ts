import { done, type Requirement } from "../row.js";

/** What a program shows for extensions: keybinds, help, settings, widgets and sidecars. */
export const SCREENS: readonly Requirement[] = [
  done(
    "UI-021",
    "reference: keybinds",
    "Keys are written with modifiers before a character, F1 to F12 or a name.",
  ),
  done("UI-022", "reference: keybinds", "22 keys of the core are reserved."),
  done("UI-023", "reference: keybinds", "A keybind that is wrong is left out with a warning."),
  done("UI-024", "reference: help", "Help entries stand under help_entries or help, with defaults."),
  done(
    "UI-025",
    "reference: settings",
    "Settings stand under categories or category, with fields and editors.",
  ),
  done("SIDE-020", "reference: sidecars", "A sidecar is declared under provides and needs a command."),
];
