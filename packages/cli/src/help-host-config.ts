import type { Help } from "./help.js";

/** Help of the command about the configuration of hosts. */
export const HOST_CONFIG_HELP = {
  "host-config": {
    examples: [
      "synaps-ext host-config check",
      "synaps-ext host-config show --origin",
      "synaps-ext host-config show --json | jq .config.hooks",
    ],
    notes: [
      "The file is extensions/host.toml or host.json in the user's folder; variables SYNAPS_HOST_<TABLE>_<KEY> count more, and options of a program most, which this command does not know. docs/host-config.md has all keys. Starts nothing and changes nothing.",
      "check lists every mistake of the file and of the variables, and the names under [hooks.of] that nothing installed has: those may be hooks of a program.",
      "show prints the whole configuration as a host.toml that makes the same one; --origin says behind each value where it comes from.",
      'JSON of check: {"schemaVersion","file","valid","problems":[{"severity","key","file","line","column","variable","message","hint"}],"notes","unmatched":[{"id","line","hint"}]}; of show: {"schemaVersion","file","config","origins"?:{"<key>":{"from","line","variable"}}}',
    ],
    exitCodes: [
      "0  ok; check: also with notes and with names that nothing has",
      "1  a mistake in the file or in a variable; show: only in the file",
      "2  wrong flag or argument",
    ],
  },
} as const satisfies Record<string, Help>;
