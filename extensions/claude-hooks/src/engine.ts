import { ExtensionError, type CallContext, type Verdict } from "@synaps/sdk";
import type { HookEvent, JsonObject } from "@synaps/sdk/protocol";
import type { Answer } from "./answer/answer.js";
import { merge } from "./answer/merge.js";
import { readAnswer } from "./answer/read.js";
import { express } from "./answer/verdict.js";
import { EVENTS } from "./config/events.js";
import type { Handler } from "./config/handler.js";
import { projectOf, type Sources, type Source } from "./config/sources.js";
import { toClaude, type ClaudeEvent } from "./event/claude-event.js";
import { Held } from "./event/held.js";
import { matches } from "./match/matcher.js";
import { fitsRule } from "./match/rule.js";
import { Told } from "./told.js";
import type { Commands, Run } from "./run/command.js";
import { ask } from "./run/http.js";
import { timeoutOf } from "./run/timeouts.js";
import type { Settings } from "./settings.js";

/** Hooks that may run in the background at one time. */
const MAX_BACKGROUND = 32;
/** Hooks of one event that run at the same time; the others follow. */
const MAX_AT_ONCE = 32;

/** A handler that an event concerns. */
interface Matched {
  readonly source: Source;
  readonly handler: Handler;
  readonly index: number;
}

/** Runs the hooks that an event concerns, and says together what they said. */
export class Engine {
  readonly #sources: Sources;
  readonly #commands: Commands;
  readonly #held = new Held();
  readonly #told = new Told();

  constructor(sources: Sources, commands: Commands) {
    this.#sources = sources;
    this.#commands = commands;
  }

  /**
   * Answers an event. Throws an ExtensionError, which a host counts as an abstention with its text, when a hook that the event
   * concerns did not vote and no other hook decided anything.
   */
  async answer(event: HookEvent, settings: Settings, context: CallContext): Promise<Verdict | undefined> {
    const claude = toClaude(event);
    if (claude === undefined) return undefined;
    const folder = claude.cwd ?? settings.projectRoot ?? context.root ?? process.cwd();
    const sources = this.#sources.read(settings.files, projectOf(folder));
    const troubles: string[] = [];
    const matched = sources.flatMap((source) =>
      this.#matched(source, claude, folder, settings, troubles, context.log),
    );
    const runs = await this.#run(unique(matched), claude, folder, settings, event, context);
    const answers = runs.map(({ handler, run }) =>
      "failure" in run
        ? failed(run.failure, handler)
        : withClosed(readAnswer(claude.name, claude.tool?.names.claude, run), handler),
    );
    for (const { failure } of answers) if (failure !== undefined) troubles.push(failure);
    if (settings.isClosed && troubles.length > 0) answers.push(closed(claude.name, troubles[0] as string));
    return this.#say(event, claude, answers, troubles, context.log);
  }

