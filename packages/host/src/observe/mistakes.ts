import type { Action } from "@synaps/sdk/protocol";
import { isWorthTelling, type Logger } from "../logger.js";
import { answerNote, type AnswerNote } from "./answer-note.js";
import type { AskedSubscription } from "./recorder.js";
import type { Vote } from "./vote.js";

/** Most hooks of the program whose errors are counted apart: more than a program has. */
const MOST_HOOKS = 1_024;

/** Parts of the host that mistakes in votes are told to. */
export interface MistakeServices<E> {
  readonly logger: Logger;
  readonly extensions: {
    get(id: string): E | undefined;
    /** Notes it in the status of the extension. */
    warn(extension: E, note: AnswerNote): void;
  };
  actionsOf(kind: string): readonly Action[];
}

/** Tells of answers that could not be used: in the status of an extension, and in the log for a hook of the program. */
export class Mistakes<E> {
  readonly #services: MistakeServices<E>;
  readonly #counts = new Map<string, number>();

  constructor(services: MistakeServices<E>) {
    this.#services = services;
  }

  readonly tell = (subscription: AskedSubscription, vote: Vote): void => {
    const { extensions, actionsOf } = this.#services;
    const note = answerNote(subscription, vote, actionsOf(subscription.kind));
    if (!note) return;
    const extension = extensions.get(vote.extension);
    if (extension) extensions.warn(extension, note);
    else this.#log(subscription, vote, note);
  };

  /** Writes the 1st, the 10th, the 100th error of a hook: a flood must not become a flood of lines. */
  #log({ kind }: AskedSubscription, vote: Vote, { message }: AnswerNote): void {
    const { extension: hook } = vote;
    if (this.#counts.size >= MOST_HOOKS && !this.#counts.has(hook)) this.#counts.clear();
    const times = (this.#counts.get(hook) ?? 0) + 1;
    this.#counts.set(hook, times);
    if (!isWorthTelling(times)) return;
    // A function of the program threw it: the text is the program's own.
    const isError = vote.status === "abstained" && vote.reason === "error";
    const why = isError ? (vote.detail ?? "it threw") : message;
    this.#services.logger.warn(`[hooks] Error in hook '${hook}': ${why}`, { hook, kind, times });
  }
}
