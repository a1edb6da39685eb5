import type { AgentList, UnwiredFile, UnwireReport, WiredFile, WireReport } from "@synaps/service/wiring";
import type { Output } from "./io.js";
import { count, plain } from "./text.js";

/** The agents of this machine, each with the files that name our hook. */
export function agentsText({ agents, hook, service, lastFailure }: AgentList, out: Output): string {
  const lines = agents.flatMap(({ agent, title, program, version, files }) => [
    `${out.paint("bold", agent)}  ${title}${version === null ? "" : ` ${version}`}: ${program ?? "not found in PATH"}`,
    ...(files.length === 0 ? ["  not wired"] : files.flatMap((file) => wiredLines(file, out))),
  ]);
  const isWired = agents.some(({ files }) => files.some(({ events }) => events.length > 0));
  const missing = isWired
    ? out.paint("red", "missing; run agents wire again")
    : "not there; agents wire makes it";
  lines.push(
    `hook     ${hook.path}${hook.present ? "" : `: ${missing}`}`,
    `service  ${service.running ? `runs${service.pid === null ? "" : ` as process ${service.pid}`}` : "does not run; the next hook starts it"}`,
  );
  if (lastFailure !== null) lines.push(`last failure  ${lastFailure}`);
  return lines.map((line) => `${safe(line)}\n`).join("");
}

function wiredLines(
  { path, scope, mode, transport, events, edited, problems }: WiredFile,
  out: Output,
): string[] {
  const how = `${scope}, ${mode}, ${transport}, ${count(events.length, "event")}`;
  return [
    ...(events.length > 0 ? [`  ${out.paint("green", "wired")} ${path}  ${how}`] : []),
    ...edited.map(({ event }) => `  ${out.paint("yellow", "edited by hand")} ${path}  ${event}`),
    ...problems.map((problem) => `  ${out.paint("yellow", "warn:")} ${path}: ${problem}`),
  ];
}

/** The result of `wire`, or the plan of it. */
export function wireText(report: WireReport, isDry: boolean, out: Output): string {
  const { title, file, target, changed, mode, transport, events, closed, edited, hook, warnings, notes } =
    report;
  const done = isDry ? "Would write" : changed ? "Wrote" : "Nothing to change:";
  const where = target === file ? file : `${file} (a link to ${target})`;
  const rule =
    mode === "closed"
      ? `Without an answer, these are refused: ${closed.join(", ") || "none"}. All others go on.`
      : transport === "http"
        ? "Without an answer, everything goes on, and Claude Code shows nothing of it."
        : "Without an answer, everything goes on, and the hook says so.";
  const lines = [
    `${done} ${count(events.length, "hook")} of ${title}: ${where}`,
    `  events   ${events.join(", ")}`,
    `  program  ${transport === "http" ? `HTTP; at session start ${hook}` : hook}`,
    `  ${rule}`,
    ...edited.map(
      ({ event, handler }) => `  Left as it is, because somebody edited it: ${event} ${shown(handler)}`,
    ),
    ...warnings.map((warning) => `${out.paint("yellow", "warn:")} ${warning}`),
    ...notes.map((note) => `${out.paint("cyan", "note:")} ${note}`),
  ];
  return lines.map((line) => `${safe(line)}\n`).join("");
}

const HOW: Readonly<Record<UnwiredFile["how"], string>> = {
  restored: "is byte for byte as before",
  removed: "was removed: it was not there before",
  cleaned: "was edited since; only the entries of Synaps were taken out",
  untouched: "has no entries of Synaps",
};

/** The result of `unwire`. */
export function unwireText({ files, stillWired }: UnwireReport, out: Output): string {
  const told = files.filter(
    ({ how, edited }, index) => how !== "untouched" || edited.length > 0 || index === 0,
  );
  const changed = told.filter(({ how }) => how !== "untouched");
  const lines = (
    changed.length > 0 ? told.filter((file) => file.how !== "untouched" || file.edited.length > 0) : told
  )
    .flatMap(({ path, how, edited }) => [
      ...(how === "untouched" && edited.length > 0 ? [] : [`${path} ${HOW[how]}`]),
      ...edited.map(
        ({ event, handler }) =>
          `${out.paint("yellow", "left:")} ${path} ${event}: edited by hand, so take it out yourself: ${shown(handler)}`,
      ),
    ])
    .concat(stillWired.map((path) => `still wired: ${path}`));
  return lines.map((line) => `${safe(line)}\n`).join("");
}

/** An entry without the token that may stand in it. */
function shown(handler: WireReport["edited"][number]["handler"]): string {
  return JSON.stringify(handler).replace(/Bearer \w{32,}/, "Bearer ...");
}

// oxlint-disable-next-line no-control-regex
const COLOUR = /(\u001b\[\d+m)/;

/** Paths and entries are others' texts; the colours are ours and stand in escape sequences. */
function safe(line: string): string {
  const parts = line.split(COLOUR);
  return parts.map((part, index) => (index % 2 === 0 ? plain(part) : part)).join("");
}
