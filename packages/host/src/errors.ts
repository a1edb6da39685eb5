/** Every code a HostError can carry, with what it means. Pinned by a test, listed in the documentation. */
export const HOST_ERROR_CODES = {
  HOST_STOPPED: "the host was stopped and cannot be used again",
  HOST_NOT_STARTED:
    "an event was raised before the extensions of the host were known, or after a failed start",
  HOST_OPTIONS_INVALID: "an option of createHost, or of a method of the host, is wrong",
  EVENT_UNKNOWN_KIND: "no catalog of the host knows the hook kind",
  EVENT_INVALID: "the event is not JSON or lacks what its kind needs",
  SUBSCRIBE_DENIED: "a subscription lacks its permission or names what the kind does not allow",
  HOOK_REFUSED: "a hook of the program is malformed, its id is taken, or its onRegister failed",
  HOOK_NOT_FOUND: "no hook or plugin of the program has the name",
  HOOK_UNREGISTER_FAILED: "a hook of the program is gone, but its onUnregister failed or took too long",
  CATALOG_CONFLICT: "two catalogs declare the same hook kind, or one permission with two meanings",
  TOOL_NOT_FOUND: "no extension that runs has a tool of the name",
  TOOL_NAME_TAKEN: "two extensions have a tool of the same name; the one loaded later is not offered",
  TOOL_SCHEMA_UNCHECKED: "a tool's input schema has keywords, references or patterns that check nothing",
  TOOL_NAMES_ALIKE: "two tools of an extension have names that differ only in case or in the form of letters",
  SENT_DROPPED: "an extension sent widgets, tasks or output that were malformed or too many",
  PROVIDER_NOT_FOUND: "no extension that runs has a model of the name",
  PROVIDER_DISABLED: "the user switched the provider off",
  PROVIDER_FAILED: "a provider answered with an error",
  PROVIDER_UNAVAILABLE: "a provider gave no answer",
  PROVIDER_CANCELLED: "a request to a provider was cancelled",
  PROVIDER_MALFORMED: "a provider's answer breaks a rule",
  PROVIDER_TOOL_LIMIT: "a provider asked for tools in more turns than it may have",
  PROVIDER_USES_TOOLS: "a provider may ask for tools to be run",
  TRUST_UNREADABLE: "the record of providers that the user switched off cannot be read",
  TOPIC_INVALID:
    "a topic, a glob of topics or the data of a raised event is wrong, or it came through too many handlers",
  EXTENSION_NOT_FOUND: "no extension has the id",
  EXTENSION_DISABLED: "the user switched the extension off",
  EXTENSION_QUARANTINED: "the extension crashed too often and is quarantined",
  EXTENSION_STOPPED: "the extension was stopped or unloaded before its start had ended",
  FOLDER_NOT_FOUND: "an extension folder that was named does not exist or cannot be read",
  CONTROL_UNAVAILABLE: "no running host can be reached, or its control socket has no safe place",
  CONTROL_INVALID: "a request to a running host makes no sense",
  SERVICE_UNAVAILABLE: "the resident service cannot be reached or started, or its socket has no safe place",
  SERVICE_INVALID: "a request to the resident service makes no sense",
  SERVICE_BUSY: "the resident service has as much to do as it takes on",
  AGENT_PAYLOAD_INVALID: "an agent's hook sent something that is none of its events",
  MANIFEST_NOT_FOUND: "a folder has no .synaps-plugin/plugin.json",
  MANIFEST_UNREADABLE: "a manifest cannot be read",
  MANIFEST_NOT_JSON: "a manifest is not JSON",
  MANIFEST_INVALID: "a manifest breaks a rule",
  MANIFEST_UNSUPPORTED: "a manifest asks for something this host does not support",
  MANIFEST_UNKNOWN_KEY: "a manifest has a key that looks like a slip of the pen",
  MANIFEST_NOT_ENFORCED: "a manifest asks for a restriction that is not enforced",
  MANIFEST_DEAD_FILTER: "a hook has a filter that no event can pass, so that it is never asked",
  MANIFEST_ENTRY_UNUSED: "an entry of a manifest is left out, because it is wrong or its place is taken",
  CATALOG_ABSENT: "a manifest leaves out the hooks of a catalog that this host does not have",
  MANIFEST_INCOMPATIBLE: "a manifest says that it is made for other versions",
  MANIFEST_DUPLICATE_ID: "two folders have the same extension id",
  MANIFEST_SIMILAR_ID: "the ids of two extensions differ only in capitals or in their Unicode form",
  MANIFEST_REPLACES: "an extension of a project takes the place of the user's own of the same id",
  MANIFEST_MISPLACED: "the content of an extension stands in the folder of extensions itself",
  PERMISSION_UNKNOWN: "a permission does not exist or is reserved",
  PERMISSION_MISSING: "a hook or declaration lacks its permission",
  CONFIG_MISSING: "a required configuration value is missing",
  CONFIG_UNREADABLE: "a configuration file cannot be read",
  CONFIG_INVALID: "a configuration value is not of its type, or a key or value cannot stand in the file",
  HOST_CONFIG_INVALID: "the file with the configuration of the host is wrong, or cannot be read",
  CONFIG_NOT_WRITTEN: "a configuration file could not be written",
  BASE_DIR_UNKNOWN: "neither the environment nor the system names a base folder",
  FILE_NOT_WRITTEN:
    "a file under the base folder was not changed: a program keeps its lock, a link leads out, or the system refused",
  MEMORY_INVALID: "a note or a query of the memory breaks a limit",
  MEMORY_UNAVAILABLE: "notes could not be read or written",
  CONSENT_PENDING: "the user has not approved the extension's code",
  CONSENT_UNREADABLE: "the record of the user's approvals cannot be read",
  CONSENT_NOT_RECORDED: "an approval could not be written down",
  GUARD_ABSENT: "a guard that fails closed cannot run, so that what it guards is blocked",
  CODE_CHANGED: "the code of an extension in the user's folder changed since its last start",
  CODE_UNREADABLE: "a file that an approval has to cover cannot be read",
  INSTALL_REFUSED: "a folder holds what must not be installed, or is too large",
  SETUP_FAILED: "the extension's setup failed",
  SETUP_INVALID: "a setup script or prebuilt asset is declared in a way that is not allowed",
  SETUP_COMMAND_UNUSABLE: "after its setup the program of an extension is not there, or may not be used",
  SETUP_NOT_RECORDED: "the record of installed plugins cannot be read, so that nothing was noted in it",
  PREBUILT_UNREACHABLE: "a prebuilt asset could not be fetched",
  PREBUILT_CHECKSUM: "a prebuilt asset is another than the manifest says",
  PREBUILT_UNSAFE: "a prebuilt asset is too large, damaged, or holds what must not be unpacked",
  COMMAND_NOT_FOUND: "no extension has the command",
  COMMAND_INVALID: "the arguments of a command are wrong or too long",
  SETTING_NOT_FOUND: "an extension has no such settings editor, or none is open",
  SIDECAR_NOT_DECLARED: "an extension has no sidecar",
  SIDECAR_ARGS_FAILED: "an extension does not say how its sidecar is to be started",
  SIDECAR_FAILED: "a sidecar ended or stayed silent instead of saying hello",
  SPAWN_COMMAND_NOT_FOUND: "the program to start does not exist",
  SPAWN_INTERPRETER_NOT_FOUND: "the program to start exists, but not the interpreter or loader that it names",
  SPAWN_NOT_EXECUTABLE: "the program to start may not be executed",
  SPAWN_FAILED: "the operating system refused to start the program",
  SPAWN_EXITED_EARLY: "the process ended before the handshake was done",
  HANDSHAKE_TIMEOUT: "initialize was not answered in time",
  HANDSHAKE_VERSION: "the extension answered with another protocol version",
  HANDSHAKE_MALFORMED: "the extension's answer to initialize breaks a rule",
  HANDSHAKE_DRIFT: "a lazy extension declares something else than its manifest",
  HANDSHAKE_REFUSED: "the extension answered initialize with an error",
  HANDSHAKE_NOISE: "too much text on standard output before the first message",
  OUTPUT_NOT_PROTOCOL: "the extension printed text on standard output, where only messages belong",
  ANSWER_UNUSABLE: "the extension answered an event with an error, too late, or with what is no result",
  INJECTION_ESCAPED: "the extension injected text that could pass for the structure of an agent",
  SHUTDOWN_IGNORED: "the extension did not end when it was asked to, and the host ended it",
  OUTPUT_MALFORMED: "the extension sent something that is no message",
  AGENT_FILE_UNUSABLE:
    "a configuration file of an agent is not understood, so that nothing in it was changed",
  AGENT_FILE_NOT_WRITTEN: "a file that belongs to the wiring of an agent could not be read or written",
  AGENT_OPTION_REFUSED: "an agent cannot be wired in the way that was asked for",
  METRICS_NOT_SERVED: "the listener for metrics could not be opened",
  PACKAGE_MISSING: "an optional package that the program asked for is not installed",
} as const;

/** A code of `HOST_ERROR_CODES`. Codes are stable; messages may change. */
export type HostErrorCode = keyof typeof HOST_ERROR_CODES;

export interface HostErrorOptions {
  hint?: string;
  cause?: unknown;
  data?: Readonly<Record<string, unknown>>;
}

/** An error that the host throws or records. The message names failure and reason, the hint a remedy. Never a payload. */
export class HostError extends Error {
  readonly code: HostErrorCode;
  readonly hint: string | undefined;
  readonly data: Readonly<Record<string, unknown>>;

  constructor(code: HostErrorCode, message: string, options: HostErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
    this.data = options.data ?? {};
  }
}
Object.defineProperty(HostError.prototype, "name", { value: "HostError", enumerable: false });

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  try {
    return error instanceof Error ? String(error.message) : String(error);
  } catch {
    // An object without a prototype has no text, and a getter may throw as well.
    return "an error without a readable message";
  }
}

/** The operating system's code of an error, as `ENOENT`. */
export function systemCode(error: unknown): string | undefined {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : undefined;
}
