import type { AbstentionReason, ChainPolicy, JsonObject, JsonValue } from "@synaps/sdk/protocol";
import type { Outcome } from "../../dispatch/outcome.js";
import type { SchemaProblem } from "../../json-schema/check.js";
import type { ConfirmPrompt } from "../../options.js";

/** The tools of all extensions, as other surfaces use them. */
export interface ToolCalls {
  /** Tools that can be called now, sorted by name. Of two tools with the same name, the one loaded later is left out. */
  list(): ToolInfo[];
  /** By runtime name or API name. */
  get(name: string): ToolInfo | undefined;
  /** The same, but throws a HostError if there is no such tool. */
  find(name: string): ToolInfo;
  /**
   * Calls a tool by its runtime name or its API name: checks the input, asks the hooks before, calls the tool, and
   * hands the output to the hooks after. Errors of the tool, of its extension and of the input are results. Rejects
   * with a HostError only for a tool that does not exist and once the host has been stopped.
   */
  call(name: string, input?: JsonValue, options?: ToolCallOptions): Promise<ToolResult>;
}

/** A tool that an extension offers. */
export interface ToolInfo {
  /** `<extension>:<tool>`: unique in the host. */
  readonly name: string;
  /**
   * The same for model APIs, which take `^[a-zA-Z0-9_-]{1,64}$`: `_` for other characters, and a digest at the end of a name
   * that is too long or has such characters beside the colon. Unique as well, and the same at every start.
   */
  readonly apiName: string;
  readonly extension: string;
  /** Its name inside the extension. */
  readonly tool: string;
  readonly description: string;
  /** JSON Schema of its input, as the extension wrote it. */
  readonly inputSchema: JsonObject;
  /** True if the tool may be called once more when its extension crashes under a call. */
  readonly idempotent: boolean;
}

/** A report of a running tool (protocol 3). Every part may be missing. */
export interface ToolProgress {
  /** The present activity of the tool. */
  readonly message?: string;
  readonly current?: number;
  readonly total?: number;
  /** A further part of the output. The result holds the whole output all the same. */
  readonly content?: string;
}

/**
 * Options of `tools.call`. An unknown key or a wrong type rejects with a HostError `HOST_OPTIONS_INVALID` before
 * anything runs.
 */
export interface ToolCallOptions {
  /** Gives the call up at once; an extension of protocol 3 is told. */
  signal?: AbortSignal;
  /** For the hooks and, with protocol 3, for the tool. Default null. */
  sessionId?: string | null;
  /** The model's own name of this call. */
  toolCallId?: string;
  /** Joins the events of one operation. */
  correlationId?: string;
  /** For the answer, from when the request is handed over. Default: the limit `toolCallMs`, 120 s. */
  deadlineMs?: number;
  /** Called for each report of a running tool, while it is read: be quick. An error that it throws is logged. */
  onProgress?: (progress: ToolProgress) => void;
  /** Instead of the host's; `block` asks nobody. */
  confirm?: ConfirmPrompt | "block";
  /** For this call instead of the host's policy. */
  chain?: ChainPolicy;
}

/** An error that the tool itself answered with. */
export interface ToolError {
  code: number;
  message: string;
  data?: unknown;
}

/** The end of a tool's run. `content` is a text for a model in every case. */
export type ToolAttempt = { readonly content: string } & (
  | {
      readonly status: "ok";
      readonly isError: false;
      /** The tool's answer, when it was more than a text. */
      readonly structured?: JsonValue;
    }
  | { readonly status: "error"; readonly isError: true; readonly error?: ToolError }
  /** The input does not fit the tool's schema, or cannot be handed on exactly: the tool was not called. */
  | {
      readonly status: "invalid_input";
      readonly isError: true;
      readonly problems: readonly SchemaProblem[];
    }
  /** The extension gave no answer. */
  | { readonly status: "unavailable"; readonly isError: true; readonly reason: AbstentionReason }
  | { readonly status: "cancelled"; readonly isError: true }
  /** An extension or the user refused the call. */
  | { readonly status: "blocked"; readonly isError: true; readonly by: string }
);

/** A tool call with the decisions of the hooks around it. */
export type ToolResult = ToolAttempt & {
  readonly tool: string;
  readonly extension: string;
  /** The input of the call, as the hooks left it. */
  readonly input: JsonValue;
  /** Missing when the hooks were not asked. */
  readonly before?: Outcome;
  readonly after?: Outcome;
  /** Number of progress reports that were dropped, because they went over the bound. */
  readonly progressDropped: number;
};
