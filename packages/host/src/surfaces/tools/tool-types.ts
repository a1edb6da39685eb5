import type { AbstentionReason, ChainPolicy, JsonObject, JsonValue } from "@synaps/sdk/protocol";
import type { Outcome } from "../../dispatch/outcome.js";
import type { SchemaProblem } from "../../json-schema/check.js";
import type { ConfirmPrompt } from "../../options.js";

/** A tool that an extension offers. */
export interface ToolInfo {
  /** `<extension>:<tool>`: unique in the host. */
  readonly name: string;
  /** The same with `_` for `:`, for model APIs; unique as well. */
  readonly apiName: string;
  readonly extension: string;
  /** Its name inside the extension. */
  readonly tool: string;
  readonly description: string;
  /** JSON Schema of its input, as the extension wrote it. */
  readonly inputSchema: JsonObject;
  /** Whether it is called once more when the extension falls under a call. */
  readonly idempotent: boolean;
}

/** What a running tool tells (protocol 3). Every part may be missing. */
export interface ToolProgress {
  /** What it is doing. */
  readonly message?: string;
  readonly current?: number;
  readonly total?: number;
  /** A further part of its output. The result holds the whole all the same. */
  readonly content?: string;
}

export interface ToolCallOptions {
  /** Gives the call up; protocol 3 is told. */
  signal?: AbortSignal;
  /** For the hooks and, with protocol 3, for the tool. Default null. */
  sessionId?: string | null;
  toolCallId?: string;
  correlationId?: string;
  /** For the answer, from when the request is handed over. Default: the limit `toolCallMs`, 120 s. */
  deadlineMs?: number;
  /** Called for each report of a running tool, while it is read: be quick. What it throws is ignored. */
  onProgress?: (progress: ToolProgress) => void;
  /** Instead of the host's; `block` asks nobody. */
  confirm?: ConfirmPrompt | "block";
  chain?: ChainPolicy;
}

/** An error that the tool itself answered with. */
export interface ToolError {
  code: number;
  message: string;
  data?: unknown;
}

/** What became of the tool. `content` is a text for a model in every case. */
export type ToolAttempt = { readonly content: string } & (
  | {
      readonly status: "ok";
      readonly isError: false;
      /** What the tool answered, when that was more than a text. */
      readonly structured?: JsonValue;
    }
  | { readonly status: "error"; readonly isError: true; readonly error?: ToolError }
  /** It was not called, or changed, to something that its schema does not allow. */
  | {
      readonly status: "invalid_input";
      readonly isError: true;
      readonly problems: readonly SchemaProblem[];
    }
  /** The extension gave no answer. */
  | { readonly status: "unavailable"; readonly isError: true; readonly reason: AbstentionReason }
  | { readonly status: "cancelled"; readonly isError: true }
  /** An extension or the user said no before it was called. */
  | { readonly status: "blocked"; readonly isError: true; readonly by: string }
);

/** A tool call with everything that happened around it. */
export type ToolResult = ToolAttempt & {
  readonly tool: string;
  readonly extension: string;
  /** With which it was called, or would have been. */
  readonly input: JsonValue;
  /** Missing when it did not come to the hooks. */
  readonly before?: Outcome;
  readonly after?: Outcome;
  /** Reports of progress over the bound, which were dropped. */
  readonly progressDropped: number;
};
