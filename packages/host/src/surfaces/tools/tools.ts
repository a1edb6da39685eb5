import type { JsonObject, JsonValue } from "@synaps/sdk/protocol";
import type { Extension } from "../../supervision/extension.js";
import { SchemaCheck, type SchemaProblem } from "../../json-schema/check.js";
import type { Leases } from "../leases/leases.js";
import type { SurfaceServices } from "../surfaces.js";
import { leasedAttempt } from "./leased-attempt.js";
import { ProgressReports } from "./progress.js";
import { attemptOf, CANCELLED, misfit } from "./tool-answer.js";
import { ToolIndex, type IndexedTool } from "./tool-index.js";
import type { ToolAttempt, ToolCallOptions, ToolInfo, ToolResult } from "./tool-types.js";

const KINDS = { before: "before_tool_call", after: "after_tool_call" } as const;

/** The tools of all extensions. They come and go with the processes that declare them. */
export class Tools {
  readonly #services: SurfaceServices;
  readonly #leases: Leases;
  readonly #progress = new ProgressReports();
  /** By the schema as it was declared: a restart declares anew. */
  readonly #checks = new WeakMap<JsonObject, SchemaCheck>();
  readonly #uncheckedTold = new WeakSet<SchemaCheck>();
  #index: ToolIndex | undefined;

  constructor(services: SurfaceServices, leases: Leases) {
    this.#services = services;
    this.#leases = leases;
    services.inbound.listen("$/progress", (from, params) => this.#progress.receive(from, params));
    services.onState(() => this.#moved());
    services.onMembers(() => this.#moved());
  }

  /** Those that can be called now, sorted by name. Of two with the same name the one loaded later is left out. */
  list(): ToolInfo[] {
    return this.#current()
      .all()
      .map(({ info }) => info);
  }

  /** By its runtime name or its API name. */
  get(name: string): ToolInfo | undefined {
    return this.list().find((one) => one.name === name || one.apiName === name);
  }

  /** The same, but throws a HostError when there is none. */
  find(name: string): ToolInfo {
    return this.#current().find(name).info;
  }

  /**
   * Calls a tool by its runtime name or its API name: checks the input, asks the hooks before, calls, and hands the
   * output to the hooks after. Errors of the tool, of its extension and of the input are results. Rejects with a
   * HostError only for a tool that does not exist.
   */
  async call(name: string, input: JsonValue = {}, options: ToolCallOptions = {}): Promise<ToolResult> {
    const tool = this.#current().find(name);
    const problems = this.#problems(tool, input);
    if (problems) return { ...misfit(tool.info.name, problems), ...about(tool, input), progressDropped: 0 };
    return cancellable(options.signal, about(tool, input), this.#intercepted(tool, input, options));
  }

  async #intercepted(tool: IndexedTool, input: JsonValue, options: ToolCallOptions): Promise<ToolResult> {
    const { sessionId = null, toolCallId, correlationId, confirm, chain } = options;
    let attempt: ToolAttempt | undefined;
    let progressDropped = 0;
    const intercepted = await this.#services.intercept(
      KINDS,
      {
        tool_name: tool.info.apiName,
        tool_runtime_name: tool.info.name,
        tool_input: input,
        session_id: sessionId,
        ...(toolCallId === undefined ? {} : { tool_call_id: toolCallId }),
        ...(correlationId === undefined ? {} : { correlation_id: correlationId }),
      },
      async (final) => {
        const done = await this.#attempt(tool, final, final === input, options);
        ({ attempt, progressDropped } = done);
        return { output: attempt.content, isError: attempt.isError };
      },
      { ...(confirm === undefined ? {} : { confirm }), ...(chain === undefined ? {} : { chain }) },
    );
    const { before } = intercepted;
    if (!intercepted.ran) {
      const { reason: content, by } = intercepted;
      const base = { ...about(tool, input), before, progressDropped: 0 };
      return { status: "blocked", isError: true, content, by, ...base };
    }
    const { output, after } = intercepted;
    const base = {
      ...about(tool, intercepted.input),
      before,
      ...(after === undefined ? {} : { after }),
      progressDropped,
    };
    return { ...passedOn(attempt, output ?? "", after?.action === "replace"), ...base };
  }

  async #attempt(
    tool: IndexedTool,
    input: JsonValue,
    checked: boolean,
    options: ToolCallOptions,
  ): Promise<{ attempt: ToolAttempt; progressDropped: number }> {
    const { extension, declaration, info } = tool;
    if (options.signal?.aborted) return { attempt: CANCELLED, progressDropped: 0 };
    const problems = checked ? undefined : this.#problems(tool, input);
    if (problems) return { attempt: misfit(info.name, problems, true), progressDropped: 0 };
    const deadlineMs = options.deadlineMs ?? this.#services.settings.limits.toolCallMs;
    // It sleeps until its tools are needed: each session has a process of its own.
    if (extension.loaded.activation === "tool") {
      const attempt = await leasedAttempt(this.#leases, tool, input, deadlineMs, options);
      return { attempt, progressDropped: 0 };
    }
    const reports = this.#progress.open(extension, options.onProgress ?? (() => {}));
    const meta = metaOf(extension, reports.token, deadlineMs, options);
    const result = await extension.call({
      method: "tool.call",
      params: { name: declaration.name, input, ...(meta === undefined ? {} : { meta }) },
      deadlineMs,
      signal: options.signal,
      idempotent: info.idempotent,
    });
    return { attempt: attemptOf(info.name, result), progressDropped: reports.close() };
  }

  #problems(
    { declaration, extension, info }: IndexedTool,
    input: JsonValue,
  ): readonly SchemaProblem[] | undefined {
    const schema = declaration.input_schema;
    const check = this.#checks.get(schema) ?? new SchemaCheck(schema);
    this.#checks.set(schema, check);
    const result = check.check(input);
    if (result.type === "unchecked" && !this.#uncheckedTold.has(check)) {
      this.#uncheckedTold.add(check);
      const { logger } = this.#services.settings;
      const fields = { extension: extension.id, tool: info.name, reason: result.reason };
      logger.warn("the input of a tool was not checked against its schema", fields);
    }
    return result.type === "misfits" ? result.problems : undefined;
  }

  #current(): ToolIndex {
    this.#index ??= new ToolIndex(this.#services.extensions());
    return this.#index;
  }

