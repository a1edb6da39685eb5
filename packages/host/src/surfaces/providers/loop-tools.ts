import { prefixOfBytes, type JsonObject, type JsonValue } from "@synaps/sdk/protocol";
import { messageOf } from "../../errors.js";
import { SchemaCheck } from "../../json-schema/check.js";
import type { Services } from "../services.js";
import { misfit } from "../tools/tool-answer.js";
import type { ToolUse } from "./content.js";
import type { CompletionOptions, OwnTool } from "./provider-types.js";

/** Bytes of one tool's output that a provider gets: the reference's limit. */
export const MAX_TOOL_OUTPUT_BYTES = 30_000;

export interface ToolOutput {
  content: string;
  isError: boolean;
}

/** The tools that the host runs for a provider, and how: between the hooks, without a session, asking nobody. */
export class LoopTools {
  readonly #services: Pick<Services, "tools" | "intercept">;
  readonly #own: ReadonlyMap<string, OwnTool>;
  /** API names of the tools of extensions that are offered. */
  readonly #offered: ReadonlyMap<string, JsonObject>;

  /** Throws a HostError for the name of a tool that does not exist. */
  constructor(
    services: Pick<Services, "tools" | "intercept">,
    { extensionTools = false, ownTools = [] }: CompletionOptions,
  ) {
    const { tools } = services;
    this.#services = services;
    this.#own = new Map(ownTools.map((tool) => [tool.name, tool]));
    const names = typeof extensionTools === "boolean" ? (extensionTools ? undefined : []) : extensionTools;
    const chosen = names?.map((name) => tools.find(name)) ?? tools.list();
    this.#offered = new Map(
      chosen
        .filter(({ apiName }) => !this.#own.has(apiName))
        .map(({ apiName, description, inputSchema }) => [
          apiName,
          { name: apiName, description, input_schema: inputSchema },
        ]),
    );
  }

  /** The offered tools, in the form that providers are told. */
  get specs(): JsonObject[] {
    const own = [...this.#own.values()].map(({ name, description, inputSchema }) => ({
      name,
      description,
      input_schema: inputSchema,
    }));
    return [...own, ...this.#offered.values()];
  }

  /** Runs a tool that a provider asked for. A failure of any kind is an output, too. */
  async run({ name, input }: ToolUse, signal: AbortSignal | undefined): Promise<ToolOutput> {
    const { content, isError } = await this.#run(name, input, signal);
    return { content: cut(content), isError };
  }

  async #run(name: string, input: JsonValue, signal: AbortSignal | undefined): Promise<ToolOutput> {
    const own = this.#own.get(name);
    try {
      if (own) return await this.#runOwn(own, input, signal);
      // Only offered tools: a provider must not reach a tool that the program left out.
      const { tools } = this.#services;
      const known = tools.get(name);
      if (!known || !this.#offered.has(known.apiName)) return failure(`unknown tool: ${name.slice(0, 200)}`);
      const options = { confirm: "block", sessionId: null, ...(signal ? { signal } : {}) } as const;
      const { status, content, isError } = await tools.call(known.name, input, options);
      return status === "error" || status === "unavailable" ? failed(content) : { content, isError };
    } catch (error) {
      return failed(messageOf(error));
    }
  }

  async #runOwn(tool: OwnTool, input: JsonValue, signal: AbortSignal | undefined): Promise<ToolOutput> {
    const check = new SchemaCheck(tool.inputSchema);
    const result = await this.#services.intercept(
      { before: "before_tool_call", after: "after_tool_call" },
      { tool_name: tool.name, tool_input: input, session_id: null },
      (final) => {
        const checked = check.check(final);
        if (checked.type === "fits") return tool.run(final, signal);
        return { output: misfit(tool.name, checked.problems).content, isError: true };
      },
      { confirm: "block" },
    );
    return result.ran ? { content: result.output ?? "", isError: result.isError } : failure(result.reason);
  }
}

/** A tool that was run and did not succeed, in the words of the reference. */
function failed(why: string): ToolOutput {
  return failure(`Tool execution failed: ${why}`);
}

function failure(content: string): ToolOutput {
  return { content, isError: true };
}

function cut(content: string): string {
  const head = prefixOfBytes(content, MAX_TOOL_OUTPUT_BYTES);
  return head === content ? content : `${head}…[truncated, ${Buffer.byteLength(content)} total bytes]`;
}
