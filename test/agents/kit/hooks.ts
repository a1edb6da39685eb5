import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { writeJson } from "../../helpers/temp.js";
import type { Agent, Moment } from "./agents.js";
import type { Place } from "./place.js";

/** A hook's answer, written by hand. */
export interface Answer {
  readonly stdout?: string;
  readonly stderr?: string;
  readonly exit?: number;
  /** Lines of `sh` to run instead of all others. */
  readonly script?: string;
}

/** Hooks of one place that answer by a word in the event: `case-<name>`, wherever it stands in it. */
export interface Hooks {
  /** An empty name stands for events without such a word. */
  answer(moment: Moment, name: string, answer: Answer): void;
  /** Events with this word that reached the hook of a moment, as the agent wrote them. */
  seen(moment: Moment, name?: string): any[];
  /** Command that asks for the answers of a moment. */
  command(moment: Moment): string;
}

/** Writes the events to a folder and looks for an answer by the first `case-<name>` in them. */
const HOOK = `#!/bin/sh
moment=$1
here=$(dirname "$0")
event=$(cat)
file=$(mktemp "$here/seen/$moment.XXXXXXXX")
printf '%s' "$event" > "$file"
name=$(printf '%s' "$event" | grep -o 'case-[a-z0-9-]*' | head -n 1)
answer="$here/answers/$moment.$name.sh"
[ -f "$answer" ] && exec sh "$answer"
exit 0
`;

export function handWritten(place: Place): Hooks {
  const folder = join(place.top, "hooks");
  for (const sub of ["answers", "seen"]) mkdirSync(join(folder, sub), { recursive: true });
  const hook = join(folder, "hook");
  writeFileSync(hook, HOOK, { mode: 0o755 });
  return {
    answer(moment, name, { stdout = "", stderr = "", exit = 0, script }) {
      const said = `printf '%s' '${quoted(stdout)}'\nprintf '%s' '${quoted(stderr)}' >&2\nexit ${exit}\n`;
      writeFileSync(join(folder, "answers", `${moment}.${name && `case-${name}`}.sh`), script ?? said);
    },
    seen(moment, name) {
      const files = readdirSync(join(folder, "seen")).filter((file) => file.startsWith(`${moment}.`));
      const texts = files.map((file) => readFileSync(join(folder, "seen", file), "utf8"));
      return texts
        .filter((text) => name === undefined || hasCase(text, name))
        .map((text) => JSON.parse(text));
    },
    command: (moment) => `'${hook}' ${moment}`,
  };
}

/** One hook of an agent's configuration. */
export interface Entry {
  readonly moment: Moment;
  readonly command: string;
  /** Default 60. */
  readonly timeoutSeconds?: number;
}

/** Writes hooks into the agent's own file as a user would. */
export function configure(agent: Agent, place: Place, entries: readonly Entry[]): void {
  const hooks: Record<string, object[]> = {};
  for (const { moment, command, timeoutSeconds = 60 } of entries) {
    const event = agent.moments[moment];
    if (event === undefined) continue;
    const timeout = timeoutSeconds * agent.perSecond;
    (hooks[event] ??= []).push({ hooks: [{ name: moment, type: "command", command, timeout }] });
  }
  writeJson(agent.hooksFile(place), { ...agent.settings, hooks });
}

/** A command whose effect is a file of the same name: it is there if the command ran. */
export function effectOf(name: string): string {
  return `touch case-${name} && echo ran case-${name}`;
}

export function happened(place: Place, name: string): boolean {
  return existsSync(join(place.project, `case-${name}`));
}

function hasCase(text: string, name: string): boolean {
  return new RegExp(`case-${name}(?![a-z0-9-])`).test(text);
}

function quoted(text: string): string {
  return text.replaceAll("'", "'\\''");
}
