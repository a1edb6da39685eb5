import { randomUUID } from "node:crypto";
import {
  HostError,
  type Clock,
  type EventInput,
  type InterceptKinds,
  type InterceptResult,
  type Outcome,
  type Timer,
} from "@synaps/host";
import type { JsonValue } from "@synaps/sdk/protocol";
import type { Projects } from "./projects.js";

/** The next thing that a program has to do for its operation, or its end. */
export type Step =
  /** Run it with this input, and tell the end with `intercept/after`. */
  | {
      readonly run: true;
      readonly ticket: string;
      readonly input: JsonValue;
      readonly target?: string;
      readonly attempt: number;
    }
  /** Ask the user, and tell the answer with `intercept/confirm`. No answer is ever given in his place. */
  | {
      readonly run: false;
      readonly ticket: string;
      readonly confirm: {
        readonly message: string;
        readonly extension: string;
        readonly tool_name: string | null;
      };
    }
  | { readonly run: false; readonly done: true; readonly result: OperationEnd };

/** The end of an operation, with the decisions around it. */
export type OperationEnd = InterceptResult<Outcome, Outcome | undefined>;

/** The end of one run, as the program tells it. */
export interface RunEnd {
  readonly output: string | null;
  readonly isError: boolean;
}

export interface BeginOptions {
  readonly folder: string | null;
  readonly agent: string | null;
  /** Aborted when the program that asked is gone. */
  readonly signal?: AbortSignal;
  /** Told of the end, before the program is. `project`: the folder of the project whose extensions were asked. */
  readonly ended?: (end: OperationEnd, project: string | null) => void;
}

/** Operations that may be open at the same time. */
const MOST_OPEN = 1_024;
/** Time within which the program has to tell how a run ended, or what the user said. */
const ANSWER_MS = 60 * 60_000;

/** A step that waits for the program, and the same without its ticket. */
type Asked = Extract<Step, { readonly ticket: string }>;
type Unnumbered = Asked extends infer A ? (A extends Asked ? Omit<A, "ticket"> : never) : never;

/** A question that waits for the program. */
interface Question {
  readonly step: Asked;
  readonly answer: (value: RunEnd | boolean) => void;
  readonly fail: (error: Error) => void;
}

interface Open {
  readonly operation: Operation;
  readonly question: Question;
  readonly timer: Timer;
}

/**
 * Operations that run in another process, in two steps: before it, and after it. In between the host waits as it does for a
 * function of its own program, so that all that hooks decide is carried out: other inputs, further runs, answers from memory.
 */
export class Operations {
  readonly #projects: Projects;
  readonly #clock: Clock;
  readonly #open = new Map<string, Open>();
  #running = 0;

  constructor(projects: Projects, clock: Clock) {
    this.#projects = projects;
    this.#clock = clock;
  }

  /** Operations that are under way. */
  get size(): number {
    return this.#running;
  }

  /** Asks the hooks before an operation. Rejects with a HostError as `host.intercept` does. */
  begin(kinds: InterceptKinds, event: Omit<EventInput, "kind">, options: BeginOptions): Promise<Step> {
    if (this.#running >= MOST_OPEN)
      throw new HostError("SERVICE_BUSY", `${MOST_OPEN} operations are open`, {
        hint: "Tell how they ended with intercept/after.",
      });
    const operation = new Operation((question) => this.#keep(operation, question));
    this.#running += 1;
    const { agent, signal } = options;
    const result = this.#projects.with(options.folder, async ({ host, folder }) => {
      const end = await host.intercept(
        kinds,
        event,
        (input, { target, attempt }) =>
          operation.ask<RunEnd>({
            run: true,
            input,
            ...(target === undefined ? {} : { target }),
            attempt,
          }),
        {
          confirm: ({ message, extension, toolName }) =>
            operation.ask<boolean>({ run: false, confirm: { message, extension, tool_name: toolName } }),
          ...(signal === undefined ? {} : { signal }),
          ...(agent === null ? {} : { traceFields: { agent } }),
        },
      );
      options.ended?.(end as OperationEnd, folder);
      return end;
    });
    void result
      .then(
        (end) => operation.end(end as OperationEnd),
        (error: unknown) => operation.failed(error),
      )
      .finally(() => {
        this.#running -= 1;
        this.#forget(operation);
      });
    signal?.addEventListener("abort", () => this.#forget(operation), { once: true });
    return operation.next();
  }

  /** Takes the end of a run. Rejects for a ticket that nobody waits for: used twice, too late, or made up. */
  after(ticket: string, end: RunEnd): Promise<Step> {
    return this.#answered(ticket, true, end);
  }

  /** Takes the user's answer to a question. */
  confirm(ticket: string, agreed: boolean): Promise<Step> {
    return this.#answered(ticket, false, agreed);
  }

  #answered(ticket: string, isRun: boolean, value: RunEnd | boolean): Promise<Step> {
    const open = this.#open.get(ticket);
    if (open === undefined || open.question.step.run !== isRun)
      throw new HostError("SERVICE_INVALID", `Nobody waits for the ticket '${ticket.slice(0, 60)}'`, {
        hint: "Each ticket counts once, within an hour, for the step that it came with.",
      });
    this.#drop(ticket, open);
    open.question.answer(value);
    return open.operation.next();
  }

  /** Lets all open operations end as failed: the service ends. */
  close(): void {
    for (const { operation } of this.#open.values()) this.#forget(operation, "the service ended meanwhile");
  }

  #keep(operation: Operation, question: Question): void {
    const { ticket } = question.step;
    const timer = this.#clock.after(ANSWER_MS, () => {
      const open = this.#open.get(ticket);
      if (open !== undefined) this.#drop(ticket, open);
      question.fail(new Error("the program did not say within an hour how it ended"));
    });
    this.#open.set(ticket, { operation, question, timer });
  }

  #drop(ticket: string, { timer }: Open): void {
    timer.cancel();
    this.#open.delete(ticket);
  }

  /** Lets the questions of an operation go whose program is gone. */
  #forget(operation: Operation, why = "the program that ran it is gone"): void {
    for (const [ticket, open] of this.#open) {
      if (open.operation !== operation) continue;
      this.#drop(ticket, open);
      open.question.fail(new Error(why));
    }
  }
}

/** One operation: the questions that it has for its program, handed out one after the other, and its end. */
class Operation {
  readonly #keep: (question: Question) => void;
  readonly #questions: Question[] = [];
  readonly #ended: Promise<Step>;
  end!: (result: OperationEnd) => void;
  failed!: (error: unknown) => void;
  #wake: ((question: Question) => void) | undefined;

  constructor(keep: (question: Question) => void) {
    this.#keep = keep;
    this.#ended = new Promise((resolve, reject) => {
      this.end = (result) => resolve({ run: false, done: true, result });
      this.failed = reject;
    });
    // It is looked at when the program asks.
    this.#ended.catch(() => {});
  }

  ask<T extends RunEnd | boolean>(step: Unnumbered): Promise<T> {
    return new Promise((resolve, reject) => {
      const question: Question = {
        step: { ...step, ticket: randomUUID() } as Asked,
        answer: (value) => resolve(value as T),
        fail: reject,
      };
      this.#keep(question);
      if (this.#wake === undefined) this.#questions.push(question);
      else this.#wake(question);
    });
  }

  next(): Promise<Step> {
    const waiting = this.#questions.shift();
    if (waiting !== undefined) return Promise.resolve(waiting.step);
    const asked = new Promise<Step>((resolve) => {
      this.#wake = (question) => {
        this.#wake = undefined;
        resolve(question.step);
      };
    });
    return Promise.race([asked, this.#ended]);
  }
}
