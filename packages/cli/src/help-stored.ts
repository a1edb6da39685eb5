import type { Help } from "./help.js";

/** Help of the commands about what is kept for extensions. */
export const STORED_HELP = {
  config: {
    examples: [
      "synaps-ext config list my-extension",
      "synaps-ext config set my-extension size 7",
      "synaps-ext config set my-extension token - < token.txt",
    ],
    notes: [
      "Starts nothing. A running host sees the change at once. * marks keys without which the extension is not started.",
      "Sources, the first that has a value counts: host_context, env_override, secret_env, plugin_config, legacy_config_key, default.",
      'JSON of list: {"schemaVersion","id","file","redacted","keys":[{"key","value","source","type","required","secret","declared","invalid","description"}]}; of get: one key; of set and unset: {"schemaVersion","id","key","file","set","declared"}',
    ],
    exitCodes: [
      "0  ok",
      "1  get: it has no value; or a file cannot be read or written",
      "2  wrong flag, argument, key or value",
      "3  no such extension or key",
    ],
  },
  providers: {
    examples: [
      "synaps-ext providers list",
      'synaps-ext providers disable my-extension:local --reason "too slow"',
      "synaps-ext providers enable my-extension:local",
    ],
    notes: [
      "list, and a change of a provider that was never switched, start all extensions, because only they know their providers, and end them again.",
      "A provider that is off is asked by no host of the base folder, from its next question on.",
      'JSON of list: {"schemaVersion","file","providers":[{"id","disabled","reason","offered","extension"?,"provider"?,"displayName"?,"description"?,"models"?}]}; of enable and disable: {"schemaVersion","id","disabled","changed","file"}',
    ],
    exitCodes: [
      "0  ok, also when nothing had to change",
      "1  the record cannot be read or written, or the host could not start",
      "2  wrong flag, argument, key or value",
      "3  no such provider, or a folder was not found",
    ],
  },
  memory: {
    examples: [
      "synaps-ext memory query my-extension",
      "synaps-ext memory query my-extension --contains tea --since 2026-01-31",
      "synaps-ext memory query my-extension --tag project: --limit 1000 --json",
    ],
    notes: [
      "Starts nothing, and may run beside a host. Newest first. Of a large memory, the first look takes seconds.",
      'JSON: {"schemaVersion","namespace","records":[{"namespace","timestamp_ms","content","tags","meta"?}],"brokenLines"}',
    ],
    exitCodes: [
      "0  ok, also when nothing matches",
      "1  the notes cannot be read",
      "2  wrong flag, argument, key or value",
      "3  no notes of that extension",
    ],
  },
} as const satisfies Record<string, Help>;
