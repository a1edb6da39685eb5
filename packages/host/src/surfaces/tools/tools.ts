import type { JsonObject, JsonValue, ToolDeclaration } from "@synaps/sdk/protocol";
import type { Extension } from "../../supervision/extension.js";
import { unlikeJson } from "../../delivery/json-likeness.js";
import { SchemaCheck, type SchemaProblem } from "../../json-schema/check.js";
import {
  between,
  CHAIN,
  CONFIRM,
  FUNCTION,
  optionsCheck,
  SIGNAL,
  TEXT,
  TEXT_OR_NULL,
} from "../../dispatch/options-check.js";
import { MAX_TIMER_MS } from "../../time/clock.js";
import { unlessAborted } from "../../time/abort.js";
import { ask, type Services } from "../services.js";
import { notesOn } from "./declaration-notes.js";
import { ProgressReports } from "./progress.js";
import { attemptOf, CANCELLED, leasedAttemptOf, misfit } from "./tool-answer.js";
import { ToolIndex, type IndexedTool } from "./tool-index.js";
import type { ToolAttempt, ToolCallOptions, ToolCalls, ToolInfo, ToolResult } from "./tool-types.js";

const KINDS = { before: "before_tool_call", after: "after_tool_call" } as const;

const wrongCall = optionsCheck<ToolCallOptions>("tools.call", {
  signal: SIGNAL,
  sessionId: TEXT_OR_NULL,
  toolCallId: TEXT,
  correlationId: TEXT,
  deadlineMs: between(1, MAX_TIMER_MS),
  onProgress: FUNCTION,
  confirm: CONFIRM,
  chain: CHAIN,
});

/** The tools of all extensions. They come and go with the processes that declare them. */
export class Tools implements ToolCalls {
  readonly #services: Omit<Services, "tools">;
  readonly #progress: ProgressReports;
  /** By the declared schema: a restart declares anew. */
  readonly #checks = new WeakMap<JsonObject, SchemaCheck>();
  /** Lists of declared tools that were looked at: an extension declares anew with each start. */
  readonly #noted = new WeakSet<readonly ToolDeclaration[]>();
  #index: ToolIndex | undefined;

  constructor(services: Omit<Services, "tools">) {
    this.#services = services;
    this.#progress = new ProgressReports(services.logger);
    services.inbound.listen("$/progress", (from, params) => this.#progress.receive(from, params));
    services.onState(() => this.#moved());
    services.onMembers(() => this.#moved());
  }

  list(): ToolInfo[] {
    return this.#current()
      .all()
      .map(({ info }) => info);
  }

  get(name: string): ToolInfo | undefined {
    return this.#current().get(name)?.info;
  }

  find(name: string): ToolInfo {
    return this.#current().find(name).info;
  }

  async call(name: string, input: JsonValue = {}, options: ToolCallOptions = {}): Promise<ToolResult> {
    const wrong = wrongCall(options);
    if (wrong) throw wrong;
    this.#services.mustRun();
    const tool = this.#current().find(name);
    const problems = this.#problems(tool, input);
    if (problems) return { ...misfit(tool.info.name, problems), ...about(tool, input), progressDropped: 0 };
    // An abort settles the call at once; the hooks and the tool end behind it.
    return unlessAborted(
      options.signal,
      this.#intercepted(tool, input, options),
      () => ({ ...CANCELLED, ...about(tool, input), progressDropped: 0 }) as ToolResult,
    );
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
    const deadlineMs = options.deadlineMs ?? this.#services.limits.toolCallMs;
    if (extension.loaded.activation === "tool")
      return { attempt: await this.#leased(info, input, deadlineMs, options), progressDropped: 0 };
    const reports = this.#progress.open(extension, options.onProgress ?? (() => {}));
    const meta = metaOf(extension, reports.token, deadlineMs, options);
    const end = await ask(this.#services, extension, {
      method: "tool.call",
      params: { name: declaration.name, input, ...(meta === undefined ? {} : { meta }) },
      deadlineMs,
      signal: options.signal,
      idempotent: info.idempotent,
    });
    return { attempt: attemptOf(info.name, end), progressDropped: reports.close() };
  }

  /**
   * Calls a tool of an extension that starts when its tools are needed, through the session's own process. The program
   * names exactly this tool, which activates it; a revoked tool stays closed until the program activates it again.
   */
  async #leased(
    { extension, tool, name }: ToolInfo,
    input: JsonValue,
    deadlineMs: number,
    { sessionId, signal }: ToolCallOptions,
  ): Promise<ToolAttempt> {
    const { leases } = this.#services;
    // Calls without a session share one.
    const session = sessionId ?? "";
    if (leases.refusal(session, extension, tool)?.reason === "not_granted")
      leases.grant(session, extension, tool);
    const call = { session, extension, tool, input, deadlineMs };
    return leasedAttemptOf(name, await leases.executeTold(signal ? { ...call, signal } : call));
  }

  #problems({ declaration }: IndexedTool, input: JsonValue): readonly SchemaProblem[] | undefined {
    const changed = unlikeJson(input, "");
    if (changed !== undefined) return [{ pointer: "", message: `cannot be handed on: ${changed}` }];
    const result = this.#checkOf(declaration).check(input);
    return result.type === "fits" ? undefined : result.problems;
  }

  #checkOf({ input_schema: schema }: ToolDeclaration): SchemaCheck {
    const check = this.#checks.get(schema) ?? new SchemaCheck(schema);
    this.#checks.set(schema, check);
    return check;
  }

  #current(): ToolIndex {
    this.#index ??= new ToolIndex(this.#services.extensions());
    return this.#index;
  }

  /** An extension came, went or changed its state, and its tools with it. */
  #moved(): void {
    this.#index = undefined;
    for (const { extension, name, apiName, taken } of this.#current().refused) {
      this.#services.warn(extension, {
        code: "TOOL_NAME_TAKEN",
        message: `The tool '${name}' is not offered: '${taken}' has its name '${apiName}' already`,
        hint: "Rename one of the two tools or folders.",
      });
    }
    for (const extension of this.#services.extensions()) this.#noteOn(extension);
  }

  #noteOn(extension: Extension): void {
    const tools = extension.declarations?.tools;
    if (!tools || this.#noted.has(tools)) return;
    this.#noted.add(tools);
    for (const note of notesOn(tools, (tool) => this.#checkOf(tool).unchecked))
      this.#services.warn(extension, note);
  }
}

function about(
  { info }: IndexedTool,
  input: JsonValue,
): { tool: string; extension: string; input: JsonValue } {
  return { tool: info.name, extension: info.extension, input };
}

/** The `meta` of a call (protocol 3), as far as both sides know its parts. */
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

/** A hook's replacement stands for the whole output: the parts that the hook did not see are dropped. */
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
