import { frameInjection, type Outcome } from "@synaps/host";
import { isJsonObject, type JsonObject, type JsonValue } from "@synaps/sdk/protocol";
import type { AgentEvent, Downgrade, EncodeOptions, HookAnswer } from "./dialect.js";
import { textOf, wishOf, type Wish } from "./wish.js";

/** The words of a dialect at one event: each makes the JSON that the agent obeys there. A word that is missing has no JSON. */
export interface Voice {
  /** Keeps the operation from happening; the model or the user reads the reason. */
  readonly block?: (reason: string) => JsonObject;
  /** Has the agent ask the person before it. `input`: what to run after a yes, if it was changed. */
  readonly ask?: (question: string, input: JsonObject | undefined) => JsonObject;
  /** Has the operation run with another input, which is whole. Undefined for an input that the agent would not take. */
  readonly modify?: (input: JsonObject) => JsonObject | undefined;
  /** Gives the model something to read beside the user's words. */
  readonly inject?: (content: string) => JsonObject;
  /** Puts another text in the place of a tool's output. Undefined where the output's shape cannot carry it. */
  readonly replace?: (output: string) => JsonObject | undefined;
  /** Ends the turn before the model reads the output. */
  readonly stop?: (reason: string) => JsonObject;
  /** The reason for having nobody to ask. */
  readonly nobody?: string;
  /** Characters of a text that reach the model; the agent cuts what is longer. */
  readonly cut?: { readonly block: number; readonly inject: number };
}

interface Said {
  readonly json: JsonObject | undefined;
  readonly downgrade?: Downgrade;
}

/** Answers an event in the words that there are. A wish without a word becomes the next safer one, and says so. */
export function answer(
  title: string,
  voice: Voice,
  event: AgentEvent,
  outcome: Outcome,
  { closed = false }: EncodeOptions = {},
): HookAnswer {
  const { wish, downgraded } = wishOf(event, outcome);
  const { json, downgrade } = say(`${title} at ${event.name}`, voice, wish, closed || hasClosed(outcome));
  return {
    exitCode: 0,
    stdout: json === undefined ? "" : JSON.stringify(json),
    stderr: "",
    downgraded: joined(outcome.action, downgraded, downgrade),
  };
}

/** True if an extension that fails closed could not answer: what it would have seen must not be passed over either. */
const hasClosed = ({ votes }: Outcome): boolean =>
  votes.some((vote) => vote.status === "abstained" && vote.closed === true);

/** An action that became another, which the agent cannot be told either, is one step from the first to the last. */
function joined(
  action: string,
  downgraded: readonly Downgrade[],
  last: Downgrade | undefined,
): readonly Downgrade[] {
  if (last === undefined) return downgraded;
  return [{ ...last, wanted: action }, ...downgraded.filter(({ wanted }) => wanted !== action)];
}

function say(where: string, voice: Voice, wish: Wish, closed: boolean): Said {
  switch (wish.is) {
    case "nothing":
      return { json: undefined };
    case "block":
      return block(where, voice, wish.reason);
    case "confirm":
      return confirm(where, voice, wish);
    case "modify":
      return modify(where, voice, wish.input);
    case "inject":
      return inject(where, voice, wish.content);
    case "replace":
      return replace(where, voice, wish.output, closed);
  }
}

const nothing = (wanted: string, why: string): Said => ({
  json: undefined,
  downgrade: { wanted, given: "nothing", why },
});

function block(where: string, { block: word, cut }: Voice, reason: string): Said {
  if (!word) return nothing("block", `${where} takes no refusal`);
  return { json: word(reason), ...shortened(where, "block", reason, cut?.block) };
}

/** A question that nobody can be asked is a refusal that has the question in it. */
function confirm(where: string, voice: Voice, wish: Extract<Wish, { is: "confirm" }>): Said {
  const { question, input, instead } = wish;
  const isUsable = input === undefined || isJsonObject(input);
  if (voice.ask && !instead && isUsable) return { json: voice.ask(question, input) };
  const why = instead
    ? `after a yes something else was to happen than the call, which ${where} cannot do`
    : voice.ask
      ? `the input that was to run after a yes is no object`
      : (voice.nobody ?? `${where} has nobody to ask`);
  if (!voice.block) return nothing("confirm", why);
  const changed = input === undefined ? "" : ` It would have this input: ${textOf(input)}.`;
  const reason = `A person has to decide this, and none can be asked here. The question is: ${question}${changed} It was not done. Do not go around this: tell the user, who can do it by hand or allow it.`;
  return { json: voice.block(reason), downgrade: { wanted: "confirm", given: "block", why } };
}

function modify(where: string, voice: Voice, input: JsonValue): Said {
  const json = isJsonObject(input) ? voice.modify?.(input) : undefined;
  if (json) return { json };
  const why = voice.modify ? `${where} does not take such an input` : `${where} takes no other input`;
  if (!voice.block) return nothing("modify", why);
  const reason = `Not done: it has to have another input. Try again with: ${textOf(input)}`;
  return { json: voice.block(reason), downgrade: { wanted: "modify", given: "block", why } };
}

function inject(where: string, { inject: word, cut }: Voice, content: string): Said {
  if (!word) return nothing("inject", `${where} has no place for context`);
  const framed = frameInjection(content);
  return { json: word(framed), ...shortened(where, "inject", framed, cut?.inject) };
}

function replace(where: string, voice: Voice, output: string, closed: boolean): Said {
  const json = voice.replace?.(output);
  if (json) return { json };
  const why = voice.replace
    ? `${where} cannot carry this text in the output's shape`
    : `${where} keeps the output as it is`;
  if (!closed || !voice.stop) return nothing("replace", why);
  const reason =
    "The output of a tool was to be replaced before the model reads it, which is not possible here";
  return { json: voice.stop(reason), downgrade: { wanted: "replace", given: "stop", why } };
}

/** A text that the agent is known to cut is sent whole; the cut is told. */
function shortened(
  where: string,
  word: string,
  text: string,
  limit: number | undefined,
): Pick<Said, "downgrade"> {
  if (limit === undefined || text.length <= limit) return {};
  return {
    downgrade: {
      wanted: word,
      given: word,
      why: `${where} passes on about ${limit} of ${text.length} characters`,
    },
  };
}

/** The refusal that each of the three agents obeys: exactly these two members, and a reason that is not empty. */
export const decideBlock = (reason: string): JsonObject => ({ decision: "block", reason });

/** Words of an agent's inner object, which has to name its event. */
export const specific = (name: string, members: JsonObject): JsonObject => ({
  hookSpecificOutput: { hookEventName: name, ...members },
});

/** Context in the inner object. */
export const injectAt =
  (name: string) =>
  (content: string): JsonObject =>
    specific(name, { additionalContext: content });

/** Ends the turn, with a text for the person. */
export const stopTurn = (reason: string): JsonObject => ({ continue: false, stopReason: reason });
