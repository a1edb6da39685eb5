import { isJsonObject, type JsonObject, type JsonValue } from "@synaps/sdk/protocol";
import { matcherProblem } from "../match/matcher.js";
import { ruleProblem } from "../match/rule.js";
import type { CommandRun, Definition, Handler, HttpRun, NotRun, Parsed } from "./handler.js";
import { EVENTS } from "./events.js";

/** More than any person reads before saying yes. */
const MAX_HANDLERS = 200;
const MAX_NOTES = 50;
/** Longest name of the file that a remark repeats. */
const MAX_SHOWN = 80;
/** A timeout above an hour was most likely meant in milliseconds. */
const LONG_SECONDS = 3_600;

const GROUP_KEYS = ["matcher", "hooks", "description", "sequential"];
const HANDLER_KEYS = [
  ..."type command args timeout if shell async asyncRewake once statusMessage onFailure failClosed".split(
    " ",
  ),
  ..."url headers allowedEnvVars prompt model server tool input name description commandWindows".split(" "),
];

/**
 * Reads the text of a `settings.json` or a `hooks.json`. A bad entry costs itself and a remark, never the file; only a
 * text that is no JSON object, or whose `hooks` are none, is broken.
 */
export function parse(text: string): Parsed {
  let file: unknown;
  try {
    file = JSON.parse(text);
  } catch (error) {
    return { broken: `it is no JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
  if (!isJsonObject(file)) return { broken: "it is no JSON object" };
  const hooks = file["hooks"] ?? {};
  if (!isJsonObject(hooks)) return { broken: "'hooks' is no object" };
  const reader = new Reader();
  for (const [event, groups] of Object.entries(hooks)) reader.event(event, groups);
  if (reader.handlers.length > MAX_HANDLERS) return { broken: `it has more than ${MAX_HANDLERS} hooks` };
  return { handlers: reader.handlers, isOff: file["disableAllHooks"] === true, notes: reader.notes };
}

class Reader {
  readonly handlers: Handler[] = [];
  readonly #notes = new Set<string>();

  get notes(): Definition["notes"] {
    return [...this.#notes].slice(0, MAX_NOTES);
  }

  event(event: string, groups: JsonValue): void {
    if (!EVENTS.has(event))
      this.#note(`the event ${quoted(event)} is not known here; its hooks run if an agent raises it`);
    if (!Array.isArray(groups)) return this.#note(`'hooks.${short(event)}' is no list and is left out`);
    groups.forEach((group, index) => this.#group(event, group, `${short(event)} ${index + 1}`));
  }

  #group(event: string, group: JsonValue, place: string): void {
    if (!isJsonObject(group)) return this.#note(`${place} is no object and is left out`);
    this.#unknown(group, GROUP_KEYS, place);
    const matcher = group["matcher"] ?? "";
    if (typeof matcher !== "string") return this.#note(`${place}: 'matcher' is no text; it is left out`);
    const problem = matcherProblem(matcher);
    if (problem !== undefined) this.#note(`${place}: the matcher ${quoted(matcher)} never fires: ${problem}`);
    const list = group["hooks"];
    if (!Array.isArray(list)) return this.#note(`${place}: 'hooks' is no list; it is left out`);
    list.forEach((entry, index) => this.#handler(event, matcher, entry, `${place}.${index + 1}`));
  }

  #handler(event: string, matcher: string, entry: JsonValue, place: string): void {
    if (!isJsonObject(entry)) return this.#note(`${place} is no object and is left out`);
    this.#unknown(entry, HANDLER_KEYS, place);
    const run = runOf(entry);
    if (run.type === "none") this.#note(`${place}: ${run.why}`);
    const rule = entry["if"];
    if (rule !== undefined) {
      const problem = typeof rule === "string" ? ruleProblem(rule) : "it is no text";
      if (problem !== undefined)
        this.#note(`${place}: 'if' is not applied, the hook always runs: ${problem}`);
    }
    const timeoutMs = this.#timeout(entry["timeout"], place);
    if (entry["asyncRewake"] === true)
      this.#note(`${place}: 'asyncRewake' runs in the background; nobody is woken`);
    this.handlers.push({
      event,
      matcher,
      run,
      ...(typeof rule === "string" ? { rule } : {}),
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
      isBackground: entry["async"] === true || entry["asyncRewake"] === true,
      isClosed: entry["onFailure"] === "block" || entry["failClosed"] === true,
    });
  }

  #timeout(seconds: JsonValue | undefined, place: string): number | undefined {
    if (seconds === undefined) return undefined;
    if (typeof seconds !== "number" || !(seconds > 0)) {
      this.#note(`${place}: 'timeout' is no number of seconds above 0; the default counts`);
      return undefined;
    }
    if (seconds > LONG_SECONDS)
      this.#note(`${place}: timeout ${seconds} is in seconds, more than an hour; were milliseconds meant?`);
    return seconds * 1_000;
  }

  #unknown(entry: JsonObject, known: readonly string[], place: string): void {
    for (const key of Object.keys(entry))
      if (!known.includes(key)) this.#note(`${place}: the field ${quoted(key)} is not known here`);
  }

  #note(text: string): void {
    if (this.#notes.size < MAX_NOTES) this.#notes.add(text);
  }
}

function runOf(entry: JsonObject): CommandRun | HttpRun | NotRun {
  const { type, command, args, shell, url, headers, allowedEnvVars } = entry;
  if (type === "command") {
    if (typeof command !== "string" || command.trim() === "") return none("it has no command");
    // The wired entry would send each event round in a circle.
    if (/\/extensions\/agents\/hook\b/.test(command))
      return { type: "none", why: "it is this host's own entry and is not run", isOwn: true };
    if (shell !== undefined && shell !== "bash") return none(`shell ${quoted(shell)} is not run here`);
    const isList = Array.isArray(args) && args.every((arg) => typeof arg === "string");
    if (args !== undefined && !isList) return none("'args' is no list of texts");
    return {
      type: "command",
      command,
      shell: shell === "bash" ? "bash" : "sh",
      ...(isList ? { args: args as string[] } : {}),
    };
  }
  if (type === "http") {
    if (typeof url !== "string" || !/^https?:\/\//.test(url) || !URL.canParse(url))
      return none("'url' is no web address");
    if (new URL(url).pathname.startsWith("/v1/hooks/"))
      return { type: "none", why: "it is this host's own entry and is not run", isOwn: true };
    return { type: "http", url, headers: textsOf(headers), allowedEnvVars: listOf(allowedEnvVars) };
  }
  return none(`handlers of type ${quoted(type)} are not run here`);
}

function none(why: string): NotRun {
  return { type: "none", why, isOwn: false };
}

function textsOf(value: JsonValue | undefined): Record<string, string> {
  if (!isJsonObject(value)) return {};
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, text]) => (typeof text === "string" ? [[name, text]] : [])),
  );
}

function listOf(value: JsonValue | undefined): string[] {
  return Array.isArray(value) ? value.filter((name) => typeof name === "string") : [];
}

function quoted(value: JsonValue | undefined): string {
  return typeof value === "string" ? `'${short(value)}'` : String(value);
}

function short(given: string): string {
  // A name in the file must not look like a line of ours.
  const text = given.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, "?");
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}
