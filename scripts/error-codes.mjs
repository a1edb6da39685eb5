// Codes that no table of the packages lists, with their meanings: those of the command and of the check of manifests in
// `@synaps/sdk/testing`. A test compares both lists with the sources.

/** What the command itself complains about. */
export const COMMAND_CODES = {
  USAGE: "the command was called with an unknown option, or without one that it needs",
  ARGUMENT_NOT_FOUND: "an argument in a manifest looks like a file of the extension, and there is none",
  CANNOT_APPROVE: "there is nothing to approve: the extension's manifest is broken or it needs no approval",
  CONFIG_KEY_NOT_FOUND: "the extension's manifest declares no such configuration key",
  CONSENT_REFUSED: "the user was asked and did not say yes",
  CONSENT_REQUIRED: "a yes is needed, and there is no terminal to ask on",
  EVENTS_INVALID: "with --strict, a line of the input was no event",
  CATALOG_INVALID: "the file of a catalog declares what no host can carry out",
  CATALOG_NOT_FOUND: "there is no catalog of that name, or its file cannot be read",
  EVENTS_NOT_FOUND: "the file of events cannot be read",
  EVENT_NOT_JSON: "a line of the input is not JSON",
  EVENT_TOO_LARGE: "a line of the input is too long and was skipped",
  EXTENSION_NOT_LIVE: "the extension was asked to resume and is still not running",
  EXTENSION_NOT_STARTED: "the running host has not started the extension",
  HOST_NOT_FOUND: "no running host can be looked at",
  IGNORED_ELSEWHERE: "the reference host ignores a part of the manifest",
  INPUT_FAILED: "reading the events failed",
  INSTALL_INVALID: "the extension to install has errors",
  LOGS_CUT: "the running host ended the connection, because lines were taken too slowly",
  MEMORY_NOT_FOUND: "an extension has no notes",
  AUDIT_NOT_FOUND: "there is no audit in the folder",
  NOT_PORTABLE: "the reference host refuses a part of the manifest",
  NOT_RUNNING: "with --start, the extension did not come to run",
  NOT_UNINSTALLED: "the extension belongs to a project and was not installed by command",
  NO_EXTENSION: "a folder has a plugin without an extension in it",
  OUTPUT_FAILED: "writing to standard output failed",
  PATH_NOT_FOUND: "a path that was named does not exist",
  QUARANTINED: "the extension crashed too often and is quarantined",
  REQUIRED_ABSTAINED: "with --require, the extension abstained",
  REQUIRED_NOT_RUNNING: "with --require, the extension did not run",
  SEVERAL_HOSTS: "several running hosts have the extension: one has to be named",
  SOURCE_NOT_FOLDER: "the place to install from is not a folder",
  SOURCE_NOT_FOUND: "there is nothing to install from, and no bundled extension of the name",
};

/** Problems that `checkAgainstManifest` of `@synaps/sdk/testing` finds between a manifest and a program. */
export const CHECK_CODES = {
  NO_EXTENSION_SECTION: "the manifest has no section `extension`",
  HOOK_NOT_DECLARED: "the program handles a kind that the manifest does not subscribe",
  HOOK_WITHOUT_HANDLER: "the manifest subscribes a kind that the program does not handle",
  TOOLS_NOT_PERMITTED: "the program offers tools without the permission for it",
  TOOL_DIFFERS: "a tool differs between the manifest and the program",
  PROVIDERS_NOT_PERMITTED: "the program offers models without the permission for it",
  CONFIG_NOT_DECLARED: "the program reads a configuration key that the manifest does not declare",
  COMMAND_NOT_DECLARED: "the program handles a command that the manifest does not name",
  COMMAND_WITHOUT_HANDLER: "the manifest names a command that the program does not handle",
  EDITOR_NOT_DECLARED: "the program has an editor for a setting that the manifest does not name",
  EDITOR_WITHOUT_HANDLER: "the manifest names an editor that the program does not have",
};
