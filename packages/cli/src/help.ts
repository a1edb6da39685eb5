/** What `--help` of each command shows around the flags: examples first, exit codes last. */
export interface Help {
  examples: readonly string[];
  /** How the output is to be read, one line each. */
  notes?: readonly string[];
  exitCodes: readonly string[];
}

const OK = "0  ok";
const USAGE = "2  wrong flag or argument";

export const HELP = {
  root: {
    examples: [
      "synaps-ext list",
      "synaps-ext validate ./my-extension",
      "synaps-ext run --extensions-dir ./extensions < events.jsonl",
    ],
    exitCodes: [OK, "1  failed, or findings", USAGE, "3  not found", "4  consent needed", "130  interrupted"],
  },
  run: {
    examples: [
      `echo '{"kind":"before_tool_call","tool_name":"bash","tool_input":{"command":"ls"}}' | synaps-ext run`,
      "synaps-ext run --extensions-dir ./extensions --events events.jsonl --quiet",
      "my-agent --events | synaps-ext run --concurrency 4 --confirm ask | my-agent --outcomes",
    ],
    notes: [
      "Reads one JSON event per line (up to 4 MiB) and prints one JSON line per event, in order, once all votes are in:",
      '  {"seq","kind","outcome":{"action",…},"votes":[…],"duration_ms"}    "confirm" too when one was resolved',
      '  vote: {"extension","subscription","verdict"|"abstained"|"not_reached","reason"?,"ignored"?,"queue_ms","run_ms"}',
      '  {"seq","error":{"code","message","pointer"?,"hint"?}}              for a line that is no event; the run goes on',
      "Start table and end report go to standard error. Blank lines are skipped and not counted.",
      "Ctrl-C answers what is in flight and stops; a second one ends at once.",
    ],
    exitCodes: [
      "0  all events were read; extensions that fail do not change it",
      "1  the host could not start, or input or output failed",
      USAGE,
      "3  a folder or the events file was not found",
      "129, 130, 143  ended by SIGHUP, Ctrl-C, SIGTERM",
    ],
  },
  list: {
    examples: ["synaps-ext list", "synaps-ext list --extensions-dir ./extensions", "synaps-ext list --json"],
    notes: [
      "Starts nothing. States: ready, invalid, pending_consent (see approve), disabled (by the user's configuration).",
      'JSON: {"schemaVersion","extensions":[{"id","version","state","protocol","hooks","permissions","folder","origin","diagnostics"}]}',
    ],
    exitCodes: ["0  ok, also when there are none", USAGE, "3  a folder was not found"],
  },
  hooks: {
    examples: ["synaps-ext hooks", "synaps-ext hooks --json"],
    notes: [
      "Delivery: a gate waits for the answers, observe does not, lifecycle waits for all of them together.",
      'JSON: {"schemaVersion","hooks":[{"kind","permission","delivery","actions","actionPermissions","toolFilter",',
      '       "canFailClosed","deadlineMs","sinceProtocol","description"}]}',
    ],
    exitCodes: [OK, USAGE],
  },
  validate: {
    examples: [
      "synaps-ext validate ./my-extension",
      "synaps-ext validate ./my-extension/.synaps-plugin/plugin.json --json",
      "synaps-ext validate ./extensions --portable",
    ],
    notes: [
      "Starts nothing. Each finding: file:pointer  error|warn  message, then a hint.",
      'JSON: {"schemaVersion","valid","extensions":[{"id","file","valid","diagnostics":[{"severity","code","file","pointer","message","hint"}]}]}',
    ],
    exitCodes: [
      "0  no errors; warnings do not count",
      "1  errors",
      USAGE,
      "3  no such path, or no manifest in it",
    ],
  },
  approve: {
    examples: ["synaps-ext approve my-extension", "synaps-ext approve my-extension --yes"],
    notes: [
      "For extensions that came with the project in ./.synaps/plugins, and for your own ones whose code changed.",
      "Shows what will run and what it may do, then asks. The yes holds for exactly this code.",
      'JSON: {"schemaVersion","approved":[{"id","folder","hash","already"}]}',
    ],
    exitCodes: [
      "0  approved, now or before",
      "1  it cannot be approved",
      USAGE,
      "3  no such extension",
      "4  no yes, or no terminal to ask on",
    ],
  },
  version: {
    examples: ["synaps-ext version", "synaps-ext version --json", "synaps-ext --version"],
    notes: [
      'JSON: {"schemaVersion","version","node","synapsVersion","protocols",',
      '       "paths":{"baseDir","userExtensions","projectExtensions","lockFile","globalConfig"}}',
    ],
    exitCodes: [OK, USAGE],
  },
} as const satisfies Record<string, Help>;

export function helpBefore({ examples }: Help): string {
  return `Examples:\n${indented(examples)}\n`;
}

export function helpAfter({ notes = [], exitCodes }: Help): string {
  return `${notes.length > 0 ? `\n${notes.join("\n")}\n` : ""}\nExit codes:\n${indented(exitCodes)}`;
}

function indented(lines: readonly string[]): string {
  return lines.map((line) => `  ${line}`).join("\n");
}