  /** An extension came, went or changed its state: so did its tools. */
  #moved(): void {
    this.#index = undefined;
    for (const { extension, name, apiName, taken } of this.#current().refused) {
      this.#services.warn(extension, {
        code: "TOOL_NAME_TAKEN",
        message: `The tool '${name}' is not offered: '${taken}' has its name '${apiName}' already`,
        hint: "Rename one of the two tools or folders.",
      });
    }
  }
}

function about(
  { info }: IndexedTool,
  input: JsonValue,
): { tool: string; extension: string; input: JsonValue } {
  return { tool: info.name, extension: info.extension, input };
}

/** What protocol 3 is told about a call, as far as both sides know of it. */
function metaOf(
  extension: Extension,
  token: string,
  deadlineMs: number,
  { sessionId = null, toolCallId, correlationId, onProgress }: ToolCallOptions,
): JsonObject | undefined {
  if (!extension.sendsMeta) return undefined;
  return {
    deadline_ms: Math.floor(deadlineMs),
    session_id: sessionId,
    ...(toolCallId === undefined ? {} : { tool_call_id: toolCallId }),
    ...(correlationId === undefined ? {} : { correlation_id: correlationId }),
    ...(onProgress && extension.supports("progress") ? { progress_token: token } : {}),
  };
}

/** What a hook put in place of an output stands for all of it: the parts that it did not see go with it. */
function passedOn(attempt: ToolAttempt | undefined, output: string, replaced: boolean): ToolAttempt {
  if (!attempt) return { status: "error", isError: true, content: output };
  if (!replaced) return attempt;
  switch (attempt.status) {
    case "ok":
      return { status: "ok", isError: false, content: output };
    case "error":
      return { status: "error", isError: true, content: output };
    default:
      return { ...attempt, content: output };
  }
}

/** Settles as cancelled the moment the signal aborts; what is under way ends behind it. */
function cancellable(
  signal: AbortSignal | undefined,
  base: { tool: string; extension: string; input: JsonValue },
  work: Promise<ToolResult>,
): Promise<ToolResult> {
  if (!signal) return work;
  return new Promise((resolve, reject) => {
    const cancel = (): void => resolve({ ...CANCELLED, ...base, progressDropped: 0 } as ToolResult);
    if (signal.aborted) cancel();
    signal.addEventListener("abort", cancel, { once: true });
    const settled = (): void => signal.removeEventListener("abort", cancel);
    work.then(resolve, reject).finally(settled);
  });
}