  #say(
    event: HookEvent,
    claude: ClaudeEvent,
    answers: Answer[],
    troubles: readonly string[],
    log: (text: string) => void,
  ) {
    for (const { remarks } of answers) for (const remark of remarks) log(`${claude.name}: ${remark}`);
    const id = event.meta?.tool_call_id;
    if (event.kind === "after_tool_call" && id !== undefined)
      answers.unshift({ contexts: this.#held.take(event.session_id, id), remarks: [] });
    const view = claude.tool?.view;
    const merged = merge(answers, view?.seen ?? {});
    if (merged.conflicts.length > 0)
      log(
        `${claude.name}: conflict: hooks change ${merged.conflicts.join(", ")} of one input differently; the last declared one counts`,
      );
    const { verdict, lost, later } = express(
      event,
      merged,
      (input: JsonObject) => view?.back(input) ?? input,
    );
    if (later.length > 0 && !this.#held.keep(event.session_id, id, later))
      log(
        `${claude.name}: context of hooks has no place: the event names no call whose output it could follow`,
      );
    for (const text of [...troubles, ...lost]) log(`${claude.name}: ${text}`);
    const missing = [...troubles, ...lost][0];
    if (verdict === undefined && missing !== undefined) throw new ExtensionError(missing);
    return verdict;
  }

  /** The handlers of a configuration that the event concerns and that may run; the others are told. */
  #matched(
    source: Source,
    claude: ClaudeEvent,
    folder: string,
    { approved, skipsOwner }: Settings,
    troubles: string[],
    log: (text: string) => void,
  ): Matched[] {
    if (source.state === "absent" || source.state === "off") return [];
    if (skipsOwner && source.owner !== null && source.owner === claude.agent) return [];
    if (source.state === "broken") {
      troubles.push(`the hooks of ${source.path} cannot be read: ${source.problem}`);
      return [];
    }
    for (const note of source.definition.notes) this.#told.once(`${source.path}: ${note}`, log);
    const isApproved = source.digest !== undefined && approved.has(source.digest);
    const found = source.definition.handlers
      .map((handler, index) => ({ source, handler, index }))
      .filter(({ handler }) => concerns(handler, claude, source.places.projectDir, isApproved))
      .filter(({ handler: { run } }) => run.type !== "none" || !run.isOwn);
    if (isApproved || found.length === 0) return found.filter((one) => this.#mayRun(one, folder, troubles));
    const text = `the hooks of ${source.path} wait for approval: ${found.length} did not run`;
    troubles.push(text);
    this.#told.once(`${text}; synaps-ext invoke claude-hooks show '${source.path}' lists them`, log);
    return [];
  }

  #mayRun({ source, handler, index }: Matched, folder: string, troubles: string[]): boolean {
    if (handler.run.type === "none") {
      troubles.push(handler.run.why);
      return false;
    }
    const foreign = this.#sources.uncovered(source, index, folder);
    if (foreign.length === 0) return true;
    troubles.push(
      `a hook of ${source.path} did not run: in this folder it names ${foreign[0]}, which nobody approved`,
    );
    return false;
  }

  async #run(
    matched: readonly Matched[],
    claude: ClaudeEvent,
    cwd: string,
    { variables }: Settings,
    event: HookEvent,
    { signal, log }: CallContext,
  ): Promise<{ handler: Handler; run: Run }[]> {
    // The line ends, so that `read` of a shell takes it.
    const input = `${JSON.stringify({ ...claude.payload, cwd })}\n`;
    const env = { ...ownVariables(), ...variables };
    const start = (
      { handler, source }: Matched,
      how: { timeoutMs: number; signal: AbortSignal },
    ): Promise<Run> => {
      const circumstances = { places: source.places, cwd, env, input, ...how };
      if (handler.run.type === "command") return this.#commands.run(handler.run, circumstances);
      if (handler.run.type === "http") return ask(handler.run, circumstances);
      return Promise.resolve({ failure: handler.run.why });
    };
    const [background, awaited] = [true, false].map((is) =>
      matched.filter(({ handler }) => handler.isBackground === is),
    );
    for (const one of background ?? []) {
      if (this.#commands.count >= MAX_BACKGROUND) {
        log(`${claude.name}: a hook in the background did not run: ${MAX_BACKGROUND} others do`);
        continue;
      }
      const never = new AbortController().signal;
      void start(one, { timeoutMs: timeoutOf(one.handler), signal: never }).then((run) => {
        if ("failure" in run) log(`${claude.name}: a hook in the background: ${run.failure}`);
      });
    }
    const results: { handler: Handler; run: Run }[] = [];
    const waiting = (awaited ?? []).entries();
    const work = async (): Promise<void> => {
      for (const [index, one] of waiting) {
        const timeoutMs = timeoutOf(one.handler, event.meta?.deadline_ms);
        results[index] = { handler: one.handler, run: await start(one, { timeoutMs, signal }) };
      }
    };
    await Promise.all(Array.from({ length: MAX_AT_ONCE }, work));
    return results;
  }
}

function concerns(handler: Handler, claude: ClaudeEvent, folder: string, isTrusted: boolean): boolean {
  if (handler.event !== claude.name) return false;
  const member = EVENTS.get(claude.name) ?? null;
  const value = member === null ? null : claude.payload[member];
  const names = claude.tool?.names ?? { known: typeof value === "string" ? [value] : [""], others: [] };
  if (member !== null && !matches(handler.matcher, names, isTrusted)) return false;
  if (handler.rule === undefined) return true;
  // A rule is one about a tool: at other events the format never runs such a hook.
  if (claude.tool === undefined) return false;
  return !isTrusted || fitsRule(handler.rule, { names: names.known, input: claude.tool.view.seen, folder });
}

/** Each command once, however many groups name it. */
function unique(matched: readonly Matched[]): Matched[] {
  const seen = new Set<string>();
  return matched.filter(({ source, handler }) => {
    const key = JSON.stringify([handler.run, source.places.pluginRoot, handler.isBackground]);
    return !seen.has(key) && seen.add(key);
  });
}

function failed(failure: string, handler: Handler): Answer {
  return withClosed({ contexts: [], remarks: [], failure }, handler);
}

function withClosed(answer: Answer, handler: Handler): Answer {
  if (!handler.isClosed || answer.failure === undefined || answer.decision === "deny") return answer;
  return { ...answer, ...closed(handler.event, answer.failure) };
}

/** A refusal in the place of a vote that is missing; after a tool, its output is withheld. */
function closed(event: string, failure: string): Answer {
  const reason = `a hook could not answer and is not to be passed over: ${failure}`;
  if (event.startsWith("PostToolUse")) return { contexts: [], remarks: [], stop: reason };
  return { contexts: [], remarks: [], decision: "deny", reason };
}

/** Variables of this process, without the overrides of its own configuration. */
function ownVariables(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("SYNAPS_")));
}
