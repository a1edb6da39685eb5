/** What the command's end says to the program that called it. */
export const EXIT = {
  ok: 0,
  failed: 1,
  usage: 2,
  notFound: 3,
  consentNeeded: 4,
  blocked: 10,
} as const;

/** By the convention of shells: 128 and the signal's number. */
export const SIGNAL_EXIT = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/** Ends that differ from `failed`, by the code of a host's error. */
export const EXIT_OF_HOST_ERROR: Readonly<Record<string, number>> = {
  FOLDER_NOT_FOUND: EXIT.notFound,
  EXTENSION_NOT_FOUND: EXIT.notFound,
  COMMAND_NOT_FOUND: EXIT.notFound,
  COMMAND_INVALID: EXIT.usage,
  MANIFEST_NOT_FOUND: EXIT.notFound,
  CONTROL_UNAVAILABLE: EXIT.notFound,
  SERVICE_INVALID: EXIT.usage,
  HOST_OPTIONS_INVALID: EXIT.usage,
  TOOL_NOT_FOUND: EXIT.notFound,
  CONSENT_PENDING: EXIT.consentNeeded,
  CONFIG_INVALID: EXIT.usage,
  MEMORY_INVALID: EXIT.usage,
  AGENT_OPTION_REFUSED: EXIT.usage,
};
