import {
  CONTINUES,
  STOPS,
  strictnessOf,
  WANTS_CONFIRM,
  type AnyAnswer,
  type AnyHandler,
} from "./combinators.js";

/** A handler that votes. A plain handler has the weight 1. */
export type Voter<E, X, A extends AnyAnswer> =
  AnyHandler<E, X, A> | { readonly handler: AnyHandler<E, X, A>; readonly weight: number };

/** Options of `voting`. */
export interface VotingOptions {
  /**
   * Weight of the votes that an answer needs: `majority` is more than half of all weights, `unanimity` all of them, and a number
   * is the weight itself. Default `majority`.
   */
  need?: "majority" | "unanimity" | number;
}

/** Most characters of a voter's own words in the reason. A host cuts the whole at 8 KiB. */
const MAX_WORDS = 200;
/** Share by which a sum of weights such as 0.1 may be wrong. */
const TINY = 1e-9;

interface Ballot<A> {
  readonly name: string;
  readonly weight: number;
  state: "open" | "voted" | "failed";
  answer: A | undefined;
  strictness: number;
  /** The answer as JSON, the same whatever the order of its keys. */
  text: string | undefined;
  error: unknown;
}

/**
 * Calls all voters at the same time and takes the answer that has enough votes. A block counts as a vote for a confirm, too;
 * other answers count together where they are equal as JSON; with enough votes for none the answer is "continue". The reason of a
 * block and the message of a confirm say how each voter voted. Answers as soon as the votes that are missing cannot change the
 * result, so a voter that never answers holds up only a close vote, which the deadline of the hook ends. The same holds for a
 * voter that throws or whose answer is no JSON: its error is thrown if its vote could have changed the result. Throws a TypeError
 * for no voters, for a weight that is not above 0, for weights without a finite sum, and for a `need` that their sum does not reach.
 */
export function voting<E, X, A extends AnyAnswer>(
  voters: Readonly<Record<string, Voter<E, X, A>>>,
  { need = "majority" }: VotingOptions = {},
): (event: E, context: X) => Promise<A | undefined> {
  const members = Object.entries(voters).map(([name, voter]) =>
    typeof voter === "function" ? { name, handler: voter, weight: 1 } : { name, ...voter },
  );
  const enough = enoughFor(members, need);
  return (event, context) => {
    const ballots = members.map(({ name, weight }): Ballot<A> => ({
      name,
      weight,
      state: "open",
      answer: undefined,
      strictness: strictnessOf(undefined),
      text: undefined,
      error: undefined,
    }));
    return new Promise((resolve, reject) => {
      const count = (): void => {
        const result = resultOf(ballots, enough);
        if (result) resolve(result.answer);
        else if (ballots.every(({ state }) => state !== "open"))
          reject(ballots.find(({ state }) => state === "failed")?.error as Error);
      };
      const voted = (ballot: Ballot<A>, given: A | undefined | void): void => {
        const answer = given ?? undefined;
        // Read once and here, where an answer that cannot be read concerns one voter alone.
        const [strictness, text] = [strictnessOf(answer), textOf(answer)];
        Object.assign(ballot, { state: "voted", answer, strictness, text });
      };
      const failed = (ballot: Ballot<A>, error: unknown): void =>
        void Object.assign(ballot, { state: "failed", error });
      for (const [n, { handler }] of members.entries()) {
        const ballot = ballots[n] as Ballot<A>;
        try {
          const answer = handler(event, context);
          if (!isLater(answer)) {
            voted(ballot, answer);
            continue;
          }
          Promise.resolve(answer)
            .then((late) => voted(ballot, late))
            .catch((error: unknown) => failed(ballot, error))
            .then(count)
            .catch(reject);
        } catch (error) {
          failed(ballot, error);
        }
      }
      // Handlers that vote at once are all heard, also where fewer of them would do.
      count();
    });
  };
}

function isLater<A>(answer: A | PromiseLike<A>): answer is PromiseLike<A> {
  return typeof (answer as { then?: unknown } | null | undefined)?.then === "function";
}

