import { done, superseded, type Requirement } from "../row.js";

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
  done(
    "SIDE-010",
    "earlier repository: manager_drives_sidecar_insert_text_end_to_end",
    "A sidecar inserts text and ends.",
  ),
  done(
    "UI-001",
    "earlier repository: plugin_can_add_namespaced_help_topic_under_help",
    "Plugins can add help topics.",
  ),
  done(
    "UI-002",
    "earlier repository: plugin_help_topic_appears_in_find_menu",
    "They are found by searching.",
  ),
  done(
    "UI-003",
    "earlier repository: plugin_command_help_entry_appears_in_find_menu",
    "Commands are found by searching.",
  ),
  done(
    "UI-004",
    "earlier repository: plugin_cannot_hijack_builtin_help_topics_but_can_add_new_help_topics",
    "Built-in topics stay.",
  ),
  done(
    "UI-030",
    "reference: widgets",
    "A widget is shown, replaced and dismissed by its id, for a session or all.",
  ),
  done("UI-031", "reference: widgets", "A widget with a time to live ends by itself."),
  done("UI-032", "ours: failure", "An extension has at most 16 widgets."),
  done("UI-033", "ours: failure", "What an extension showed goes with it."),
  done("UI-034", "ours: failure", "Texts of widgets are bounded and free of control characters."),
  done(
    "UI-035",
    "reference: widgets",
    "A widget has an id, lines, and one of nine places; top right by default.",
  ),
  done("UI-036", "ours: failure", "No listener for what is shown can stop the reading."),
  done(
    "UI-040",
    "reference: settings",
    "A custom editor is opened, rendered, given keys and ends with a value.",
  ),
  done("UI-041", "reference: lessons from the wild", "An editor's answer may carry its render."),
  done("UI-042", "ours: failure", "An editor that fails is an answer; one that does not exist is an error."),
  done("UI-043", "ours: failure", "An editor that is not open changes nothing."),
  done("UI-044", "ours: failure", "Renders and values of editors are bounded and clean."),
  superseded(
    "UI-050",
    "reference: keybinds",
    "The user's keybinds win, then the first extension's; who lost a key is listed.",
    "the reference keeps collisions to itself",
  ),
  superseded(
    "UI-051",
    "reference: theme tokens",
    "Theme tokens of discovered extensions are kept.",
    "the reference loses them when it discovers extensions",
  ),
  done(
    "UI-052",
    "reference: info.get",
    "An answer to info.get of another shape is told as malformed and harms nothing.",
  ),
  done(
    "UI-053",
    "reference: capability snapshot",
    "A snapshot lists hooks, tools, providers and further abilities.",
  ),
  done(
    "RPC-004",
    "extensions_info: manager_caches_plugin_info_after_initialize",
    "What info.get answered can be read by the program.",
  ),
  done(
    "SIDE-001",
    "extensions_sidecar_spawn_args: manager_returns_plugin_supplied_spawn_args",
    "An extension names the arguments of its sidecar.",
  ),
  done(
    "SIDE-002",
    "extensions_sidecar_spawn_args: manager_propagates_method_not_found_error",
    "An unknown method is told.",
  ),
  done(
    "SIDE-003",
    "extensions_sidecar_spawn_args: manager_rejects_invalid_response_payload",
    "A malformed answer is refused.",
  ),
  done(
    "SIDE-004",
    "extensions_sidecar_spawn_args: manager_accepts_empty_object_as_defaults",
    "An empty answer means the defaults.",
  ),
  done(
    "SIDE-005",
    "extensions_sidecar_spawn_args: manager_returns_unknown_extension_for_missing_id",
    "An unknown id is told.",
  ),
  done(
    "SIDE-021",
    "reference: sidecars",
    "Unknown, malformed and overlong lines of a sidecar are passed over.",
  ),
  done(
    "SIDE-022",
    "reference: sidecars",
    "A sidecar says hello in version 2 within 10 seconds, or is ended.",
  ),
  superseded(
    "SIDE-023",
    "reference: sidecars",
    "A sidecar is asked to end, and 2 seconds later its whole group is ended; a host that stops does the same.",
    "the reference kills the process alone and leaves its children",
  ),
  done("SIDE-024", "reference: sidecars", "A sidecar is started only when it is asked for."),
  done("SIDE-025", "ours: failure", "A sidecar whose program is missing is an error that names it."),
  done("SIDE-026", "reference: sidecars", "A line of a sidecar has at most 1 MiB."),
  done(
    "DRIVE-001",
    "reference: session drivers",
    "A proposal for the session is read from a command's answer.",
  ),
  done("DRIVE-002", "reference: session drivers", "Unknown fields and values out of bounds are refused."),
  done("DRIVE-003", "reference: session drivers", "Proposing needs the permission session.drive."),
  done("DRIVE-004", "reference: session drivers", "A poll asks once, with five seconds, for next or stop."),
  done("DRIVE-005", "reference: session drivers", "Feedback compares a turn with the four before it."),
  done(
    "DRIVE-006",
    "reference: session drivers",
    "Feedback looks at tools in any order of keys, within bounds.",
  ),
];
