import { didYouMean } from "@synaps/sdk/protocol";
import { HostError } from "../../errors.js";
import { Listeners } from "../../listeners.js";
import type { Extension } from "../../supervision/extension.js";
import { FUNCTION, optionsCheck, SIGNAL } from "../../dispatch/options-check.js";
import { onAbort } from "../../time/abort.js";
import { readDriver } from "../session-drivers/driver-action.js";
import { ask, type Services } from "../services.js";
import type { TaskState } from "../tasks/task-list.js";
import { findCommand, listCommands, type CommandEntry, type FoundCommand } from "./command-list.js";
import type { CommandEnd, CommandOutcome } from "./outcome.js";
import { OutputBudget } from "./output-budget.js";
import type { OutputEvent } from "./output-event.js";
import { OutputRouter, type OutputSink } from "./output-router.js";
import { ProgramOutput } from "./program-output.js";
import { runShellCommand } from "./shell-command.js";
import { runToolCommand } from "./tool-command.js";

/** Options of `commands.invoke`. An unknown key or a wrong type is an error before anything runs. */
export interface InvokeOptions {
  /** Gives the command up at once. A program is ended; an extension of protocol 3 is told. */
  signal?: AbortSignal | undefined;
  /** Called for each kept event of the output, while it is read: it must be quick. */
  onOutput?: ((event: OutputEvent) => void) | undefined;
  /** Called for each change of the extension's tasks while the command runs, also for changes that the output leaves out. */
  onTask?: ((task: TaskState) => void) | undefined;
}

const MAX_ARGS = 256;
const MAX_ARGS_BYTES = 64 * 1024;

const wrongInvoke = optionsCheck<InvokeOptions>("commands.invoke", {
  signal: SIGNAL,
  onOutput: FUNCTION,
  onTask: FUNCTION,
});

/** The commands that extensions offer to users. */
export class Commands {
  readonly #services: Services;
  readonly #router: OutputRouter;
  readonly #running = new Map<AbortController, Promise<unknown>>();
  readonly #onOutput: Listeners<[OutputEvent]>;
  readonly #onTask: Listeners<[TaskState]>;
  #lastRequest = 0;

  constructor(services: Services) {
    this.#services = services;
    this.#router = new OutputRouter(services);
    this.#onOutput = new Listeners(services.logger, "a command's output");
    this.#onTask = new Listeners(services.logger, "a command's tasks");
  }

  /** Commands of all extensions in load order, also of those that are not live now. */
  list(): CommandEntry[] {
    return listCommands(this.#services.extensions());
  }

  /** Number of calls under way. */
  get running(): number {
    return this.#running.size;
  }

  /**
   * Runs a command by its name or as `<extension>:<name>`, with or without a slash. Arguments given as one text are
   * split at white space. Never rejects because of what the extension does: the outcome tells. Rejects with a
   * HostError when there is no such command, or for arguments that are too many or too long (256, 64 KiB).
   */
  async invoke(
    name: string,
    args: string | readonly string[] = [],
    options: InvokeOptions = {},
  ): Promise<CommandOutcome> {
    const wrong = wrongInvoke(options);
    if (wrong) throw wrong;
    this.#services.mustRun();
    const found = this.#find(name);
    const typed = argsOf(name, args);
    const controller = new AbortController();
    const stop = onAbort(options.signal, () => controller.abort());
    const { activity } = this.#services;
    const outcome = activity.during(this.#invoke(found, typed, controller.signal, options));
    this.#running.set(controller, outcome);
    try {
      return await outcome;
    } finally {
      this.#running.delete(controller);
      stop();
    }
  }

  /** Gives up all calls under way. Resolves when they have ended. */
  async stop(): Promise<void> {
    for (const controller of this.#running.keys()) controller.abort();
    await Promise.allSettled(this.#running.values());
  }

  async #invoke(
    found: FoundCommand,
    args: readonly string[],
    signal: AbortSignal,
    options: InvokeOptions,
  ): Promise<CommandOutcome> {
    const { clock } = this.#services;
    const startedMs = clock.now();
    const budget = found.declaration.shape === "shell" ? new ProgramOutput() : new OutputBudget();
    const stopTasks = this.#showTasks(found.extension.id, options);
    const end = await this.#run(found, args, signal, (event) => {
      const kept = budget.add(event);
      if (kept && options.onOutput) this.#onOutput.tellOne(options.onOutput, kept);
    }).finally(stopTasks);
    return {
      ...end,
      command: found.declaration.name,
      extension: found.extension.id,
      shape: found.declaration.shape,
      output: budget.events,
      counts: budget.counts(),
      notice: budget.notice(),
      durationMs: clock.now() - startedMs,
    };
  }

  #run(
    { extension, declaration }: FoundCommand,
    args: readonly string[],
    signal: AbortSignal,
    sink: OutputSink,
  ): Promise<CommandEnd> {
    switch (declaration.shape) {
      case "shell":
        return runShellCommand(this.#services, extension, declaration, args, signal, sink);
      case "tool":
        return runToolCommand(this.#services.tools, extension.id, declaration, args, signal, sink);
      case "skill": {
        const { skill, prompt } = declaration;
        return Promise.resolve({ status: "done", result: { shape: "skill", skill, prompt, args } });
      }
      case "interactive":
        return this.#runInteractive(extension, declaration.name, args, signal, sink);
    }
  }

  async #runInteractive(
    extension: Extension,
    command: string,
    args: readonly string[],
    signal: AbortSignal,
    sink: OutputSink,
  ): Promise<CommandEnd> {
    this.#lastRequest += 1;
    const request_id = `command-${this.#lastRequest}`;
    const close = this.#router.open(extension.id, request_id, sink);
    try {
      const params = { command, args: [...args], request_id };
      const deadlineMs = this.#services.limits.commandMs;
      const request = { method: "command.invoke", params, deadlineMs, signal };
      const end = await ask(this.#services, extension, request);
      if (!("value" in end)) return end;
      const driver = readDriver(extension.loaded, end.value, ["start", "stop", "status"]);
      return { status: "done", result: { shape: "interactive", value: end.value, driver } };
    } finally {
      close();
    }
  }

  #showTasks(extension: string, { onTask }: InvokeOptions): () => void {
    if (!onTask) return () => {};
    return this.#services.tasks.listen((change) => {
      if (change.extension === extension) this.#onTask.tellOne(onTask, change.task);
    });
  }

  #find(name: string): FoundCommand {
    const found = findCommand(this.#services.extensions(), name);
    if (found) return found;
    const known = this.list().map((entry) => (entry.hiddenBy === undefined ? entry.name : entry.qualified));
    const meant = didYouMean(name.replace(/^\//, ""), known);
    const hint =
      meant === undefined ? `There are: ${known.join(", ") || "none"}.` : `Did you mean '${meant}'?`;
    throw new HostError("COMMAND_NOT_FOUND", `No extension has a command '${name}'`, { hint });
  }
}

function argsOf(name: string, args: string | readonly string[]): readonly string[] {
  const list = typeof args === "string" ? args.split(/\s+/).filter((part) => part !== "") : args;
  const bytes = list.reduce((sum, arg) => sum + Buffer.byteLength(arg), 0);
  if (list.length <= MAX_ARGS && bytes <= MAX_ARGS_BYTES && !list.some((arg) => arg.includes("\0")))
    return list;
  throw new HostError("COMMAND_INVALID", `The arguments of '${name}' are too many, too long or not text`, {
    hint: `At most ${MAX_ARGS} arguments with ${MAX_ARGS_BYTES} bytes together, without zero bytes.`,
  });
}
