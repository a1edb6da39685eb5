/** Permissions a manifest may ask for. All but `hooks.fail_closed` and `environment.inherit` are the public ecosystem's. */
export const PERMISSIONS = {
  "tools.intercept":
    "See every matching tool call and its input, and block, hold for confirmation or rewrite it",
  "tools.transform_output": "Replace the output of tools before anyone else sees it",
  "privacy.llm_content": "Read messages, summaries and token usage of conversations",
  "session.lifecycle": "Be told when sessions start and end, including the transcript at the end",
  "session.drive": "Propose turns of its own in the foreground session",
  "tools.register": "Offer tools of its own to the program",
  "providers.register": "Offer language models, which then receive conversations",
  "context_providers.register": "Offer context sources",
  "memory.read": "Read what it stored earlier",
  "memory.write": "Store notes for later",
  "config.write": "Change its own configuration",
  "config.subscribe": "Be told when its configuration changes",
  "audio.input": "Listen to the microphone",
  "audio.output": "Play sound",
  "hooks.fail_closed": "Stop an operation when the extension itself cannot answer",
  "environment.inherit":
    "Hand every environment variable of the program, keys and tokens included, to its sidecar and its shell commands",
} as const;

/** A permission that every manifest may ask for: a key of `PERMISSIONS`. */
export type Permission = keyof typeof PERMISSIONS;

/** A permission of ours or one that a catalog declares for itself. Which of them exist, the catalogs of a host say. */
export type PermissionName = Permission | (string & Record<never, never>);

/** Names that are set aside and always refused in a manifest. */
export const RESERVED_PERMISSIONS: readonly string[] = ["tools.override"];

/** Permissions that justify an extension without a single hook. */
export const CAPABILITY_PERMISSIONS: readonly Permission[] = [
  "tools.register",
  "providers.register",
  "context_providers.register",
  "memory.read",
  "memory.write",
  "config.write",
  "config.subscribe",
  "audio.input",
  "audio.output",
  "session.drive",
];

/** True for a permission that a manifest may ask for. */
export function isPermission(value: string): value is Permission {
  return Object.hasOwn(PERMISSIONS, value);
}
