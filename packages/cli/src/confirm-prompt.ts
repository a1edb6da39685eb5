import type { ConfirmPrompt as HostConfirm, Decision, Outcome } from "@synaps/host";
import type { Io } from "./io.js";
import { askOnTerminal, isYes } from "./terminal.js";
import { plain } from "./text.js";

type Request = Parameters<HostConfirm>[0];
type Confirm = Extract<Decision, { action: "confirm" }>;

/** Turns outcomes that ask for confirmation into ones that decide: by asking the user, or by blocking. */
export class ConfirmPrompt {
  readonly #ask: boolean;
  readonly #io: Io;
  readonly #ending: AbortSignal;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(ask: boolean, io: Io, ending: AbortSignal) {
    this.#ask = ask;
    this.#io = io;
    this.#ending = ending;
  }

  async resolve(outcome: Outcome, toolName: string | null): Promise<Decision> {
    if (outcome.action !== "confirm") return outcome;
    const { message, by } = outcome;
    if (!this.#ask) return unavailable(outcome);
    // One question at a time, also when several events are in flight.
    const answered = this.#turn.then(() => this.#question(outcome, toolName));
    this.#turn = answered;
    const answer = await answered;
    if (answer === "no_terminal") return unavailable(outcome);
    if (answer === "no") return { action: "block", reason: `confirmation denied: ${message}`, by };
    return outcome.input === undefined
      ? { action: "continue" }
      : { action: "modify", input: outcome.input, by };
  }

  /** Asks on the terminal, as a host wants it. Where there is none, nobody agreed. */
  async agrees({ message, extension, toolName }: Request): Promise<boolean> {
    const answered = this.#turn.then(() => this.#question({ message, by: extension }, toolName));
    this.#turn = answered;
    return (await answered) === "yes";
  }

  async #question(
    { message, by }: Pick<Confirm, "message" | "by">,
    toolName: string | null,
  ): Promise<"yes" | "no" | "no_terminal"> {
    const { stderr } = this.#io;
    const tool = toolName === null ? "" : ` about ${plain(toolName)}`;
    const title = stderr.paint("bold", "Confirm tool call");
    const text = `${title}\n  ${plain(by)} asks${tool}: ${plain(message)}\n  Allow it? [y/N] `;
    const answer = await askOnTerminal(text, this.#ending);
    if (answer === "no_terminal") return "no_terminal";
    return isYes(answer.line) ? "yes" : "no";
  }
}

function unavailable({ message, by }: Confirm): Decision {
  const reason = `requires confirmation but no interactive prompt is available: ${message}`;
  return { action: "block", reason, by };
}
