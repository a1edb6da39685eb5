import type { ExtensionContext, ProgressReport, ToolContext } from "../define-extension.js";
import { isJsonObject, type JsonObject } from "../protocol/json.js";
import { Call } from "./call.js";
import type { HostRequests } from "./host-requests.js";

/** The context of one tool call: what the host says about it, and how it is told about progress. */
export class ToolCall extends Call implements ToolContext {
  readonly sessionId: string | null;
  readonly #token: string | undefined;
  readonly #host: HostRequests;

  constructor(context: ExtensionContext, params: JsonObject, host: HostRequests) {
    super(context);
    const meta = isJsonObject(params["meta"]) ? params["meta"] : {};
    const { session_id, progress_token } = meta;
    this.sessionId = typeof session_id === "string" ? session_id : null;
    this.#token = typeof progress_token === "string" ? progress_token : undefined;
    this.#host = host;
  }

  /** A property, so that it can be taken out of the context. */
  readonly progress = (report: ProgressReport | string): void => {
    if (this.#token === undefined) return;
    const told = typeof report === "string" ? { message: report } : report;
    this.#host.notify("$/progress", { token: this.#token, ...told });
  };
}
