import type { Outcome } from "@synaps/host";
import type { JsonObject, JsonValue } from "@synaps/sdk/protocol";
import type { AgentEvent, Downgrade } from "./dialect.js";

/** An outcome in the words that agents have. */
export type Wish =
  | { readonly is: "nothing" }
  | { readonly is: "block"; readonly reason: string }
  | {
      readonly is: "confirm";
      readonly question: string;
      readonly input: JsonValue | undefined;
      readonly instead: boolean;
    }
  | { readonly is: "modify"; readonly input: JsonValue }
  | { readonly is: "inject"; readonly content: string }
  | { readonly is: "replace"; readonly output: string };

/** A wish, and what of the outcome had to become another wish. */
export interface Wished {
  readonly wish: Wish;
  readonly downgraded: readonly Downgrade[];
}

const NOTHING: Wish = { is: "nothing" };

/** Brings an outcome down to what hooks of agents are about: a call runs or not, with which input, output and context. */
export function wishOf({ event }: AgentEvent, outcome: Outcome): Wished {
  const told = event.kind === "after_tool_call" ? afterwards(outcome) : before(outcome);
  const along = (["retry", "store"] as const).filter((plan) => outcome[plan] !== undefined);
  const lost = along.map((plan) => ({
    wanted: plan,
    given: "nothing",
    why: `agents take no '${plan}' from hooks`,
  }));
  return { wish: told.wish, downgraded: [...told.downgraded, ...lost] };
}

function before(outcome: Outcome): Wished {
  switch (outcome.action) {
    case "block":
      return exactly({ is: "block", reason: reasonOf(outcome.reason, outcome.by) });
    case "confirm":
      return exactly({
        is: "confirm",
        question: reasonOf(outcome.message, outcome.by),
        input: outcome.input,
        instead: outcome.instead !== undefined,
      });
    case "modify":
      return exactly({ is: "modify", input: outcome.input });
    case "inject":
      return exactly({ is: "inject", content: outcome.content });
    case "skip":
      return refusal("skip", `Left out: ${reasonOf(outcome.reason, outcome.by)}`);
    case "replace":
      return refusal("replace", `Not done. Use this as the result: ${outcome.output}`);
    case "cache":
      if (outcome.value === undefined) return exactly(NOTHING);
      return refusal("cache", `Not done. Use this as the result: ${textOf(outcome.value)}`);
    case "redirect":
      return refusal(
        "redirect",
        `Not done: it belongs to '${outcome.target}'${outcome.input === undefined ? "" : `, with the input ${textOf(outcome.input)}`}`,
      );
    case "fork":
      return refusal("fork", `Not done: do these in its place: ${textOf([...outcome.operations])}`);
    default:
      return exactly(NOTHING);
  }
}

/** After a call nothing can be kept from running; a refusal keeps the output from the model. */
function afterwards(outcome: Outcome): Wished {
  switch (outcome.action) {
    case "replace":
      return exactly({ is: "replace", output: outcome.output });
    case "inject":
      return exactly({ is: "inject", content: outcome.content });
    case "cache":
      return exactly(
        outcome.value === undefined ? NOTHING : { is: "replace", output: textOf(outcome.value) },
      );
    case "block":
    case "skip":
      return withheld(outcome.action, reasonOf(outcome.reason, outcome.by));
    case "confirm":
      return withheld("confirm", reasonOf(outcome.message, outcome.by));
    case "modify":
    case "redirect":
    case "fork":
      return {
        wish: NOTHING,
        downgraded: [{ wanted: outcome.action, given: "nothing", why: "the call has run already" }],
      };
    default:
      return exactly(NOTHING);
  }
}

const exactly = (wish: Wish): Wished => ({ wish, downgraded: [] });

function refusal(wanted: string, reason: string): Wished {
  const why = "a hook of an agent can keep a call from running, and not do something else in its place";
  return { wish: { is: "block", reason }, downgraded: [{ wanted, given: "block", why }] };
}

function withheld(wanted: string, reason: string): Wished {
  const why = "the call has run already";
  return {
    wish: { is: "replace", output: `[output withheld: ${reason}]` },
    downgraded: [{ wanted, given: "replace", why }],
  };
}

/** The reason of a refusal is never empty: two agents run a call that is refused without one. */
function reasonOf(reason: string, by: string): string {
  return reason.trim() === "" ? `the extension '${by}' refused it and gave no reason` : reason;
}

/** Longest piece of JSON in a text for the model, in characters; enough for an input, and small in a talk. */
const MAX_JSON = 4_000;

/** A value as text for the model. */
export function textOf(value: JsonValue | JsonObject): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length <= MAX_JSON ? text : `${text.slice(0, MAX_JSON)}… (${text.length} characters)`;
}