type Enough = (weight: number) => boolean;

function enoughFor(
  members: readonly { name: string; handler: unknown; weight: number }[],
  need: NonNullable<VotingOptions["need"]>,
): Enough {
  if (members.length === 0) throw new TypeError("voting: there is nobody to vote.");
  for (const { name, handler, weight } of members) {
    if (typeof handler !== "function")
      throw new TypeError(`voting: the handler of '${name}' is no function.`);
    if (!(Number.isFinite(weight) && weight > 0))
      throw new TypeError(`voting: the weight of '${name}' must be a number above 0.`);
  }
  const total = members.reduce((sum, { weight }) => sum + weight, 0);
  if (!Number.isFinite(total)) throw new TypeError("voting: the weights are too large to be added.");
  if (need === "majority") return (weight) => weight - total / 2 > total * TINY;
  const least = need === "unanimity" ? total : need;
  if (!(typeof least === "number" && least > 0 && least <= total * (1 + TINY)))
    throw new TypeError(
      `voting: 'need' must be majority, unanimity or a number above 0 and at most ${total}, the weight of all.`,
    );
  return (weight) => weight >= least * (1 - TINY);
}

function textOf(answer: unknown): string | undefined {
  const text = JSON.stringify(answer) as string | undefined;
  if (text === undefined) return undefined;
  return JSON.stringify(JSON.parse(text), (_, value: unknown) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
      : value,
  );
}

/** The answer, once the votes that are missing cannot change it; undefined before. */
function resultOf<A extends AnyAnswer>(
  ballots: readonly Ballot<A>[],
  enough: Enough,
): { answer: A | undefined } | undefined {
  const weigh = (counts: (ballot: Ballot<A>) => boolean): number =>
    ballots.filter(counts).reduce((sum, { weight }) => sum + weight, 0);
  const has = (counts: (ballot: Ballot<A>) => boolean): boolean => enough(weigh(counts));
  const mayHave = (counts: (ballot: Ballot<A>) => boolean): boolean =>
    enough(weigh((ballot) => ballot.state !== "voted" || counts(ballot)));
  const first = (counts: (ballot: Ballot<A>) => boolean): A => ballots.find(counts)?.answer as A;

  const stops = ({ strictness }: Ballot<A>): boolean => strictness >= STOPS;
  if (has(stops)) return { answer: { ...first(stops), reason: told(ballots) } };
  if (mayHave(stops)) return undefined;
  const asks = ({ strictness }: Ballot<A>): boolean => strictness >= WANTS_CONFIRM;
  const confirms = (ballot: Ballot<A>): boolean => asks(ballot) && !stops(ballot);
  if (has(asks)) return { answer: { ...first(confirms), message: told(ballots) } };
  if (mayHave(asks)) return undefined;
  for (const { answer, strictness, text } of ballots) {
    if (answer === undefined || strictness === CONTINUES || strictness >= WANTS_CONFIRM) continue;
    const same = (other: Ballot<A>): boolean => other.text === text;
    if (has(same)) return { answer };
    if (mayHave(same)) return undefined;
  }
  return { answer: undefined };
}

/** Tells how each voter voted, with its own words. */
function told<A extends AnyAnswer>(ballots: readonly Ballot<A>[]): string {
  const weighs = ballots.some(({ weight }) => weight !== 1);
  const votes = ballots.map(({ name, weight, state, answer }) => {
    const who = weighs ? `${name} (weight ${weight})` : name;
    if (state === "open") return `${who} has not voted`;
    if (state === "failed") return `${who} failed`;
    const given: AnyAnswer & { reason?: unknown; message?: unknown } = answer ?? { action: "continue" };
    const { action, reason, message } = given;
    const words = reason ?? message;
    return `${who}: ${action}${typeof words === "string" ? `, ${words.slice(0, MAX_WORDS)}` : ""}`;
  });
  return `Vote: ${votes.join("; ")}`;
}
