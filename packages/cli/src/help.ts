import { SERVICE_HELP } from "./help-service.js";
import { AGENTS_HELP } from "./help-agents.js";
import { LIFECYCLE_HELP, OWN_CATALOG } from "./help-lifecycle.js";

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
  ...LIFECYCLE_HELP,
  ...AGENTS_HELP,
  ...SERVICE_HELP,
  root: {
    examples: [
      "synaps-ext list",
      "synaps-ext install shell-guard",
      "synaps-ext run --extensions-dir ./extensions < events.jsonl",
      "synaps-ext status --watch",
    ],
    exitCodes: [
      OK,
      "1  failed, or findings",
      USAGE,
      "3  not found",
      "4  consent needed",
      "10  blocked",
      "130  interrupted",
    ],
  },
  run: {
    examples: [
      `echo '{"kind":"before_tool_call","tool_name":"bash"}' | synaps-ext run`,
      "synaps-ext run --extensions-dir ./extensions --events events.jsonl --quiet",
      "my-agent --events | synaps-ext run --confirm ask | my-agent --outcomes",
      "synaps-ext run --audit ./audit < events.jsonl && synaps-ext audit query --folder ./audit",
    ],
    notes: [
      "Reads one JSON event per line (up to 4 MiB) and prints one JSON line per event, in order, once all votes are in:",
      '  {"seq","kind","outcome":{"action",…},"votes":[…],"durationMs"}    "confirm" too when one was resolved',
      '  vote: {"extension","subscription","status":"voted"|"abstained"|"not_reached",…}, the API\'s Vote: see docs/users.md',
      '  {"seq","error":{"code","message","pointer"?,"hint"?}}    for a line that is no event; the run goes on',
      "Start table, what extensions write to standard error as '[id] line', and the end report go to standard error. Blank lines are skipped and not counted.",
      "With --require, nothing is answered unless the extension runs; an event from which it abstained ends the run with 1.",
      "With --control, status, logs, resume and reload of the same user reach this host; it offers them nothing else.",
      "With --audit, one line for each outcome: no input and no output, and nobody waits for the disk. What had no room is counted, there and at the end.",
      "Ctrl-C answers what is in flight and stops; a second one ends at once.",
    ],
    exitCodes: [
      "0  all events were read; extensions that fail do not change it, unless --require names them",
      "1  the host could not start, or input or output failed; --strict: a line was no event; --require: it does not run, or abstained",
      USAGE,
      "3  a folder, the events file or an extension of --require was not found",
      "129, 130, 143  ended by SIGHUP, Ctrl-C, SIGTERM",
    ],
  },
  list: {
    examples: [
      "synaps-ext list",
      "synaps-ext list --extensions-dir ./extensions",
      "synaps-ext list --catalog ./mine.json",
      "synaps-ext list --json",
    ],
    notes: [
      OWN_CATALOG,
      "Starts nothing. States: ready, invalid, pending_consent (see approve), disabled (by the user's configuration).",
      'JSON: {"schemaVersion","extensions":[{"id","version","state","protocol","hooks","permissions","folder","origin","diagnostics"}]}',
    ],
    exitCodes: ["0  ok, also when there are none", USAGE, "3  a folder was not found"],
  },
  hooks: {
    examples: ["synaps-ext hooks", "synaps-ext hooks --json", "synaps-ext hooks --catalog gateway"],
    notes: [
      "Delivery: a gate waits for the answers, observe does not, lifecycle waits for all of them together.",
      'JSON: {"schemaVersion","hooks":[{"kind","permission","delivery","actions","actionPermissions","toolFilter","canFailClosed","deadlineMs","sinceProtocol","description","payload","attributes"}]}',
    ],
    exitCodes: [OK, "1  a catalog is wrong", USAGE, "3  no such catalog"],
  },
  validate: {
    examples: [
      "synaps-ext validate ./my-extension",
      "synaps-ext validate ./my-extension/.synaps-plugin/plugin.json --json",
      "synaps-ext validate ./extensions --portable",
      "synaps-ext validate ./my-extension --start --strict",
    ],
    notes: [
      "Starts nothing without --start. Each finding: file:pointer  error|warn  message, then what was found and a hint.",
      'JSON: {"schemaVersion","valid","extensions":[{"id","file","valid","diagnostics":[{"severity","code","file","pointer","message","hint","evidence"}]}]}',
    ],
    exitCodes: [
      "0  no errors; warnings do not count, unless with --strict",
      "1  errors",
      USAGE,
      "3  no such path, or no manifest in it",
    ],
  },
  approve: {
    examples: [
      "synaps-ext approve my-extension",
      "synaps-ext approve my-extension --yes",
      "synaps-ext approve my-extension --catalog ./mine.json",
    ],
    notes: [
      OWN_CATALOG,
      "For extensions that came with the project in ./.synaps/plugins. Your own run at once, unless your configuration says consent = strict.",
      "Shows what will run and what it may do, what changed, and whose place it takes; then asks. The yes holds for exactly this code.",
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
  diff: {
    examples: [
      "synaps-ext diff my-extension",
      "synaps-ext diff my-extension --catalog ./mine.json",
      "synaps-ext diff my-extension --json",
    ],
    notes: [
      OWN_CATALOG,
      "Of a project's extension: since its approval. Of your own: since its last start, and what that start recorded.",
      "Covered are all files of the folder, and those that its links, command and arguments lead to. (data): its change asks for no new approval.",
      'JSON: {"schemaVersion","extensions":[{"id","folder","origin","changes":[{"name","what","loadable"}],"recorded","problems"}]}',
    ],
    exitCodes: ["0  nothing changed", "1  something changed", USAGE, "3  no such extension"],
  },
  invoke: {
    examples: [
      "synaps-ext invoke voice-notes:list",
      "synaps-ext invoke deploy staging -- --dry-run",
      "synaps-ext invoke deploy staging --json | jq .outcome",
    ],
    notes: [
      "Starts the extensions, runs the command, prints its output as it comes, and stops them.",
      "Texts and tables go to standard output; remarks, errors and the progress of tasks to standard error.",
      'JSON, one object per line: {"output":{"kind",…}} for each event, at last',
      '  {"outcome":{"status","command","extension","shape","result"?,"reason"?,"counts","notice"?,"duration_ms"}}',
    ],
    exitCodes: [
      "0  it is done",
      "1  it failed, was not answered in time, or its extension does not run",
      USAGE,
      "3  no extension has the command, or a folder was not found",
      "129, 130, 143  given up by SIGHUP, Ctrl-C, SIGTERM",
    ],
  },
  sidecar: {
    examples: ["synaps-ext sidecar voice-notes", "synaps-ext sidecar voice-notes --press --json"],
    notes: [
      "Starts this extension and its sidecar. Each line of standard input presses, and the next releases; q, the end of the input, or Ctrl-C ends both.",
      "Text for the cursor goes to standard output; states, previews and errors to standard error.",
      'JSON, one object per line: {"type":"status","state","label"?,"active","capabilities"?}, {"type":"insert_text","text","mode"}, {"type":"error","message"}, {"type":"custom","eventType","payload"}, {"type":"ended","reason"}',
    ],
    exitCodes: [
      "0  it was ended, or ended well",
      "1  it did not start, or ended by itself with an error",
      USAGE,
      "3  no such extension or folder",
      "4  its code waits for your approval",
      "129, 130, 143  ended by SIGHUP, Ctrl-C, SIGTERM",
    ],
  },
  info: {
    examples: [
      "synaps-ext info shell-guard",
      "synaps-ext info my-extension --catalog ./mine.json",
      "synaps-ext info shell-guard --json",
    ],
    notes: [
      OWN_CATALOG,
      "Starts this extension, if it may run, to see what it declares, and stops it. Clashes with the keys and help entries of other extensions are not looked for.",
      'JSON: {"schemaVersion","id","name","version","description","folder","state","reason","protocol","permissions","config","env","capabilities","info","commands","keybinds","keybindCollisions","settings","help","helpRejected","theme","widgets","tasks","sidecar","contextProviders","activation"}',
    ],
    exitCodes: [
      "0  it runs, or is lazy and waits",
      "1  it does not run: standard error says why",
      USAGE,
      "3  no such extension or folder",
    ],
  },
  status: {
    examples: [
      "synaps-ext status",
      "synaps-ext status --check || notify 'an extension needs help'",
      "synaps-ext status --watch",
    ],
    notes: [
      "Shows every host that runs on the base folder and was started with its control socket: synaps-ext run --control, or createHost({ control: true }). What killed hosts left behind is passed over.",
      "MATCHED, VOTED and ABSTAINED count the events since the host's start, with the reason that was there most often.",
      "--check prints one line per extension that is failed, quarantined, invalid or pending_consent, per open breaker, and per host that does not answer; nothing when all is fine.",
      "--watch repaints a terminal each second; elsewhere, and with --json, it prints once more when something changed.",
      'JSON: {"schemaVersion","hosts":[{"pid","started_at","extensions":[…],"subscriptions":[…]}]}    as the hosts say it',
      '  with --check also "ok", "problems":[{"pid","extension","problem"}] and "mute":[{"pid","why"}]',
    ],
    exitCodes: [
      "0  ok; --check: all is fine; --watch: the hosts ended",
      "1  --check: something is wrong",
      USAGE,
      "3  no such host runs, or none answers",
      "129, 130, 143  --watch was ended by SIGHUP, Ctrl-C, SIGTERM",
    ],
  },
  logs: {
    examples: [
      "synaps-ext logs shell-guard",
      "synaps-ext logs shell-guard --follow --lines 0",
      "synaps-ext logs shell-guard --json | jq -r .line",
    ],
    notes: [
      "Each line with the time of day when the host read it. A host keeps the last 64 KiB of each extension's lines, also those of earlier processes, without control characters.",
      'JSON, one object per line: {"at","line"}    "at" in milliseconds since 1970',
    ],
    exitCodes: [
      "0  ok; --follow: the host ended",
      "1  the extension was not started, or its lines were not taken fast enough",
      "2  wrong flag or argument, or several hosts have the extension: say --pid",
      "3  no such host or extension",
      "129, 130, 143  --follow was ended by SIGHUP, Ctrl-C, SIGTERM",
    ],
  },
  resume: {
    examples: ["synaps-ext resume shell-guard", "synaps-ext resume shell-guard --pid 4242"],
    notes: [
      "Forgets what the host holds against it (crashes, breakers, poisoned events), starts it, and waits until it is live or failed again. Ctrl-C ends only the waiting.",
      'JSON: {"schemaVersion","id","state","already"}',
    ],
    exitCodes: [
      "0  it is live, now or already before",
      "1  it failed again, or it was not started: see status",
      "2  wrong flag or argument, or several hosts have the extension: say --pid",
      "3  no such host or extension",
      "129, 130, 143  the waiting was ended by SIGHUP, Ctrl-C, SIGTERM",
    ],
  },
  tools: {
    examples: ["synaps-ext tools", "synaps-ext tools --json | jq '.tools[].name'"],
    notes: [
      "Starts all extensions, because only they know their tools, and ends them again.",
      "AGAIN: whether a call is sent once more when the extension falls under it.",
      'JSON: {"schemaVersion","tools":[{"name","apiName","extension","tool","description","inputSchema","idempotent"}]}',
    ],
    exitCodes: [
      "0  ok, also when there are none",
      "1  the host could not start",
      USAGE,
      "3  a folder was not found",
    ],
  },
  call: {
    examples: [
      `synaps-ext call notes:search --input '{"text":"milk"}'`,
      "synaps-ext call notes_search --input - --json < input.json",
    ],
    notes: [
      "Starts all extensions and ends them again. The input is checked against the tool's schema, and the call passes before_tool_call and after_tool_call of every extension. Progress that the tool reports goes to standard error.",
      "Prints the tool's output; with --json all that happened, also when it failed:",
      '  {"schemaVersion","tool","extension","status","isError","content","structured"?,"error"?,"reason"?,"by"?,"problems"?,"input","progressDropped","votes":{"before","after"}}',
      "  status: ok, error (the tool's own), unavailable (no answer), invalid_input, blocked, cancelled",
    ],
    exitCodes: [
      OK,
      "1  the tool failed or gave no answer",
      "2  wrong flag or argument, or an input that does not fit",
      "3  no such tool, or a folder was not found",
      "10  an extension blocked the call, or nobody confirmed it",
      "129, 130, 143  ended by SIGHUP, Ctrl-C, SIGTERM",
    ],
  },
  version: {
    examples: ["synaps-ext version", "synaps-ext version --json", "synaps-ext --version"],
    notes: [
      'JSON: {"schemaVersion","version","node","synapsVersion","protocols","paths":{"baseDir","userExtensions","projectExtensions","lockFile","globalConfig"}}',
    ],
    exitCodes: [OK, USAGE],
  },
} as const satisfies Record<string, Help>;
